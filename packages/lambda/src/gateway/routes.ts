import type { Principal } from '../authorize/decision.ts';
import { holds, type ScopeRule, scopeText } from '../authorize/grants.ts';

/** What a caller needs for a route. `{}` lets in every caller whose credentials are good. */
export interface RouteRule extends ScopeRule {
  /** A question about the proven caller; only `true` lets in. */
  readonly when?: (caller: Principal) => boolean;
}

/**
 * The routes behind the check: `GET /orders/{id}`, `ANY /admin/{proxy+}`, as API Gateway writes them. `nobody` names a route that shares the
 * authorizer and is closed. `all` stands for every route, listed or not, and for every caller whose credentials are good.
 */
export type Routes = 'all' | Readonly<Record<string, RouteRule | 'nobody'>>;

type Segment = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'one' | 'rest' };

export interface Route {
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly rule: RouteRule | 'nobody';
}

/** Of the documented verbs that ANY stands for. */
const verbs = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * Reads the table; a route with ANY becomes one route for each verb that no route of the same path names. Throws a TypeError where a key is
 * no route, stands twice under different parameter names, or could be mistaken for a wildcard of a policy.
 */
export function compileRoutes(routes: Exclude<Routes, 'all'>): readonly Route[] {
  const compiled = new Map<string, Route>();
  const add = (route: Route, key: string) => {
    const shape = shapeOf(route);
    if (compiled.has(shape)) throw new TypeError(`routes: ${JSON.stringify(key)} stands twice`);
    compiled.set(shape, route);
  };
  const entries = Object.entries(routes).map(([key, rule]) => ({ key, route: readRoute(key, rule) }));
  if (entries.length === 0) throw new TypeError('routes: at least one route, or the text "all"');
  for (const { key, route } of entries) if (route.method !== 'ANY') add(route, key);
  const named = new Set(compiled.keys());
  for (const { key, route } of entries)
    if (route.method === 'ANY')
      for (const method of verbs) {
        const one = { ...route, method };
        if (!named.has(shapeOf(one))) add(one, key);
      }
  return [...compiled.values()];
}

function readRoute(key: string, rule: RouteRule | 'nobody'): Route {
  const [, method, path] = /^(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) (\/.*)$/.exec(key) ?? [];
  if (method === undefined || path === undefined)
    throw new TypeError(`routes: ${JSON.stringify(key)} is not of the form "GET /orders/{id}"`);
  const texts = path === '/' ? [] : path.slice(1).split('/');
  const segments = texts.map((text, index): Segment => {
    if (/^\{[A-Za-z0-9._:-]+\}$/.test(text)) return { kind: 'one' };
    if (/^\{[A-Za-z0-9._:-]+\+\}$/.test(text) && index === texts.length - 1) return { kind: 'rest' };
    if (!/^[A-Za-z0-9._~:@%+,;=!&'()-]+$/.test(text))
      throw new TypeError(`routes: ${JSON.stringify(key)} has a part that is no literal, {name} or last {name+}`);
    return { kind: 'literal', text };
  });
  if (rule !== 'nobody') {
    if (typeof rule !== 'object' || rule === null)
      throw new TypeError(`routes: ${JSON.stringify(key)} has a rule like { scopes: [...] }, {} or "nobody"`);
    for (const name of Object.keys(rule))
      if (!['scopes', 'anyScope', 'when'].includes(name))
        throw new TypeError(
          `routes: ${JSON.stringify(key)} has ${JSON.stringify(name)}; a rule has scopes, anyScope, when`,
        );
  }
  return { method, segments, rule };
}

const shapeOf = ({ method, segments }: Route): string =>
  [
    method,
    ...segments.map((segment) => (segment.kind === 'literal' ? segment.text : segment.kind === 'one' ? '{}' : '{+}')),
  ].join('/');

/** The route with this path as its template, whatever its parameters are called. */
export function routeOfTemplate(routes: readonly Route[], method: string, template: string): Route | undefined {
  try {
    const shape = shapeOf(readRoute(`${method} ${template}`, {}));
    return routes.find((route) => shapeOf(route) === shape);
  } catch {
    return undefined;
  }
}

/**
 * The routes that a path may mean to the code behind: the most specific one (literal before `{name}` before `{name+}`, from the left), and the one if
 * upper and lower case are not told apart, which many routers do not. Empty where there is none, and for paths that two
 * readers split in two ways: encoded slashes, dot segments, empty segments, what is not UTF-8.
 */
export function routesOfPath(routes: readonly Route[], method: string, path: string): readonly Route[] {
  const texts = splitPath(path);
  if (!texts) return [];
  const exact = bestRoute(routes, method, texts, (a, b) => a === b);
  const folded = bestRoute(routes, method, texts, (a, b) => a.toLowerCase() === b.toLowerCase());
  return exact && folded ? [...new Set([exact, folded])] : [];
}

function splitPath(path: string): readonly string[] | undefined {
  if (!path.startsWith('/') || /%2f|%5c|%00|%25|\\/i.test(path)) return undefined;
  const texts = path.replace(/\/$/, '').split('/').slice(1);
  if (texts.some((text) => text === '')) return undefined;
  try {
    const decoded = texts.map((text) => decodeURIComponent(text));
    return decoded.some((text) => text === '.' || text === '..') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function bestRoute(
  routes: readonly Route[],
  method: string,
  texts: readonly string[],
  same: (a: string, b: string) => boolean,
): Route | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    const { segments } = route;
    const rest = segments.at(-1)?.kind === 'rest';
    if (route.method !== method || (rest ? texts.length < segments.length : texts.length !== segments.length)) continue;
    const fits = segments.every(
      (segment, index) => segment.kind !== 'literal' || same(segment.text, texts[index] ?? ''),
    );
    if (fits && (!best || isMoreSpecific(route, best))) best = route;
  }
  return best;
}

const order = { literal: 0, one: 1, rest: 2 };

/** Whether API Gateway prefers `a` for a path that both describe. */
export function isMoreSpecific(a: Route, b: Route): boolean {
  for (let index = 0; index < Math.min(a.segments.length, b.segments.length); index++) {
    const difference = order[a.segments[index]?.kind ?? 'rest'] - order[b.segments[index]?.kind ?? 'rest'];
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Whether the caller may use the route. A `when` that throws is the caller's no, reported by whoever catches it. */
export function mayUse({ rule }: Route, caller: Principal): boolean {
  if (rule === 'nobody') return false;
  return holds(caller.scopes, rule) && (rule.when === undefined || rule.when(caller) === true);
}

/** Which scopes a refused caller would need for the routes. */
export const scopeOfRoutes = (routes: readonly Route[]): string | undefined =>
  routes.flatMap(({ rule }) => (rule === 'nobody' ? [] : (scopeText(rule) ?? []))).join(' ') || undefined;
