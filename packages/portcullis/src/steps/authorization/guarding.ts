import {
  type Api,
  type Authorizer,
  always,
  LastOnly,
  outcomes,
  type Project,
  type Route,
} from '../../project/index.ts';

export interface GuardedRoute {
  readonly api: Api;
  readonly route: Route;
}

const cache = new LastOnly<Project, ReadonlyMap<string, readonly GuardedRoute[]>>();

/** The routes that ask this authorizer, in one case at least. Preflights are left out: SAM puts the authorizer before them too. */
export function guardedBy(project: Project, authorizer: Authorizer): readonly GuardedRoute[] {
  let known = cache.get(project);
  if (!known) {
    known = byAuthorizer(project);
    cache.set(project, known);
  }
  return known.get(authorizer.id) ?? [];
}

function byAuthorizer(project: Project): ReadonlyMap<string, readonly GuardedRoute[]> {
  const found = new Map<string, GuardedRoute[]>();
  for (const api of project.apis) {
    for (const route of api.routes) {
      if (route.method === 'OPTIONS') continue;
      for (const id of authorizersOf(route)) {
        const same = found.get(id);
        if (same) same.push({ api, route });
        else found.set(id, [{ api, route }]);
      }
    }
  }
  return found;
}

function authorizersOf({ authorization }: Route): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const outcome of outcomes(authorization)) {
    if (outcome.kind !== 'known' || outcome.value.kind !== 'authorizer') continue;
    for (const link of outcomes(outcome.value.authorizer))
      if (link.kind === 'known' && link.value.kind === 'local') ids.add(link.value.id);
  }
  return ids;
}

/** True when the authorizer lets in whoever has a token, whatever the token was given for. */
export function asksForNoScope({ scopes }: Route): boolean {
  return always(scopes, (list) => list.length === 0);
}

export function changesSomething({ method }: Route): boolean {
  return ['POST', 'PUT', 'PATCH', 'DELETE', 'ANY'].includes(method);
}
