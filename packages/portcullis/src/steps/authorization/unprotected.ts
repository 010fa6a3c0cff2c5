import {
  type Api,
  always,
  type CustomDomain,
  LastOnly,
  type Project,
  type Route,
  reachOf,
  sometimes,
  undecided,
} from '../../project/index.ts';
import { bypassOf, isGreedy } from './bypass.ts';
import { behindLoadBalancer } from './load-balancer.ts';
import { isHealthPath, purposeOf, purposeQuestions } from './public-by-purpose.ts';
import { policyVerdict } from './resource-policy.ts';
import { functionOf, isPlumbing, localId, localIds, mayNeedKey } from './routes.ts';
import { halfOpen, open, question, type Standing } from './standing.ts';

/** The route has no authorization, whatever the conditions are. What else may keep people out? */
export function unprotected(project: Project, api: Api, route: Route): Standing {
  if (route.preflight || (route.method === 'OPTIONS' && route.integration.kind === 'mock')) {
    return { verdict: 'preflight', state: 'closed', kind: 'preflight', name: null };
  }
  if (api.kind === 'url') return { verdict: 'url', ...open };
  const certificate = behindCertificates(project, api);
  if (certificate) return certificate;
  if (api.kind === 'alb') return behindLoadBalancer(project, api, route) ?? withoutFence(project, api, route);
  return fencedApi(project, api, route) ?? withoutFence(project, api, route);
}

const certificates = new LastOnly<Project, ReadonlyMap<string, readonly CustomDomain[]>>();

/** Every name under which the API is reached demands a client certificate, and its own address is switched off. */
function behindCertificates(project: Project, api: Api): Standing | undefined {
  if (project.customDomains.length === 0) return undefined;
  if (!always(api.defaultEndpointDisabled, (disabled) => disabled)) return undefined;
  let known = certificates.get(project);
  if (!known) {
    known = domainsByApi(project);
    certificates.set(project, known);
  }
  const [first, ...others] = known.get(api.id) ?? [];
  if (!first || ![first, ...others].every(({ mutualTls }) => always(mutualTls, (demanded) => demanded)))
    return undefined;
  return { verdict: 'guarded', state: 'closed', kind: 'mutual-tls', name: first.name ?? null };
}

function domainsByApi({ customDomains }: Project): ReadonlyMap<string, readonly CustomDomain[]> {
  const found = new Map<string, CustomDomain[]>();
  for (const domain of customDomains) {
    for (const id of new Set(domain.apis.flatMap(localIds))) {
      const same = found.get(id);
      if (same) same.push(domain);
      else found.set(id, [domain]);
    }
  }
  return found;
}

/** REST only: an API that is not on the internet, or whose resource policy lets only some in. */
function fencedApi(project: Project, api: Api, route: Route): Standing | undefined {
  // The route of an API of another stack has no authorizer, whatever the rest of that API looks like.
  if (api.kind !== 'rest' || !project.resources.has(api.id)) return undefined;
  const policy = policyVerdict(api, route);
  if (sometimes(api.endpoint, (endpoint) => endpoint === 'PRIVATE')) {
    return question(
      'is part of a private API, which is reached through VPC endpoints',
      'May everything in the networks that reach this VPC endpoint call it?',
    );
  }
  const [endpoint] = undecided(api.endpoint);
  if (endpoint) {
    return question(`is part of an API whose endpoint type ${endpoint.reason}`, 'Is the API private?');
  }
  if (policy.kind === 'narrowed') {
    return question(
      `is closed by the API's resource policy alone (${policy.by})`,
      'May everybody whom the resource policy lets in call it?',
    );
  }
  if (policy.kind === 'undecided') {
    return {
      verdict: 'undecided',
      state: 'unknown',
      kind: 'none',
      name: null,
      why: `depends on the API's resource policy, which ${policy.reason}`,
    };
  }
  return undefined;
}

function withoutFence(project: Project, api: Api, route: Route): Standing {
  // HTTP APIs and load balancers cannot ask for an API key, whatever is written there.
  if (api.kind === 'rest' && mayNeedKey(route)) return { verdict: 'key', ...halfOpen };
  if (route.method === 'OPTIONS') {
    const standing = question(
      'answers preflight requests in the code, which browsers send without credentials',
      'Does the code answer OPTIONS without doing anything else?',
    );
    return { ...standing, harmless: true };
  }
  // By itself it stands as such a route always does, whatever its neighbours are; that it opens them is the rule's finding.
  if (bypassOf(api, route)) return { verdict: 'bypass', ...halfOpen };
  const purpose = purposeOf(api, route, functionOf(project, route)?.name);
  if (purpose) return question(`looks like a ${purposeNames[purpose]}`, purposeQuestions[purpose]);
  if (handsEverythingOn(api, route)) {
    return question(
      'leads to a program that gets every path and may check by itself who is calling',
      'Does the code refuse requests without a valid credential, for every path?',
    );
  }
  if (route.integration.kind === 'mock') {
    return {
      ...question('is answered by the gateway itself (MOCK)', 'May everybody read that answer?'),
      harmless: true,
    };
  }
  return { verdict: 'open', ...open, harmless: isHarmlessHealthCheck(project, api, route) };
}

const purposeNames = {
  webhook: 'webhook, whose sender signs the body instead of logging in',
  callback: 'callback of a sign-in at another service',
  login: 'place where callers get their credential',
  'well-known': 'file that is public by its standard',
} as const;

function isHarmlessHealthCheck(project: Project, api: Api, route: Route): boolean {
  if (!isHealthPath(route) || route.integration.kind !== 'function') return false;
  // The rights of a function behind other routes too are those of the other routes.
  if (route.method !== 'ANY' && api.routes.some((other) => isElsewhere(other, route) && sameTarget(other, route)))
    return true;
  const reach = reachOf(project, route);
  return reach.incomplete === undefined && reach.resources.every(isPlumbing);
}

function isElsewhere(other: Route, { path }: Route): boolean {
  return other.path !== path && !other.preflight && !isHealthPath(other);
}

/** `{proxy+}` and `$default`, and `/` beside one of them when both lead to the same target: an application with a router of its own. */
function handsEverythingOn(api: Api, route: Route): boolean {
  if (isGreedy(route)) return true;
  return route.path === '/' && api.routes.some((other) => isGreedy(other) && sameTarget(other, route));
}

function sameTarget(a: Route, b: Route): boolean {
  if (a.integration.kind !== b.integration.kind) return false;
  if (a.integration.kind !== 'function' || b.integration.kind !== 'function') return true;
  return (
    localId(a.integration.function) !== undefined && localId(a.integration.function) === localId(b.integration.function)
  );
}
