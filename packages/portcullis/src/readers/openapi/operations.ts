import { type Entry, type Node, type Span, stringOf } from '../../project/index.ts';
import { conditionOfBranch, isNothing, pluck } from './nodes.ts';
import { type References, shortened } from './references.ts';

/** One operation of a document. */
export interface Operation {
  /** As written: `/orders/{id}`, `$default`. */
  readonly path: string;
  readonly pathSpan: Span;
  /** Upper-case, or ANY. */
  readonly method: string;
  /** A map, or what is undecided about it. */
  readonly node: Node;
  readonly span: Span;
  /** On which the operation exists, when it stands in a branch of `Fn::If`. */
  readonly condition: string | undefined;
  /** `parameters` of the path. */
  readonly parameters: Node | undefined;
}

/** Says what of the document could not be read: a sentence's subject and its reason. */
export type Leave = (what: string, reason: string, span: Span) => void;

const any = 'x-amazon-apigateway-any-method';

/** `trace` of OpenAPI 3 is no method of API Gateway. */
const methods: ReadonlyMap<string, string> = new Map([
  ...['get', 'put', 'post', 'delete', 'options', 'head', 'patch'].map((name) => [name, name.toUpperCase()] as const),
  [any, 'ANY'],
]);

/** Every operation of the document, in its order; of conditions every branch. What hides operations goes to `leave`. */
export function operationsOf(document: Node, references: References, leave: Leave): readonly Operation[] {
  const found: Operation[] = [];
  const paths = pluck(document, 'paths');
  if (paths) visitPaths({ references, leave, found }, paths, undefined);
  return found;
}

interface Walk {
  readonly references: References;
  readonly leave: Leave;
  readonly found: Operation[];
}

function visitPaths(walk: Walk, paths: Node, condition: string | undefined): void {
  branches(paths, condition, (node, its) => {
    if (node.kind !== 'map') return walk.leave('the paths', reasonOf(node), node.span);
    for (const item of node.entries) {
      if (item.key.startsWith('Fn::')) walk.leave('a part of the paths', macro(item), item.keySpan);
      else if (item.key.startsWith('/') || item.key === '$default') visitPath(walk, item, item.value, its);
    }
  });
}

function visitPath(walk: Walk, item: Entry, value: Node, condition: string | undefined): void {
  branches(value, condition, (written, its) => {
    const node = walk.references.follow(written);
    if (node.kind === 'either') return visitPath(walk, item, node, its);
    const what = `the path ${shortened(item.key)}`;
    if (node.kind !== 'map') return walk.leave(what, reasonOf(node), item.keySpan);
    const parameters = pluck(node, 'parameters');
    for (const one of node.entries) {
      const method = methods.get(one.key.toLowerCase());
      if (one.key.startsWith('Fn::')) walk.leave(`a part of ${what}`, macro(one), one.keySpan);
      if (method === undefined) continue;
      branches(one.value, its, (operation, condition_) => {
        const isDefault = method === 'ANY' && /^\/?\$default$/.test(item.key);
        const path = isDefault ? '$default' : item.key;
        const place = { path, pathSpan: item.keySpan, method, span: one.keySpan, condition: condition_, parameters };
        walk.found.push({ ...place, node: decided(operation) });
      });
    }
  });
}

/** An operation that a macro completes may have any security; one that is no map says nothing. */
function decided(operation: Node): Node {
  if (operation.kind === 'map') {
    const hidden = operation.entries.find(({ key }) => key.startsWith('Fn::'));
    return hidden ? { kind: 'unknown', source: 'transform', reason: macro(hidden), span: hidden.keySpan } : operation;
  }
  if (operation.kind === 'unknown') return operation;
  return { kind: 'unknown', source: 'other', reason: reasonOf(operation), span: operation.span };
}

/** Calls back for every alternative that is there. */
function branches(
  node: Node,
  condition: string | undefined,
  visit: (node: Node, condition: string | undefined) => void,
): void {
  if (node.kind === 'either') {
    for (const [index, branch] of node.branches.entries())
      branches(branch, conditionOfBranch(node.condition, index, condition), visit);
  } else if (!isNothing(node)) visit(node, condition);
}

function macro({ key, value }: Entry): string {
  const name = key === 'Fn::Transform' ? stringOf(pluck(value, 'Name')) : undefined;
  return name === undefined ? `is made by ${key}, which is not read` : `is filled in by the macro ${name}`;
}

function reasonOf(node: Node): string {
  return node.kind === 'unknown' ? node.reason : `is a ${node.kind}, where a map was expected`;
}
