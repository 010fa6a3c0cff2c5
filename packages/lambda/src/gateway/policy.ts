import type { Principal } from '../authorize/decision.ts';
import { isMoreSpecific, mayUse, type Route } from './routes.ts';

/** The ends of resource ARNs, from the verb on: `GET/orders/?*`. */
export interface Coverage {
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** Whether a route of the caller is left out, because no wildcard describes it without one of others. */
  readonly inexact: boolean;
}

/**
 * What a policy for the caller covers: the routes that the caller may use, all of them, because one answer is cached and judges the
 * requests to every route that shares the authorizer; and none besides.
 *
 * In a policy `*` also matches `/`, so `GET/orders/*` for `GET /orders/{id}` would open everything below. What is too much is denied: paths with more segments,
 * and the routes that the caller may not use. What lies below two nested routes of the caller and is not in the table cannot be told apart
 * from them, which is why the table must list every route that shares the authorizer.
 */
export function coverageFor(routes: readonly Route[]): (caller: Principal) => Coverage {
  const known = new Map<string, Coverage>();
  return (caller) => {
    const usable = routes.map((route) => mayUse(route, caller));
    const mask = usable.map(Number).join('');
    const coverage = known.get(mask) ?? computeCoverage(routes, usable);
    if (known.size < 256) known.set(mask, coverage);
    return coverage;
  };
}

function computeCoverage(routes: readonly Route[], usable: readonly boolean[]): Coverage {
  const open = routes.filter((_, index) => usable[index]);
  const shut = routes.filter((_, index) => !usable[index]);
  const isOpen = (glob: string, method: string) =>
    open.some((route) => route.method === method && overlaps(route, glob));
  const tooDeep = new Set<string>();
  const exact: Route[] = [];
  for (const route of open) {
    const { method } = route;
    const deeper = deeperGlobs(route);
    const kept = deeper.filter((glob) => isOpen(glob, method));
    for (const glob of deeper) if (!kept.includes(glob)) tooDeep.add(glob);
    // What must stay open below would open a route of others there too.
    const leaks = kept.some((glob) =>
      shut.some((other) => other.method === method && isMoreSpecific(route, other) && overlaps(other, glob)),
    );
    if (!leaks) exact.push(route);
  }
  const allow = exact.map((route) => globOf(route, '?*'));
  const notTheirs = shut.flatMap((route) =>
    open.some(
      (other) => other.method === route.method && !isMoreSpecific(other, route) && overlaps(route, globOf(other, '?*')),
    )
      ? // A trailing slash does not change the route, but it does change the ARN.
        [globOf(route, '*'), ...(route.segments.at(-1)?.kind === 'literal' ? [`${globOf(route, '*')}/`] : [])]
      : [],
  );
  return { allow, deny: [...new Set([...tooDeep, ...notTheirs])], inexact: exact.length < open.length };
}

const globOf = ({ method, segments }: Route, wildcard: string): string =>
  [method, segments.map((segment) => (segment.kind === 'literal' ? segment.text : wildcard)).join('/')].join('/');

/** For each `{name}` the paths in which more than one segment stands in its place. */
const deeperGlobs = ({ method, segments }: Route): readonly string[] =>
  segments.flatMap((at, index) =>
    at.kind === 'one'
      ? [
          [
            method,
            ...segments.map((segment, other) =>
              other === index ? '*/?*' : segment.kind === 'literal' ? segment.text : '*',
            ),
          ].join('/'),
        ]
      : [],
  );

type Token =
  | { readonly literal: string }
  | { readonly slash: boolean; readonly many: boolean }
  | { readonly optional: string };

/** The paths of a route as a row of tokens, with or without a slash at the end. */
function tokensOf({ method, segments }: Route): readonly Token[] {
  const text = (value: string): Token[] => [...value].map((literal) => ({ literal }));
  const wild = (slash: boolean): Token[] => [
    { slash, many: false },
    { slash, many: true },
  ];
  return [
    ...text(method),
    ...segments.flatMap((segment) => [
      ...text('/'),
      ...(segment.kind === 'literal' ? text(segment.text) : wild(segment.kind === 'rest')),
    ]),
    ...(segments.length === 0 ? text('/') : [{ optional: '/' }]),
  ];
}

/** Whether a path exists that is one of the route's and is matched by the glob of a policy. */
function overlaps(route: Route, glob: string): boolean {
  const tokens = tokensOf(route);
  const seen = new Set<number>();
  const waiting: [number, number][] = [[0, 0]];
  for (let state = waiting.pop(); state; state = waiting.pop()) {
    const [i, j] = state;
    if (i === tokens.length && j === glob.length) return true;
    const id = i * (glob.length + 1) + j;
    if (seen.has(id)) continue;
    seen.add(id);
    const token = tokens[i];
    const sign = glob[j];
    const repeats = token !== undefined && 'many' in token && token.many;
    if (token && (repeats || 'optional' in token)) waiting.push([i + 1, j]);
    if (sign === '*') waiting.push([i, j + 1]);
    if (token && sign !== undefined && shareCharacter(token, sign))
      waiting.push([repeats ? i : i + 1, sign === '*' ? j : j + 1]);
  }
  return false;
}

function shareCharacter(token: Token, sign: string): boolean {
  if (sign === '*' || sign === '?') return true;
  if ('literal' in token) return token.literal === sign;
  return 'optional' in token ? token.optional === sign : token.slash || sign !== '/';
}
