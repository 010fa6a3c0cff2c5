import {
  type ApiReport,
  type Deciding,
  type Finding,
  type GateState,
  type Mentioned,
  type Observation,
  type ProjectReport,
  type RouteDecision,
  type RouteGates,
  type RouteReport,
  type Rule,
  type Step,
  snippetFor,
} from '../contract/index.ts';
import {
  type Api,
  type Decision,
  locate,
  type Project,
  type Route,
  reachOf,
  type Span,
  type StepId,
  stepIds,
  valueOf,
} from '../project/index.ts';
import { mentionsOf } from './across.ts';
import { allRules } from './all.ts';
import { decide, type Observed, type Outcome } from './deciding/index.ts';
import { ruleName } from './decision-rule.ts';
import { fingerprintOf, sentence, stateOf } from './finding.ts';

export interface Assessment {
  readonly report: ProjectReport;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Ranges whose text must not appear in any output. */
  readonly sensitive: readonly Span[];
  /** For the rules that compare the projects of a run. */
  readonly mentions: readonly Mentioned[];
  /** Indices of the approvals that were made use of. */
  readonly approved: readonly number[];
}

/** Without a day, a decision that ends is over: nobody knows better. */
const noDay: Deciding = { today: '9999-12-31' };

let ids: readonly string[] | undefined;
const ruleIds = () => {
  ids ??= allRules.map(({ id }) => id);
  return ids;
};

const bySeverity = { error: 0, warning: 1, note: 2 } as const;
const worst: readonly GateState[] = ['open', 'unknown', 'half-open', 'closed'];

/** Runs the rules of the steps on one project and takes the inventory of its routes. Pure: the same project gives the same result. */
export function assess(project: Project, steps: readonly Step[], deciding: Deciding = noDay): Assessment {
  // Of a step that was not asked (`--step`) nothing is claimed.
  const states = new Map<StepId, GateState>(
    stepIds.map((id) => [id, steps.some((step) => step.id === id) ? 'closed' : 'unknown']),
  );
  const observed = inspect(project, steps);
  const outcome = decide(project, observed, ruleIds(), deciding);
  const findings = observed.map((one) => {
    const suppressed = outcome.suppressed.get(one);
    if (suppressed) return { ...one.finding, suppressed };
    states.set(one.rule.step, worse(states.get(one.rule.step) ?? 'closed', one.finding.state));
    return one.finding;
  });
  findings.push(...remarksOf(project, steps, outcome));
  // What was not read may be open: a gate of which a part was not seen is unknown, unless it is open anyway.
  for (const { steps: concerned } of project.unread)
    for (const id of concerned) states.set(id, worse(states.get(id) ?? 'closed', 'unknown'));
  const fields = steps.map((step) => step.routeGates);
  return {
    findings: findings.sort(compare),
    sensitive: steps.flatMap((step) => step.sensitive?.(project) ?? []),
    mentions: mentionsOf(project, steps, outcome.allows),
    approved: outcome.approved,
    report: {
      file: project.file.path,
      format: project.format,
      name: project.name ?? null,
      stage: project.stage ?? null,
      gates: Object.fromEntries(stepIds.map((id) => [id, states.get(id)])) as Record<StepId, GateState>,
      notApplicable: steps.filter((step) => !step.applies(project)).map((step) => step.id),
      apis: project.apis.map((api) => apiReport(project, api, fields, outcome)),
      unread: project.unread.map(({ what, reason, span }) => ({ what, reason, location: point(span) })),
    },
  };
}

function worse(a: GateState, b: GateState): GateState {
  return worst.indexOf(a) <= worst.indexOf(b) ? a : b;
}

function inspect(project: Project, steps: readonly Step[]): readonly Observed[] {
  const said: Said[] = [];
  for (const { rules } of steps)
    for (const rule of rules) for (const observation of rule.check(project)) said.push({ rule, observation });
  return toFindings(project, said);
}

function remarksOf(project: Project, steps: readonly Step[], { remarks }: Outcome): readonly Finding[] {
  if (remarks.length === 0) return [];
  const rules = new Map(steps.flatMap((step) => step.rules.map((rule) => [rule.id, rule] as const)));
  const said = remarks.flatMap(({ step, observation }) => {
    const rule = rules.get(`${step}/${ruleName}`);
    return rule ? [{ rule, observation }] : [];
  });
  return toFindings(project, said).map(({ finding }) => finding);
}

interface Said {
  readonly rule: Rule;
  readonly observation: Observation;
}

/** With fingerprints that are unique and do not depend on where in the files something stands. */
function toFindings(project: Project, said: readonly Said[]): readonly Observed[] {
  const home = project.home ?? project.file.path;
  const groups = new Map<string, Said[]>();
  for (const one of said) {
    const key = `${one.rule.id}\n${one.observation.subject}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  const repetitions = new Map<Said, number>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    // Told apart by what they say; only those that say the same by their order.
    const sorted = group.toSorted((a, b) => compareText(a.observation.message, b.observation.message));
    for (const [index, one] of sorted.entries()) repetitions.set(one, index);
  }
  return said.map((one) => {
    const { rule, observation } = one;
    const fingerprint = fingerprintOf(rule.id, home, observation.subject, repetitions.get(one) ?? 0);
    return { ...one, finding: toFinding(project, rule, observation, fingerprint) };
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function toFinding(project: Project, rule: Rule, observation: Observation, fingerprint: string): Finding {
  const severity = observation.severity ?? rule.severity;
  const snippet = observation.fix ?? snippetFor(rule.fix, project.format);
  return {
    rule: rule.id,
    step: rule.step,
    severity,
    state: observation.state ?? stateOf[severity],
    message: sentence(observation.message),
    location: locate(observation.span),
    ...(observation.route === undefined ? {} : { route: observation.route }),
    ...(observation.path ? { path: observation.path } : {}),
    ...(observation.question ? { question: observation.question } : {}),
    ...(typeof snippet === 'string' ? { fix: snippet } : {}),
    ...(observation.related?.length
      ? { related: observation.related.map(({ message, span }) => ({ message, location: locate(span) })) }
      : {}),
    rank: observation.rank ?? 0,
    fingerprint,
  };
}

/** Worst first: severity, then rank, then place. */
export function compare(a: Finding, b: Finding): number {
  return (
    bySeverity[a.severity] - bySeverity[b.severity] ||
    b.rank - a.rank ||
    (a.location.file < b.location.file ? -1 : a.location.file > b.location.file ? 1 : 0) ||
    a.location.line - b.location.line ||
    a.location.column - b.location.column ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  );
}

function point(span: Span) {
  const { file, line, column } = locate(span);
  return { file, line, column };
}

function routeDecision({ reason, until, span }: Decision): RouteDecision {
  return { public: reason, ...(until === undefined ? {} : { until }), location: point(span) };
}

function apiReport(
  project: Project,
  api: Api,
  gates: readonly Step['routeGates'][],
  { publicRoutes }: Outcome,
): ApiReport {
  return {
    id: api.id,
    kind: api.kind,
    name: api.name ?? null,
    location: point(api.span),
    routes: api.routes.map((route) => {
      const report = routeReport(project, api, route, gates);
      const decision = publicRoutes.get(route.id);
      // A route that is closed anyway is not public, whatever the file says.
      return decision && report.gates.authorization.state !== 'closed'
        ? { ...report, decided: routeDecision(decision) }
        : report;
    }),
  };
}

/** What stands when the step that answers for it was not asked (`--step`): nothing is claimed. */
const unasked: Required<RouteGates> = {
  authorization: { state: 'unknown', kind: 'unknown', name: null },
  key: { required: null },
  plan: { state: 'unknown', throttle: null, quota: null },
  firewall: { state: 'unknown' },
};

/**
 * A right to every table of a template with thousands, times thousands of routes, is a report that no memory holds. The worst come first,
 * and the finding of the route counts all of them.
 */
const mostReached = 200;

function routeReport(project: Project, api: Api, route: Route, gates: readonly Step['routeGates'][]): RouteReport {
  const parts = gates.map((gate) => gate?.(project, api, route) ?? {});
  return {
    method: route.method,
    path: route.path,
    function: functionName(project, route),
    location: point(route.span),
    gates: Object.assign({}, unasked, ...parts) as Required<RouteGates>,
    reaches: reachOf(project, route).resources.slice(0, mostReached),
  };
}

function functionName(project: Project, route: Route): string | null {
  if (route.integration.kind !== 'function') return null;
  const link = valueOf(route.integration.function);
  if (!link) return null;
  if (link.kind === 'external') return link.name;
  // A label of the CDK is for messages; tools look for the logical id.
  if (project.format !== 'serverless') return link.id;
  return project.functions.find((candidate) => candidate.id === link.id)?.name ?? link.id;
}
