import type { GateState } from '../../contract/index.ts';
import {
  type Api,
  type Authorizer,
  always,
  at,
  get,
  items,
  type LambdaFunction,
  type Node,
  outcomes,
  type Project,
  type Reached,
  type Route,
  type RouteAuthorization,
  reachOf,
  sometimes,
  textOf,
  undecided,
  valueOf,
} from '../../project/index.ts';
import { isHealthPath, purposeOf, purposeQuestions } from './public-by-purpose.ts';
import { policyVerdict } from './resource-policy.ts';

/**
 * How a route stands, and which rule says so: every route that is not closed belongs to exactly one rule.
 *
 * - `guarded`: authorizer, IAM signature or a login at the load balancer before the route's target.
 * - `preflight`: an OPTIONS method that the gateway answers by itself; browsers send no credentials with it, nothing is behind it.
 * - `follows-connect`: a WebSocket route other than `$connect`; the connection was authorized when it was opened.
 * - `open`, `url`, `connect`: anyone may enter (route-is-open, function-url-is-open, websocket-connect-is-open).
 * - `key`: an API key and nothing else (api-key-is-the-only-protection).
 * - `question`: the files cannot tell whether the route is closed by other means (route-may-be-open).
 * - `missing-authorizer`: the authorizer that it names does not exist (authorizer-is-undefined).
 * - `undecided`: what the files say depends on values that they do not hold (authorization-is-unknown).
 */
type Verdict =
  | 'guarded'
  | 'preflight'
  | 'follows-connect'
  | 'open'
  | 'url'
  | 'connect'
  | 'key'
  | 'question'
  | 'missing-authorizer'
  | 'undecided';

interface Standing {
  readonly verdict: Verdict;
  readonly state: GateState;
  /** One of the kinds in README.md: what asks for credentials. */
  readonly kind: AuthorizationKind;
  /** The authorizer as people know it; null when there is none or it lies elsewhere without a name. */
  readonly name: string | null;
  /** For `question`: why it cannot be told, as a sentence about "it". For `undecided`: what the value depends on. */
  readonly why?: string;
  readonly question?: string;
  /** Lower than the rule's own severity: nothing is behind the route. */
  readonly harmless?: boolean;
}

type AuthorizationKind =
  | 'none'
  | 'iam'
  | 'cognito'
  | 'jwt'
  | 'lambda'
  | 'oidc'
  | 'mutual-tls'
  | 'network'
  | 'preflight'
  | 'unknown';

const open = { state: 'open', kind: 'none', name: null } as const;
const halfOpen = { state: 'half-open', kind: 'none', name: null } as const;

/** Several rules and the inventory ask for every route; how it stands is worked out once. */
const known = new WeakMap<Project, Map<Route, Standing>>();

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

/** The route has no authorization, whatever the conditions are. What else may keep people out? */
function unprotected(project: Project, api: Api, route: Route): Standing {
  if (route.preflight || (route.method === 'OPTIONS' && route.integration.kind === 'mock')) {
    return { verdict: 'preflight', state: 'closed', kind: 'preflight', name: null };
  }
  if (api.kind === 'url') return { verdict: 'url', ...open };
  if (api.kind === 'alb') return behindLoadBalancer(project, api, route);
  return fencedApi(project, api, route) ?? withoutFence(project, api, route);
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
  const purpose = purposeOf(api, route, functionOf(project, route)?.name);
  if (purpose) return question(`looks like a ${purposeNames[purpose]}`, purposeQuestions[purpose]);
  if (handsEverythingOn(api, route)) {
    return question(
      'hands every path to one program, which may check who is calling by itself',
      'Does the code refuse requests without a valid credential, for every path?',
    );
  }
  if (route.integration.kind === 'mock') {
    return {
      ...question('is answered by the gateway itself (MOCK)', 'May everybody read that answer?'),
      harmless: true,
    };
  }
  return { verdict: 'open', ...open, harmless: isHarmlessHealthCheck(project, route) };
}

const purposeNames = {
  webhook: 'webhook, whose sender signs the body instead of logging in',
  callback: 'callback of a sign-in at another service',
  login: 'place where callers get their credential',
  'well-known': 'file that is public by its standard',
} as const;

function isHarmlessHealthCheck(project: Project, route: Route): boolean {
  if (!isHealthPath(route) || route.integration.kind !== 'function') return false;
  const reach = reachOf(project, route);
  return reach.incomplete === undefined && reach.resources.every(isPlumbing);
}

/** Sending to sockets, writing logs and traces: nothing that a stranger is after. */
export function isPlumbing({ type }: Reached): boolean {
  return ['AWS::ApiGateway', 'AWS::Logs::', 'AWS::XRay::', 'AWS::CloudWatch::'].some((prefix) =>
    type.startsWith(prefix),
  );
}

/** `{proxy+}` and `$default`, and `/` beside one of them when both lead to the same target: an application with a router of its own. */
function handsEverythingOn(api: Api, route: Route): boolean {
  if (isGreedy(route)) return true;
  return route.path === '/' && api.routes.some((other) => isGreedy(other) && sameTarget(other, route));
}

function isGreedy(route: Route): boolean {
  return route.path === '$default' || route.path.endsWith('+}') || /\/\*$/.test(route.path);
}

function sameTarget(a: Route, b: Route): boolean {
  if (a.integration.kind !== b.integration.kind) return false;
  if (a.integration.kind !== 'function' || b.integration.kind !== 'function') return true;
  return idOf(a.integration.function) !== undefined && idOf(a.integration.function) === idOf(b.integration.function);
}

/** A listener rule (or a listener's default action) that leads to a target without asking for a login. */
function behindLoadBalancer(project: Project, api: Api, route: Route): Standing {
  if (always(api.endpoint, (endpoint) => endpoint === 'PRIVATE') && behindApi(project, api.id)) {
    return { verdict: 'guarded', state: 'closed', kind: 'network', name: null };
  }
  const inFiles = project.loadBalancers.some(({ id }) => id === api.id);
  if (inFiles && !always(api.endpoint, (endpoint) => endpoint !== 'PRIVATE')) {
    const [unknown] = undecided(api.endpoint);
    return question(
      unknown ? `is behind a load balancer whose scheme ${unknown.reason}` : 'is behind an internal load balancer',
      'May everything in the networks that reach the load balancer call it?',
    );
  }
  if (route.integration.kind !== 'function') {
    return question(
      'leads to containers or servers, which may check who is calling by themselves',
      'Does the program behind it refuse requests without a valid credential, for every path?',
    );
  }
  return withoutFence(project, api, route);
}

/** True when routes of the project lead to the load balancer: they answer for who may enter, the network lets nobody else in. */
function behindApi(project: Project, id: string): boolean {
  return project.apis.some((api) =>
    api.routes.some(({ integration }) => integration.kind === 'http' && integration.loadBalancer === id),
  );
}

/** A listener rule without a login that only certain addresses, or callers with a certain header, get through. */
function fencedListener(project: Project, route: Route): Standing | undefined {
  if (sometimes(route.authorization, ({ kind }) => kind !== 'none')) return undefined;
  const conditions = conditionsOf(project, route).filter(narrowsCallers);
  const header = conditions.find((condition) => textOf(get(condition, 'Field')) === 'http-header');
  if (header) {
    return question(
      `is forwarded only with a certain ${textOf(at(header, 'HttpHeaderConfig', 'HttpHeaderName')) ?? ''} header`,
      'Is the value of that header a secret that only the gateway or CloudFront knows?',
    );
  }
  if (conditions.length === 0) return undefined;
  return question(
    'is closed by the source addresses of its listener rule alone',
    'May everybody at these addresses call it?',
  );
}

/** Headers that every client sends say nothing of who is calling. */
const ordinaryHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'host',
  'origin',
  'referer',
  'upgrade',
  'user-agent',
]);

function narrowsCallers(condition: Node): boolean {
  const field = textOf(get(condition, 'Field'));
  if (field === 'http-header') {
    const name = textOf(at(condition, 'HttpHeaderConfig', 'HttpHeaderName'))?.toLowerCase();
    return name !== undefined && !ordinaryHeaders.has(name);
  }
  const ranges = items(at(condition, 'SourceIpConfig', 'Values')).map(textOf);
  return field === 'source-ip' && !ranges.some((range) => range === '0.0.0.0/0' || range === '::/0');
}

/** Conditions of the listener rule that makes the route. Rules of a listener elsewhere are in no `Listener` of the model. */
function conditionsOf(project: Project, route: Route): readonly Node[] {
  for (const { type, span, properties } of project.resources.values()) {
    if (type !== 'AWS::ElasticLoadBalancingV2::ListenerRule') continue;
    if (span.file === route.span.file && span.start === route.span.start) return items(get(properties, 'Conditions'));
  }
  return [];
}

function question(why: string, ask: string): Standing {
  return { verdict: 'question', ...halfOpen, why, question: ask };
}

function mayNeedKey(route: Route): boolean {
  return sometimes(route.apiKeyRequired, (required) => required) || undecided(route.apiKeyRequired).length > 0;
}

function kindOf(authorization: RouteAuthorization): AuthorizationKind {
  if (authorization.kind === 'authorizer' || authorization.kind === 'listener') return authorization.type;
  return authorization.kind;
}

function nameOf(project: Project, authorization: RouteAuthorization): string | null {
  if (authorization.kind !== 'authorizer') return null;
  const link = valueOf(authorization.authorizer);
  if (!link) return null;
  if (link.kind === 'external') return link.name;
  const authorizer = project.authorizers.find(({ id }) => id === link.id);
  return authorizer ? displayName(project, authorizer) : link.id;
}

function lacksAudience(project: Project, guard: Extract<RouteAuthorization, { kind: 'authorizer' }>): boolean {
  const link = valueOf(guard.authorizer);
  const authorizer = link?.kind === 'local' ? project.authorizers.find(({ id }) => id === link.id) : undefined;
  return authorizer !== undefined && checksNoAudience(authorizer);
}

/** A JWT authorizer without an audience, or with blanks for one: there is nothing to compare `aud` with. */
export function checksNoAudience({ type, audiences }: Authorizer): boolean {
  return type === 'jwt' && sometimes(audiences, (list) => list.every((audience) => audience.trim() === ''));
}

/** What people call an authorizer: its name, else its function, else its logical id. */
export function displayName(project: Project, authorizer: Authorizer): string {
  if (authorizer.name) return authorizer.name;
  const id = authorizer.function ? idOf(authorizer.function) : undefined;
  return project.functions.find((candidate) => candidate.id === id)?.name ?? authorizer.id;
}

/** The logical id of an authorizer that the route refers to and that nothing in the project defines. */
export function missingAuthorizer(project: Project, authorization: RouteAuthorization): string | undefined {
  if (authorization.kind !== 'authorizer') return undefined;
  for (const outcome of outcomes(authorization.authorizer)) {
    if (outcome.kind !== 'known' || outcome.value.kind !== 'local') continue;
    const { id } = outcome.value;
    if (!project.resources.has(id) && !project.authorizers.some((authorizer) => authorizer.id === id)) return id;
  }
  return undefined;
}

function idOf(fact: Parameters<typeof valueOf<{ kind: string; id?: string }>>[0]): string | undefined {
  return valueOf(fact)?.id;
}

export function functionOf(project: Project, route: Route): LambdaFunction | undefined {
  if (route.integration.kind !== 'function') return undefined;
  const id = idOf(route.integration.function);
  return project.functions.find((candidate) => candidate.id === id);
}

/** `POST /orders`; the route key alone where there is no method (`$connect`, `$default`). */
export function routeName(route: Route): string {
  return route.path.startsWith('/') ? `${route.method} ${route.path}` : route.path;
}

/** All routes with their API and how they stand. */
export function* standings(project: Project): Generator<{ api: Api; route: Route; standing: Standing }> {
  for (const api of project.apis)
    for (const route of api.routes) yield { api, route, standing: standingOf(project, api, route) };
}
