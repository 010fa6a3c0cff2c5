import {
  type Api,
  type Authorizer,
  always,
  type DecisionInput,
  type FunctionCode,
  type LambdaFunction,
  outcomes,
  type Project,
  type Route,
  sometimes,
  valueOf,
} from '../../project/index.ts';
import { functionOf, localId, routeName } from './routes.ts';

/** An authorizer whose function's source could be read. */
export interface ReadAuthorizer {
  readonly authorizer: Authorizer;
  readonly function: LambdaFunction;
  readonly code: FunctionCode;
}

/** Lambda authorizers with their code. Functions of routes are not looked at. */
export function* readAuthorizers(project: Project): Generator<ReadAuthorizer> {
  for (const authorizer of project.authorizers) {
    if (authorizer.type !== 'token' && authorizer.type !== 'request') continue;
    const id = authorizer.function && localId(authorizer.function);
    const fn = id === undefined ? undefined : project.functions.find((candidate) => candidate.id === id);
    const code = fn?.code && valueOf(fn.code);
    if (fn && code) yield { authorizer, function: fn, code };
  }
}

/** Routes that ask the authorizer, in any branch of a condition. */
export function routesOf(project: Project, authorizer: Authorizer): readonly { api: Api; route: Route }[] {
  return project.apis.flatMap((api) =>
    api.routes.filter((route) => !route.preflight && asks(route, authorizer)).map((route) => ({ api, route })),
  );
}

function asks(route: Route, authorizer: Authorizer): boolean {
  return sometimes(
    route.authorization,
    (value) =>
      value.kind === 'authorizer' &&
      sometimes(value.authorizer, (link) => link.kind === 'local' && link.id === authorizer.id),
  );
}

/** More than one method and path is decided by it: a second route, a path with parameters, any method. */
export function servesSeveral(routes: readonly { readonly route: Route }[]): boolean {
  const [first] = routes;
  if (!first) return false;
  return routes.length > 1 || first.route.method === 'ANY' || /[{$]/.test(first.route.path);
}

/**
 * Whether results are kept: REST APIs keep them for 300 seconds unless the authorizer says otherwise, HTTP APIs only when it says so and
 * has an identity source. Not decided counts as no.
 */
export function isCached(project: Project, authorizer: Authorizer): boolean {
  const isRest = project.resources.get(authorizer.id)?.type === 'AWS::ApiGateway::Authorizer';
  if (authorizer.ttl === undefined) return isRest;
  if (!sometimes(authorizer.ttl, (seconds) => seconds > 0)) return false;
  return isRest || sometimes(authorizer.identitySources, (sources) => sources.length > 0);
}

/** Seconds for which a result is kept, where the files say so. */
export function cacheSeconds({ ttl }: Authorizer): number {
  const known = ttl ? outcomes(ttl).flatMap((outcome) => (outcome.kind === 'known' ? [outcome.value] : [])) : [];
  return known.find((seconds) => seconds > 0) ?? 300;
}

/** What the key of the cache is made of. Undefined when the files do not decide it. */
export function cacheKey({ identitySources }: Authorizer): CacheKey | undefined {
  const sources = valueOf(identitySources);
  if (!sources) return undefined;
  const key: CacheKey = { headers: new Set(), queries: new Set(), context: new Set() };
  for (const source of sources) {
    const text = source
      .trim()
      .replace(/^\$\{?/, '')
      .replace(/\}$/, '');
    const header = /^(?:method\.)?request\.(?:multivalue)?header\.(.+)$/i.exec(text)?.[1];
    const query = /^(?:method\.)?request\.(?:multivalue)?querystring\.(.+)$/i.exec(text)?.[1];
    const context = /^context\.(.+)$/i.exec(text)?.[1];
    if (header !== undefined) key.headers.add(header.toLowerCase());
    else if (query !== undefined) key.queries.add(query);
    else if (context !== undefined) key.context.add(context);
  }
  return key;
}

export interface CacheKey {
  readonly headers: Set<string>;
  readonly queries: Set<string>;
  /** `routeKey`, `httpMethod`, `identity.sourceIp`, ... */
  readonly context: Set<string>;
}

const pathNames = ['path', 'resourcePath', 'resourceId', 'routeKey'];
const methodNames = ['httpMethod', 'routeKey', 'resourceId'];

/** Whether requests that differ in the input have entries of their own in the cache. */
export function isInKey({ kind, name }: DecisionInput, key: CacheKey): boolean {
  const has = (names: readonly string[]) => names.some((one) => key.context.has(one));
  switch (kind) {
    case 'header':
      return name === undefined || key.headers.has(name);
    case 'query':
      return name === undefined || key.queries.has(name);
    case 'address':
      return has(['identity.sourceIp']) || key.headers.has('x-forwarded-for');
    case 'path-parameter':
      return has(['path']);
    case 'path':
      return has(pathNames);
    case 'method':
      return has(methodNames);
    default:
      return true;
  }
}

export const isAboutRoute = ({ kind }: DecisionInput): boolean =>
  kind === 'path' || kind === 'method' || kind === 'path-parameter';

/** `the path and the method`: what a decision reads, for messages. */
export function inWords(inputs: readonly DecisionInput[]): string {
  const words = inputs.map(({ kind, name }) => {
    if (kind === 'header') return `the header ${name}`;
    if (kind === 'query') return `the query string parameter ${name}`;
    if (kind === 'path-parameter') return `the path parameter ${name}`;
    return kind === 'address' ? "the caller's address" : `the ${kind}`;
  });
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** A function behind routes that are certainly without authorization, with its code. */
export interface OpenHandler {
  readonly function: LambdaFunction;
  readonly code: FunctionCode;
  /** Routes without authorization, in the order of the file. */
  readonly open: readonly { readonly api: Api; readonly route: Route }[];
  /** Its other routes. */
  readonly others: readonly { readonly api: Api; readonly route: Route }[];
}

/** Functions behind open routes whose source could be read. WebSocket routes have what `$connect` was given and are left out. */
export function* openHandlers(project: Project): Generator<OpenHandler> {
  const byFunction = new Map<
    LambdaFunction,
    { open: { api: Api; route: Route }[]; others: { api: Api; route: Route }[] }
  >();
  for (const api of project.apis) {
    for (const route of api.routes) {
      if (route.preflight || route.method === 'OPTIONS') continue;
      const fn = functionOf(project, route);
      if (!fn?.source) continue;
      const routes = byFunction.get(fn) ?? { open: [], others: [] };
      byFunction.set(fn, routes);
      const isOpen = api.kind !== 'websocket' && always(route.authorization, ({ kind }) => kind === 'none');
      (isOpen ? routes.open : routes.others).push({ api, route });
    }
  }
  for (const [fn, { open, others }] of byFunction) {
    const code = open.length > 0 && fn.code ? valueOf(fn.code) : undefined;
    if (code) yield { function: fn, code, open, others };
  }
}

/** `POST /orders`, `POST /orders and 2 more routes`. */
export function routeNames(routes: readonly { readonly route: Route }[]): string {
  const [first] = routes;
  const more = routes.length - 1;
  const name = first ? routeName(first.route) : '';
  return more < 1 ? name : `${name} and ${more} more ${more === 1 ? 'route' : 'routes'}`;
}

/** The verb after `routeNames`. */
export function have(routes: readonly unknown[]): string {
  return routes.length > 1 ? 'have' : 'has';
}
