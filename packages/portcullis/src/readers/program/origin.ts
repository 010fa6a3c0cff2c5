import type { Node, Span } from '../../project/index.ts';
import type { ProgramModule } from './modules.ts';
import type { Place, Scope } from './scope.ts';
import { type Expression, type ExpressionOf, type FunctionNode, nameOf, type ObjectMember } from './syntax.ts';

/** The expression that a person would edit, once names, imports, calls and wrappers are followed. */
export type Origin =
  | { readonly kind: 'code'; readonly node: Expression | FunctionNode; readonly scope: Scope }
  /** Everything that a module exports. */
  | { readonly kind: 'module'; readonly module: ProgramModule }
  /** In a JSON file. */
  | { readonly kind: 'document'; readonly node: Node }
  /** An object to which members were assigned after it was made, in the order of the text. */
  | { readonly kind: 'changed'; readonly base: Origin; readonly later: readonly Later[] }
  /** What `Object.assign` makes of several objects, the last of which wins. */
  | { readonly kind: 'merged'; readonly node: Expression; readonly scope: Scope; readonly parts: readonly Place[] }
  /** What `map` makes of a list whose items are known. */
  | {
      readonly kind: 'mapped';
      readonly node: Expression;
      readonly scope: Scope;
      readonly items: readonly (readonly Origin[])[];
    }
  /** Somewhere in the expression, but what becomes of it is not known: a call of a package. */
  | { readonly kind: 'opaque'; readonly node: Expression; readonly scope: Scope };

export interface Later {
  readonly keys: readonly string[];
  readonly place: Place;
}

/** A member of an object, with the place of its name. */
export interface Member {
  readonly origins: readonly Origin[];
  readonly key: Span;
  /** The value as it is written beside the name. */
  readonly written: Span;
  /** What is written there, when it is code. */
  readonly place?: Place;
}

export type NamedMember = Exclude<ObjectMember, { type: 'SpreadElement' }>;

export interface ObjectIndex {
  readonly named: ReadonlyMap<string, { readonly property: NamedMember; readonly at: number }>;
  /** Spreads and computed names with their positions, the last first. */
  readonly open: readonly (readonly [number, ObjectMember])[];
}

const functions: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
]);

/** The members of an object by name, and those whose names only the program knows. */
export function indexOf(node: ExpressionOf<'ObjectExpression'>): ObjectIndex {
  const named: Map<string, { property: NamedMember; at: number }> = new Map();
  const open: [number, ObjectMember][] = [];
  for (const [at, property] of node.properties.entries()) {
    const name = property.type === 'SpreadElement' ? undefined : nameOf(property.key, property.computed);
    if (property.type === 'SpreadElement' || name === undefined) open.unshift([at, property]);
    else named.set(name, { property, at });
  }
  return { named, open };
}

export function isFunction(node: Expression | FunctionNode): node is FunctionNode {
  return functions.has(node.type);
}

export function changed(origin: Origin, later: readonly Later[]): Origin {
  return later.length === 0 ? origin : { kind: 'changed', base: origin, later };
}

/** What was assigned to members of a name, with the keys behind a prefix. */
export function laterOf(scope: Scope, name: string, prefix: readonly string[]): readonly Later[] {
  return scope.assignments.flatMap(({ root, keys, node }) =>
    root === name && keys.length > prefix.length && prefix.every((key, index) => key === keys[index])
      ? [{ keys: keys.slice(prefix.length), place: { node, scope, keys: [] } }]
      : [],
  );
}

/** Where the origin is written. */
export function spanOf(origin: Origin): Span {
  if (origin.kind === 'document') return origin.node.span;
  if (origin.kind === 'changed') return spanOf(origin.base);
  if (origin.kind === 'module') return { file: origin.module.file, start: 0, end: 0 };
  return spanIn(origin.scope, origin.node);
}

export function spanIn(scope: Scope, node: { readonly start?: number | null; readonly end?: number | null }): Span {
  const { file } = scope.module;
  return { file, start: node.start ?? 0, end: node.end ?? node.start ?? 0 };
}
