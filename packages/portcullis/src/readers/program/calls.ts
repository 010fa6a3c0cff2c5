import { isFunction, type Origin } from './origin.ts';
import type { Home, Place, Scope } from './scope.ts';
import { type Expression, type ExpressionOf, type FunctionNode, nameOf, pathOf } from './syntax.ts';

/** What following a call needs of following everything else. */
interface Follower {
  of(place: Place, depth: number): readonly Origin[];
  exported(from: Home, specifier: string, keys: readonly string[], depth: number): readonly Origin[];
  descend(origin: Origin, keys: readonly string[], depth: number): readonly Origin[];
  returned(
    node: FunctionNode,
    around: Scope,
    args: readonly (Place | undefined)[],
    keys: readonly string[],
    depth: number,
  ): readonly Origin[];
}

/** Functions that return what they are given, or a copy of it. */
const handsOn: ReadonlySet<string> = new Set([
  'Object.freeze',
  'Object.seal',
  'structuredClone',
  'Promise.resolve',
  'cloneDeep',
  '_.cloneDeep',
]);

/** A function of the project is followed into what it returns; of others only those are known that hand on what they get. */
export function originsOfCall(
  follow: Follower,
  node: ExpressionOf<'CallExpression' | 'OptionalCallExpression' | 'NewExpression'>,
  place: Place,
  depth: number,
): readonly Origin[] {
  const { scope, keys } = place;
  const callee = node.callee as Expression;
  const args = node.arguments as readonly (Expression | { type: 'SpreadElement' })[];
  const opaque: readonly Origin[] = keys.length === 0 ? [{ kind: 'opaque', node, scope }] : [];
  const [first] = args;
  const path = pathOf(callee);
  const name = path && [path.root, ...path.keys].join('.');
  if (name === 'require' && !scope.find('require')) {
    const specifier = first?.type === 'StringLiteral' ? (first as ExpressionOf<'StringLiteral'>).value : undefined;
    const found = specifier === undefined ? [] : follow.exported(scope.module, specifier, keys, depth);
    return found.length > 0 ? found : opaque;
  }
  if (name !== undefined && handsOn.has(name) && first && first.type !== 'SpreadElement')
    return follow.of({ ...place, node: first as Expression }, depth + 1);
  if (name === 'Object.assign') {
    const parts = args.flatMap((arg) =>
      arg.type === 'SpreadElement' ? [] : [{ node: arg as Expression, scope, keys: [] }],
    );
    return follow.descend({ kind: 'merged', node, scope, parts }, keys, depth);
  }
  if (
    callee.type === 'MemberExpression' &&
    nameOf(callee.property, callee.computed) === 'map' &&
    first &&
    first.type !== 'SpreadElement'
  ) {
    const made = mapped(follow, node, callee.object as Expression, first as Expression, scope, depth);
    if (made) return follow.descend(made, keys, depth);
  }
  if (node.type !== 'NewExpression') {
    const called = follow
      .of({ node: callee, scope, keys: [] }, depth + 1)
      .find((origin) => origin.kind === 'code' && isFunction(origin.node));
    if (called?.kind === 'code' && isFunction(called.node)) {
      const found = follow.returned(
        called.node,
        called.scope,
        args.map((arg) => (arg.type === 'SpreadElement' ? undefined : { node: arg as Expression, scope, keys: [] })),
        keys,
        depth,
      );
      if (found.length > 0) return found;
    } else if (args.length === 1 && first?.type !== 'SpreadElement') {
      // `defineConfig({...})` of a package: the value shows whether it is handed on.
      const handed = follow.of({ ...place, node: first as Expression }, depth + 1);
      return [
        ...handed.filter((origin) => origin.kind === 'code' && origin.node.type === 'ObjectExpression'),
        ...opaque,
      ];
    }
  }
  return opaque;
}

function mapped(
  follow: Follower,
  node: Expression,
  list: Expression,
  by: Expression,
  scope: Scope,
  depth: number,
): Origin | undefined {
  const [only, other] = follow.of({ node: list, scope, keys: [] }, depth + 1);
  const items =
    only && !other && only.kind === 'code' && only.node.type === 'ArrayExpression' ? only.node.elements : undefined;
  const made = follow
    .of({ node: by, scope, keys: [] }, depth + 1)
    .find((origin) => origin.kind === 'code' && isFunction(origin.node));
  if (!items || only?.kind !== 'code' || made?.kind !== 'code' || !isFunction(made.node)) return undefined;
  const found: (readonly Origin[])[] = [];
  for (const item of items) {
    if (!item || item.type === 'SpreadElement') return undefined;
    found.push(follow.returned(made.node, made.scope, [{ node: item, scope: only.scope, keys: [] }], [], depth + 1));
  }
  return { kind: 'mapped', node, scope, items: found };
}
