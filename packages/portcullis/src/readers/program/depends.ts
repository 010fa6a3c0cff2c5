import { isFunction } from './origin.ts';
import type { Scope } from './scope.ts';
import { bare, type Expression, type FunctionNode, pathOf } from './syntax.ts';

/** Nodes of one expression that are looked at, and names that are followed one behind the other. */
const MOST_NODES = 2000;
const MOST_NAMES = 4;

/**
 * The first of the environment variables that an expression mentions: `process.env.X`, also by a name that stands for it. Calls of functions
 * are not followed.
 */
export function mentioned(
  node: Expression | FunctionNode,
  scope: Scope,
  variables: ReadonlySet<string>,
): string | undefined {
  if (variables.size === 0) return undefined;
  let left = MOST_NODES;
  const visit = (given: unknown, within: Scope, names: number): string | undefined => {
    if (typeof given !== 'object' || given === null || left <= 0) return undefined;
    if (Array.isArray(given)) {
      for (const item of given) {
        const found = visit(item, within, names);
        if (found !== undefined) return found;
      }
      return undefined;
    }
    if (!('type' in given)) return undefined;
    left -= 1;
    const one = given as Expression;
    if (one.type === 'MemberExpression' || one.type === 'OptionalMemberExpression') {
      const path = pathOf(one);
      const name = path && inEnvironment(path, within);
      if (name !== undefined) return variables.has(name) ? name : undefined;
      // Of `a.b` only `a` is a name.
      return visit(one.object, within, names) ?? (one.computed ? visit(one.property, within, names) : undefined);
    }
    if (one.type === 'Identifier') {
      const bound = names > 0 ? within.find(one.name)?.bound : undefined;
      if (bound?.kind !== 'place') return undefined;
      const { place } = bound;
      const path = pathOf(place.node as Expression);
      const name = path && inEnvironment({ root: path.root, keys: [...path.keys, ...place.keys] }, place.scope);
      if (name !== undefined) return variables.has(name) ? name : undefined;
      return isFunction(place.node) ? undefined : visit(place.node, place.scope, names - 1);
    }
    for (const [key, value] of Object.entries(one)) {
      if (key === 'key' || key === 'loc' || key === 'extra' || key === 'typeAnnotation') continue;
      const found = visit(value, within, names);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return visit(node, scope, MOST_NAMES);
}

/** The variable that decides between the branches of the expression, when it is written as a condition. */
export function decidedBy(
  node: Expression | FunctionNode,
  scope: Scope,
  variables: ReadonlySet<string>,
): string | undefined {
  if (isFunction(node)) return undefined;
  const inner = bare(node);
  return inner.type === 'ConditionalExpression' ? mentioned(inner.test, scope, variables) : undefined;
}

function inEnvironment(
  { root, keys }: { readonly root: string; readonly keys: readonly string[] },
  scope: Scope,
): string | undefined {
  if (root === 'process') return keys[0] === 'env' ? keys[1] : undefined;
  // `const { env } = process`, `const env = process.env`.
  const bound = keys.length > 0 ? scope.find(root)?.bound : undefined;
  if (bound?.kind !== 'place') return undefined;
  const path = isFunction(bound.place.node) ? undefined : pathOf(bound.place.node);
  const whole = path && [path.root, ...path.keys, ...bound.place.keys].join('.');
  return whole === 'process.env' ? keys[0] : undefined;
}
