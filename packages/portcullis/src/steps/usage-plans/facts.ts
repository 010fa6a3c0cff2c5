import type { GateState, RouteGates } from '../../contract/index.ts';
import {
  type Api,
  type ApiKey,
  type Fact,
  get,
  type IgnoredSetting,
  LastOnly,
  type Link,
  type MethodThrottle,
  type Node,
  outcomes,
  type Project,
  possibilities,
  type Resource,
  type Route,
  type Span,
  type Throttle,
  type UsagePlan,
  undecided,
  type ValueSource,
  valueOf,
} from '../../project/index.ts';

/**
 * How the gate "how often?" stands for a route:
 *
 * - `closed`: a rate or burst limit of the project's own applies: that of the usage plan when the route needs a key, else that of the
 *   stage or method; for a function URL, the reserved concurrency of its function. Also a route of a load balancer, to which the
 *   question does not apply.
 * - `half-open`: the route needs a key of a plan that has no rate limit, with nothing at the stage either: callers are known and can be
 *   cut off, and until then may use the whole account's capacity. Also a limit that is set in one branch of a condition only, or that is
 *   not below the account's own.
 * - `open`: nothing but the account's limits (10,000 requests a second in most regions), which all APIs of the account share.
 * - `unknown`: the API's stages or plans lie in another stack, or the values are not decided by the files.
 */
export function planGate(project: Project, api: Api, route: Route): PlanGate {
  let known = gates.get(project);
  if (!known) {
    known = new Map();
    gates.set(project, known);
  }
  let gate = known.get(route);
  if (!gate) {
    gate = judgePlan(project, api, route);
    known.set(route, gate);
  }
  return gate;
}

type PlanGate = NonNullable<RouteGates['plan']>;

/** Rules and the inventory ask for the same routes. */
const gates = new LastOnly<Project, Map<Route, PlanGate>>();

function judgePlan(project: Project, api: Api, route: Route): PlanGate {
  if (api.kind === 'url') return { state: urlState(project, route), throttle: null, quota: null };
  // A load balancer has neither keys nor throttles: the question is the firewall's, whose rate-based rules stand before it.
  if (api.kind === 'alb') return { state: 'closed', throttle: null, quota: null };
  // HTTP APIs do not check keys, whatever is written there.
  const needsKey = api.kind === 'http' ? false : keyRequired(route);
  const plan = needsKey === false ? undefined : weakestPlan(project, api);
  const stage = stageThrottle(api, route);
  const planned = plan && needsKey !== false ? (plan.throttle ?? perMethodThrottle(plan, api, route)) : undefined;
  const set = [planned, stage].filter(limits);
  const throttle = set.find((one) => strengthOf(one) === 'limit') ?? set[0];
  const conditional = plan !== undefined && throttle === planned && !coversAlways(plan, api);
  return {
    state: conditional ? 'unknown' : stateOf(project, api, { preflight: route.preflight, needsKey, plan, throttle }),
    throttle: throttle ? { rate: numberOf(throttle.rate), burst: numberOf(throttle.burst) } : null,
    quota: plan?.quota && needsKey ? { limit: numberOf(plan.quota.limit), period: textOf(plan.quota.period) } : null,
  };
}

interface Limits {
  readonly preflight: boolean;
  readonly needsKey: boolean | null;
  readonly plan: UsagePlan | undefined;
  readonly throttle: Throttle | undefined;
}

function stateOf(project: Project, api: Api, { preflight, needsKey, plan, throttle }: Limits): GateState {
  // Answered by the gateway itself: no code runs.
  if (preflight) return 'closed';
  if (throttle) return strengthOf(throttle) === 'limit' ? 'closed' : 'half-open';
  if (needsKey === true) return plan ? 'half-open' : 'unknown';
  if (needsKey === null) return 'unknown';
  return stagesLieElsewhere(project, api) ? 'unknown' : 'open';
}

/**
 * Reserved concurrency is the only limit that a function URL can have: at most ten times as many requests a second (Lambda developer
 * guide, "Configuring reserved concurrency"). Of a function that these files do not make it is unknown.
 */
export function urlState(project: Project, route: Route): GateState {
  const resource = functionResource(project, route);
  if (!resource) return 'unknown';
  return get(resource.properties, 'ReservedConcurrentExecutions') ? 'closed' : 'open';
}

export function functionResource(project: Project, { integration }: Route): Resource | undefined {
  if (integration.kind !== 'function') return undefined;
  const [id] = outcomes(integration.function).flatMap((link) =>
    link.kind === 'known' && link.value.kind === 'local' ? [link.value.id] : [],
  );
  return id === undefined ? undefined : project.resources.get(id);
}

/** null when the files do not decide it, or it depends on a condition. */
export function keyRequired(route: Route): boolean | null {
  return valueOf(route.apiKeyRequired) ?? null;
}

/** An API of another stack: its stages, and what limits them, are not in these files. */
export function stagesLieElsewhere(project: Project, api: Api): boolean {
  return !project.resources.has(api.id);
}

export function linksTo(fact: Fact<Link>, id: string): boolean {
  return outcomes(fact).some(
    (outcome) =>
      outcome.kind === 'known' && (outcome.value.kind === 'local' ? outcome.value.id : outcome.value.name) === id,
  );
}

/** Plans of the project that cover a stage of the API. */
export function plansOf(project: Project, api: Api): readonly UsagePlan[] {
  return project.usagePlans.filter((plan) => plan.stages.some((stage) => linksTo(stage.api, api.id)));
}

const weakestPlans = new LastOnly<Project, Map<Api, UsagePlan | undefined>>();

/** Of the plans that cover the API's stages, the first with the least limit. */
function weakestPlan(project: Project, api: Api): UsagePlan | undefined {
  let known = weakestPlans.get(project);
  if (!known) {
    known = new Map();
    weakestPlans.set(project, known);
  }
  if (known.has(api)) return known.get(api);
  const plans = plansOf(project, api).filter((plan) => coversStage(plan, api));
  const [plan] = plans.sort((a, b) => limitScore(a) - limitScore(b));
  known.set(api, plan);
  return plan;
}

/** True when some plan's APIs or keys are not decided by the files, so that "no plan has it" cannot be said. */
export function plansAreUndecided(project: Project): boolean {
  return (
    project.unread.some(({ steps }) => steps.includes('usage-plans')) ||
    project.usagePlans.some(
      (plan) =>
        plan.stages.some((stage) => undecided(stage.api).length > 0) ||
        plan.keys.some((key) => undecided(key).length > 0),
    )
  );
}

/** True unless the files decide that the plan names stages that the API does not have. */
function coversStage(plan: UsagePlan, api: Api): boolean {
  const names = api.stages.flatMap((stage) => outcomes(stage.name));
  if (names.length === 0 || names.some((name) => name.kind === 'unknown')) return true;
  const known = new Set(names.map((name) => (name.kind === 'known' ? name.value : '')));
  return plan.stages.some(
    (stage) =>
      linksTo(stage.api, api.id) &&
      outcomes(stage.stage).some(
        (name) => name.kind === 'unknown' || known.has(name.value) || name.value.includes('${'),
      ),
  );
}

/** False when a condition decides whether the plan is there or covers the API. */
function coversAlways(plan: UsagePlan, api: Api): boolean {
  return plan.stages.some((stage) => linksTo(stage.api, api.id) && undecided(stage.api).length === 0);
}

/** What an account has in most regions, for all of its APIs together (Amazon API Gateway quotas). */
const account = { rate: 10_000, burst: 5_000 };

/** `partial`: set in one branch of a condition only. `excessive`: not below what the account has anyway. */
type Strength = 'none' | 'partial' | 'excessive' | 'limit';

/** A limit that is only known when it is deployed is taken for one. */
export function strengthOf(throttle: Throttle | undefined): Strength {
  const rates = strengths(throttle?.rate, account.rate);
  const bursts = strengths(throttle?.burst, account.burst);
  const all = (values: readonly Strength[], strength: Strength) => values.every((value) => value === strength);
  if (all(rates, 'limit') || (all(bursts, 'limit') && !rates.includes('excessive'))) return 'limit';
  // However small the burst is: it is filled up again at the rate.
  if (all(rates, 'excessive')) return 'excessive';
  if (all(rates, 'none') && (all(bursts, 'none') || all(bursts, 'excessive'))) return bursts[0] ?? 'none';
  return 'partial';
}

function strengths(fact: Fact<number> | undefined, most: number): readonly Strength[] {
  if (!fact) return ['none'];
  return outcomes(fact).map((outcome) => {
    if (outcome.kind === 'unknown') return 'limit';
    return outcome.value < 0 ? 'none' : outcome.value < most ? 'limit' : 'excessive';
  });
}

const weakestFirst: readonly Strength[] = ['none', 'partial', 'excessive', 'limit'];

function weaker(one: Throttle, other: Throttle): Throttle {
  return weakestFirst.indexOf(strengthOf(other)) < weakestFirst.indexOf(strengthOf(one)) ? other : one;
}

/** False for limits that are not set; -1 is how the throttling plugin and Terraform write "not set". */
export function limits(throttle: Throttle | undefined): throttle is Throttle {
  return throttle !== undefined && (isLimit(throttle.rate) || isLimit(throttle.burst));
}

function isLimit(fact: Fact<number> | undefined): boolean {
  return fact !== undefined && outcomes(fact).some((outcome) => outcome.kind === 'unknown' || outcome.value >= 0);
}

function limitScore(plan: UsagePlan): number {
  return weakestFirst.indexOf(strengthOf(plan.throttle));
}

/** The throttle of a stage that applies to the route: its own method's, else the one for all methods. */
function stageThrottle(api: Api, route: Route): Throttle | undefined {
  const perStage = api.stages.map((stage) => closest(stage.throttles, route));
  const set = perStage.filter((throttle) => throttle !== undefined);
  // A second stage without limits is a way around those of the first.
  return set.length === perStage.length && set.length > 0 ? set.reduce(weaker) : undefined;
}

function perMethodThrottle(plan: UsagePlan, api: Api, route: Route): Throttle | undefined {
  const ofPlan = perApi.get(plan) ?? new Map<string, readonly MethodThrottle[]>();
  perApi.set(plan, ofPlan);
  const throttles =
    ofPlan.get(api.id) ?? plan.stages.filter((stage) => linksTo(stage.api, api.id)).flatMap((stage) => stage.throttles);
  ofPlan.set(api.id, throttles);
  return closest(throttles, route);
}

const perApi = new WeakMap<UsagePlan, Map<string, readonly MethodThrottle[]>>();

function closest(throttles: readonly MethodThrottle[], route: Route): Throttle | undefined {
  const { byPath, every } = indexOf(throttles);
  const own = byPath
    .get(withoutSlash(route.path))
    ?.find(
      ({ path, method }) =>
        samePath(path, route.path) && (method === route.method || method === '*' || method === 'ANY'),
    );
  const chosen = own ?? every.find(({ method }) => method === '*' || method === route.method);
  return limits(chosen) ? chosen : undefined;
}

interface ThrottleIndex {
  readonly byPath: ReadonlyMap<string, readonly MethodThrottle[]>;
  /** Those for all paths. */
  readonly every: readonly MethodThrottle[];
}

const indexes = new WeakMap<readonly MethodThrottle[], ThrottleIndex>();

/** Plugins write a throttle for each route: looking through all of them for each route takes too long. */
function indexOf(throttles: readonly MethodThrottle[]): ThrottleIndex {
  const known = indexes.get(throttles);
  if (known) return known;
  const byPath = new Map<string, MethodThrottle[]>();
  for (const throttle of throttles) {
    const path = withoutSlash(throttle.path);
    const same = byPath.get(path);
    if (same) same.push(throttle);
    else byPath.set(path, [throttle]);
  }
  const index = { byPath, every: throttles.filter(({ path }) => path === '*') };
  indexes.set(throttles, index);
  return index;
}

export const withoutSlash = (path: string) => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);

function samePath(a: string, b: string): boolean {
  return a === b || (a.length > 1 && a.endsWith('/') && a.slice(0, -1) === b);
}

function numberOf(fact: Fact<number> | undefined): number | null {
  return (fact && valueOf(fact)) ?? null;
}

function textOf(fact: Fact<string> | undefined): string | null {
  return (fact && valueOf(fact)) ?? null;
}

/** Sources whose values are not in the files of the project. */
const elsewhere: ReadonlySet<ValueSource> = new Set([
  'opt',
  'env',
  'dotenv',
  'ssm',
  's3',
  'cf',
  'aws',
  'vault',
  'terraform',
  'parameter',
  'import',
  'dynamic-reference',
  'plugin',
  'code',
  'transform',
  'other',
]);

/** Places of key values that stand in the files as they are. Never print what is there. */
export function literalValues(key: ApiKey): readonly Span[] {
  if (!key.value) return [];
  return possibilities(key.value)
    .filter((value) => isLiteral(value))
    .map(({ span }) => span);
}

function isLiteral(node: Node): boolean {
  if (node.kind !== 'scalar' || node.value === null || String(node.value).trim() === '') return false;
  // A parameter's default stands in the file as well as a value does.
  return !(node.from ?? []).some(({ source }) => source !== 'parameter' && elsewhere.has(source));
}

/**
 * Settings of keys and plans that only a REST API reads, in a project whose APIs are HTTP APIs: http-api-cannot-have-keys answers for
 * them, setting-has-no-effect for all others.
 */
export function meantForHttpApi(project: Project, setting: IgnoredSetting): boolean {
  if (setting.step !== 'usage-plans') return false;
  if (/(?:^|\.)httpApi(?:\.|\[|$)/.test(setting.path)) return true;
  const kinds = new Set(project.apis.map(({ kind }) => kind));
  return kinds.has('http') && !kinds.has('rest') && /(?:^|\.)(?:apiKeys|usagePlan)(?:\.|\[|$)/.test(setting.path);
}

export function routeName(route: Route): string {
  return route.path.startsWith('/') ? `${route.method} ${route.path}` : route.path;
}
