import { type Api, always, type Integration, LastOnly, outcomes, type Route, valueOf } from '../../project/index.ts';
import { localId } from './routes.ts';

/**
 * Routes with an authorizer that can be gone around through an open one which takes every path. Gateway and program compare paths
 * differently: `/Orders`, and at an HTTP API `/orders/` and `HEAD /orders`, match no route but the one for every path, and arrive at the
 * same program, whose router takes them for `/orders` (Express and most others ignore case and a slash at the end).
 */
interface Bypass {
  readonly around: readonly Route[];
  /** False when only whole subtrees (`/admin/{proxy+}`) have an authorizer; the rest of the paths may be meant for everybody. */
  readonly certain: boolean;
}

export function isGreedy(route: Route): boolean {
  return route.path === '$default' || route.path.endsWith('+}') || /\/\*$/.test(route.path);
}

/** API Gateway takes 300 routes in an API; a thousand greedy ones times thousands of others is a file made to hang. */
const mostCompared = 2000;

const cache = new LastOnly<Api, ReadonlyMap<string, readonly Route[]>>();

export function bypassOf(api: Api, route: Route): Bypass | undefined {
  if ((api.kind !== 'rest' && api.kind !== 'http') || !isGreedy(route)) return undefined;
  const target = targetOf(route.integration);
  if (target === undefined) return undefined;
  const around = (guardedOf(api).get(target) ?? [])
    .slice(0, mostCompared)
    .filter((guarded) => goesAround(route, guarded));
  return around.length === 0 ? undefined : { around, certain: around.some((guarded) => !isGreedy(guarded)) };
}

/** The API's routes with authorization whatever the conditions are, by what they lead to. */
function guardedOf(api: Api): ReadonlyMap<string, readonly Route[]> {
  const known = cache.get(api);
  if (known) return known;
  const found = new Map<string, Route[]>();
  for (const route of api.routes) {
    if (!always(route.authorization, ({ kind }) => kind !== 'none')) continue;
    const target = targetOf(route.integration);
    if (target === undefined) continue;
    const same = found.get(target);
    if (same) same.push(route);
    else found.set(target, [route]);
  }
  cache.set(api, found);
  return found;
}

function goesAround(open: Route, guarded: Route): boolean {
  if (guarded.path === '/' || guarded.path === '$default' || guarded.path === open.path) return false;
  if (open.method !== 'ANY' && guarded.method !== 'ANY' && open.method !== guarded.method) return false;
  if (open.method === 'OPTIONS' || guarded.method === 'OPTIONS') return false;
  return isUnder(open.path, guarded.path);
}

/** Whether requests for a path that matches nothing more specific arrive at the greedy one. */
function isUnder(greedy: string, path: string): boolean {
  if (greedy === '$default') return path.split('/').slice(1).join('/') !== '{proxy+}';
  const prefix = greedy.slice(0, greedy.lastIndexOf('/')).split('/');
  const own = path.split('/');
  // Variables only in the one are no closer match than the other; paths that both spell out have to agree.
  return own.length > prefix.length && prefix.every((part, at) => part === own[at] || part.startsWith('{'));
}

/** Function, or the program behind an address. Undefined when it is not decided. */
function targetOf(integration: Integration): string | undefined {
  if (integration.kind === 'function') {
    const id = localId(integration.function);
    if (id !== undefined) return id;
    const [link] = outcomes(integration.function);
    return link?.kind === 'known' && link.value.kind === 'external' ? `external ${link.value.name}` : undefined;
  }
  if (integration.kind !== 'http') return undefined;
  if (integration.loadBalancer !== undefined) return `balancer ${integration.loadBalancer}`;
  const address = valueOf(integration.uri);
  const origin = address === undefined ? undefined : /^https?:\/\/([^/?#]{1,255})/i.exec(address)?.[1];
  return origin === undefined ? undefined : `http ${origin.toLowerCase()}`;
}
