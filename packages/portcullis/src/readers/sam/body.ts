import { type Entry, entries, entry, get, type MapNode, type Node, type Span, textOf } from '../../project/index.ts';
import { makeMap, type Plain } from '../serverless/lower/nodes.ts';
import { anyMethod, argumentOf, emptyMap, isNoValue, normalizeMethod, type Operation, onlyIf } from './context.ts';

// The OpenAPI document of an API, edited as the transform edits it: what stands in a branch of Fn::If counts too.

export const integrationKey = 'x-amazon-apigateway-integration';

const methods: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  anyMethod,
]);

export interface Method {
  readonly path: string;
  /** As it is written. */
  readonly key: string;
  /** Lower case; `x-amazon-apigateway-any-method` for any. */
  readonly method: string;
  readonly definition: MapNode;
}

/** The document with every method that has an integration changed. */
export function changeMethods(body: MapNode, change: (method: Method) => MapNode): MapNode {
  return changePaths(body, (path, item) => ({
    ...item,
    entries: item.entries.map((one) => {
      const method = normalizeMethod(one.key);
      if (!methods.has(method)) return one;
      const value = branches(one.value, (definition) =>
        definition.kind === 'map' && hasIntegration(definition)
          ? change({ path, key: one.key, method, definition })
          : definition,
      );
      return value === one.value ? one : { ...one, value };
    }),
  }));
}

/** The document with every path item changed. */
export function changePaths(body: MapNode, change: (path: string, item: MapNode, span: Span) => MapNode): MapNode {
  const paths = get(body, 'paths');
  if (paths?.kind !== 'map') return body;
  const changed = paths.entries.map((one) => ({
    ...one,
    value: branches(one.value, (item) => (item.kind === 'map' ? change(one.key, item, one.keySpan) : item)),
  }));
  return withEntry(body, 'paths', { ...paths, entries: changed });
}

/** The node, or both values of an `Fn::If` (also one inside the other), changed; `AWS::NoValue` is left alone. */
function branches(node: Node, change: (value: Node) => Node): Node {
  const argument = argumentOf(node, 'Fn::If');
  if (argument?.kind === 'list' && node.kind === 'map') {
    const [condition, ...values] = argument.items;
    if (!condition) return node;
    const items = [condition, ...values.map((value) => (isNoValue(value) ? value : branches(value, change)))];
    const [only] = node.entries;
    return only ? { ...node, entries: [{ ...only, value: { ...argument, items } }] } : node;
  }
  return change(node);
}

export function methodsOf(item: Node | undefined): readonly string[] {
  return entries(item)
    .map(({ key }) => key)
    .filter((key) => methods.has(normalizeMethod(key)));
}

function hasIntegration(definition: Node): boolean {
  return entries(get(definition, integrationKey)).length > 0;
}

export function pathItems(body: MapNode): ReadonlyMap<string, Node> {
  return new Map(entries(get(body, 'paths')).map(({ key, value }) => [key, value]));
}

/** Whether the path item describes the method with an integration; with Fn::If, in every branch. */
export function hasMethod(item: Node | undefined, method: string): boolean {
  if (!item) return false;
  let all = true;
  let any = false;
  branches(item, (one) => {
    any = true;
    const definition = entries(one).find(({ key }) => normalizeMethod(key) === method)?.value;
    if (!definition) all = false;
    else {
      branches(definition, (value) => {
        if (!hasIntegration(value)) all = false;
        return value;
      });
    }
    return one;
  });
  return any && all;
}

export interface Described {
  readonly operation: Operation;
  readonly definition: MapNode;
}

/** The methods of events put into the document; what the document says of one stays beside the integration. */
export function addMethods(body: MapNode, described: readonly Described[]): MapNode {
  if (described.length === 0) return body;
  const paths = get(body, 'paths');
  const all = new Map<string, Entry>(entries(paths).map((one) => [one.key, one]));
  for (const { operation, definition } of described) {
    const { path, span } = operation;
    const before = all.get(path);
    const item = before?.value ?? emptyMap(span);
    const value = branches(item, (one) => (one.kind === 'map' ? withMethod(one, operation, definition) : one));
    all.set(path, before ? { ...before, value } : { key: path, keySpan: span, value });
  }
  const changed: MapNode = { kind: 'map', entries: [...all.values()], span: paths?.span ?? body.span };
  return withEntry(body, 'paths', changed);
}

function withMethod(item: MapNode, { method, span, condition }: Operation, definition: MapNode): MapNode {
  const existing = item.entries.find(({ key }) => normalizeMethod(key) === method);
  const own = existing?.value.kind === 'map' ? existing.value : emptyMap(span);
  return withEntry(item, existing?.key ?? method, onlyIf(condition, overlay(own, definition)), span);
}

/** The entries of both; those of `over` win. */
function overlay(base: MapNode, over: MapNode): MapNode {
  return over.entries.reduce((map, { key, keySpan, value }) => withEntry(map, key, value, keySpan), base);
}

/** The map with one entry replaced, or added with that place as its key's. */
export function withEntry(map: MapNode, key: string, value: Node, keySpan?: Span): MapNode {
  const before = entry(map, key);
  if (!before) return { ...map, entries: [...map.entries, { key, keySpan: keySpan ?? value.span, value }] };
  const replacement: Entry = { ...before, value };
  return { ...map, entries: map.entries.map((one) => (one === before ? replacement : one)) };
}

export function withoutEntry(map: MapNode, key: string): MapNode {
  return { ...map, entries: map.entries.filter((one) => one.key !== key) };
}

/** The document that the transform starts from when the user gives none. */
export function skeleton(span: Span, version: { swagger: Plain } | { openapi: Plain }): MapNode {
  return makeMap(span, { ...version, info: { version: '1.0' }, paths: emptyMap(span) });
}

/** OpenAPI 3 keeps its security schemes elsewhere than Swagger 2. */
export function isOpenApi3(body: MapNode): boolean {
  return !textOf(get(body, 'swagger')) && /^3(?:\.\d)+/.test(textOf(get(body, 'openapi')) ?? '');
}

/** A document that the transform edits: a version, and paths as a map. */
export function isDocument(node: Node | undefined): node is MapNode {
  return node?.kind === 'map' && get(node, 'paths')?.kind === 'map';
}
