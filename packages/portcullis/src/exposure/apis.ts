import type { ExposedRoute } from '../contract/index.ts';
import { shapeOf } from './cover.ts';

/** The routes of one API in two states; empty where it was not there yet, or is gone. */
export interface ApiPair {
  readonly earlier: readonly ExposedRoute[];
  readonly now: readonly ExposedRoute[];
}

/**
 * An API is recognised by its id, else by the routes that it shares with one that is gone. Two APIs are never one: each has an address of its
 * own, and that GET /orders is open in one says nothing of the other.
 */
export function pairApis(then: readonly ExposedRoute[], now: readonly ExposedRoute[]): readonly ApiPair[] {
  const before = byApi(then);
  const after = byApi(now);
  const pairs: ApiPair[] = [];
  for (const [id, routes] of after) {
    const same = before.get(id);
    if (!same) continue;
    pairs.push({ earlier: same, now: routes });
    before.delete(id);
    after.delete(id);
  }
  for (const routes of after.values()) {
    const moved = mostAlike(routes, before);
    pairs.push({ earlier: (moved === undefined ? undefined : before.get(moved)) ?? [], now: routes });
    if (moved !== undefined) before.delete(moved);
  }
  for (const routes of before.values()) pairs.push({ earlier: routes, now: [] });
  return pairs;
}

function byApi(routes: readonly ExposedRoute[]): Map<string, ExposedRoute[]> {
  const found = new Map<string, ExposedRoute[]>();
  for (const route of routes) {
    const key = `${route.kind} ${route.api}`;
    const list = found.get(key);
    if (list) list.push(route);
    else found.set(key, [route]);
  }
  return found;
}

/** More candidates than any project loses at once. */
const MOST = 50;

function mostAlike(
  routes: readonly ExposedRoute[],
  candidates: ReadonlyMap<string, readonly ExposedRoute[]>,
): string | undefined {
  const wanted = new Set(routes.map(traitOf));
  let best: { readonly id: string; readonly shared: number } | undefined;
  for (const [id, others] of [...candidates].slice(0, MOST)) {
    const shared = others.filter((route) => wanted.has(traitOf(route))).length;
    if (shared > (best?.shared ?? 0)) best = { id, shared };
  }
  return best?.id;
}

/** All function URLs answer the same requests: what tells them apart is the function. */
function traitOf({ kind, method, path, through }: ExposedRoute): string {
  return kind === 'url' ? `url ${through[1] ?? ''}` : `${kind} ${method} ${shapeOf(path)}`;
}
