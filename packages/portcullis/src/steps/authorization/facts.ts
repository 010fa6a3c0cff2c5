import { type Api, LastOnly, outcomes, type Project, type Route, undecided } from '../../project/index.ts';
import { kindOf, lacksAudience, missingAuthorizer, nameOf } from './authorizers.ts';
import { fencedListener } from './load-balancer.ts';
import { policyVerdict } from './resource-policy.ts';
import { mayNeedKey } from './routes.ts';
import { halfOpen, open, type Standing } from './standing.ts';
import { unprotected } from './unprotected.ts';

/** Several rules and the inventory ask for every route; how it stands is worked out once. */
const known = new LastOnly<Project, Map<Route, Standing>>();

export function standingOf(project: Project, api: Api, route: Route): Standing {
  let ofProject = known.get(project);
  if (!ofProject) {
    ofProject = new Map();
    known.set(project, ofProject);
  }
  let standing = ofProject.get(route);
  if (!standing) {
    standing = judge(project, api, route);
    ofProject.set(route, standing);
  }
  return standing;
}

function judge(project: Project, api: Api, route: Route): Standing {
  if (api.kind === 'websocket') return socketStanding(project, api, route);
  const fenced = api.kind === 'alb' ? fencedListener(project, route) : undefined;
  if (fenced) return fenced;
  return withAuthorization(project, route, () => unprotected(project, api, route), api);
}

/** API Gateway asks for credentials when a WebSocket is opened, and `$connect` is the only route that can have an authorizer. */
function socketStanding(project: Project, api: Api, route: Route): Standing {
  const connect = route.path === '$connect' ? route : api.routes.find(({ path }) => path === '$connect');
  const standing = connect
    ? withAuthorization(project, connect, () => unprotectedSocket(connect), api)
    : withoutConnect(project, api);
  // Without a `$connect` to speak of, the first route carries the finding that nothing can be said.
  const own = connect === route || (!connect && standing.verdict === 'undecided');
  return own ? standing : { ...standing, verdict: 'follows-connect' };
}

/** `$connect` is optional; API Gateway accepts every connection of an API without it. */
function withoutConnect(project: Project, api: Api): Standing {
  const [unread] = api.unreadRoutes;
  const why = unread
    ? `is that of \`$connect\`, which may be among routes that were not read (${unread.what}: ${unread.reason})`
    : project.resources.has(api.id)
      ? undefined
      : 'is that of `$connect`, which belongs to an API of another stack';
  if (why === undefined) return { verdict: 'connect', ...open };
  return { verdict: 'undecided', state: 'unknown', kind: 'unknown', name: null, why };
}

function unprotectedSocket(connect: Route): Standing {
  if (!mayNeedKey(connect)) return { verdict: 'connect', ...open };
  return { verdict: 'key', ...halfOpen };
}

/** Tells guarded and undecided routes from those without authorization, which `otherwise` then looks at more closely. */
function withAuthorization(project: Project, route: Route, otherwise: () => Standing, api: Api): Standing {
  const found = outcomes(route.authorization);
  const decided = found.flatMap((outcome) => (outcome.kind === 'known' ? [outcome.value] : []));
  const guards = decided.filter((value) => value.kind !== 'none');
  const [unknown] = undecided(route.authorization);
  const missing = guards.find((guard) => missingAuthorizer(project, guard) !== undefined);
  if (missing) {
    const unread = project.unread.find(({ steps }) => steps.includes('authorization'));
    if (unread) {
      const why = `is that of an authorizer which may be defined in a part that was not read (${unread.what}: ${unread.reason})`;
      return {
        verdict: 'undecided',
        state: 'unknown',
        kind: kindOf(missing),
        name: nameOf(project, missing),
        why,
      };
    }
    return { verdict: 'missing-authorizer', state: 'unknown', kind: kindOf(missing), name: nameOf(project, missing) };
  }
  const [guard] = guards;
  if (decided.length === guards.length) {
    if (unknown || !guard) {
      const why = unknown?.reason ?? 'is not decided by the files';
      return { verdict: 'undecided', state: 'unknown', kind: guard ? kindOf(guard) : 'unknown', name: null, why };
    }
    const named = { kind: kindOf(guard), name: nameOf(project, guard) };
    if (guard.kind === 'iam' && api.kind === 'rest' && policyVerdict(api, route).kind === 'everyone') {
      // resource-policy-is-open reports it, once for the policy: every AWS account may sign such a request.
      return { verdict: 'guarded', state: 'half-open', ...named };
    }
    // jwt-without-audience reports it, once for the authorizer.
    const weak = guard.kind === 'authorizer' && lacksAudience(project, guard);
    return { verdict: 'guarded', state: weak ? 'half-open' : 'closed', ...named };
  }
  if (guard || unknown) {
    if (otherwise().verdict === 'preflight') return otherwise();
    const condition = route.authorization.kind === 'either' ? ` ${route.authorization.condition}` : '';
    return {
      verdict: 'question',
      state: 'half-open',
      kind: guard ? kindOf(guard) : 'unknown',
      name: guard ? nameOf(project, guard) : null,
      why: `has authorization only in one branch of the condition${condition}`,
      question: 'Is it deployed anywhere with the branch that has no authorization?',
    };
  }
  return otherwise();
}

/** All routes with their API and how they stand. */
export function* standings(project: Project): Generator<{ api: Api; route: Route; standing: Standing }> {
  for (const api of project.apis)
    for (const route of api.routes) yield { api, route, standing: standingOf(project, api, route) };
}
