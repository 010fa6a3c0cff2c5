import { createHash } from 'node:crypto';
import {
  type ApiReport,
  type Finding,
  type GateState,
  type Observation,
  type ProjectReport,
  type RouteGates,
  type RouteReport,
  type Rule,
  type Step,
  snippetFor,
} from '../contract/index.ts';
import {
  type Api,
  locate,
  type Project,
  type Route,
  reachOf,
  type Span,
  type StepId,
  stepIds,
  valueOf,
} from '../project/index.ts';

export interface Assessment {
  readonly report: ProjectReport;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Ranges whose text must not appear in any output. */
  readonly sensitive: readonly Span[];
}

const bySeverity = { error: 0, warning: 1, note: 2 } as const;
const stateOf = { error: 'open', warning: 'half-open', note: 'closed' } as const;
const worst: readonly GateState[] = ['open', 'unknown', 'half-open', 'closed'];

/** Runs the rules of the steps on one project and takes the inventory of its routes. Pure: the same project gives the same result. */
export function assess(project: Project, steps: readonly Step[]): Assessment {
  const findings: Finding[] = [];
  // Of a step that was not asked (`--step`) nothing is claimed.
  const states = new Map<StepId, GateState>(
    stepIds.map((id) => [id, steps.some((step) => step.id === id) ? 'closed' : 'unknown']),
  );
  const seen = new Map<string, number>();
  for (const step of steps) {
    for (const rule of step.rules) {
      for (const observation of rule.check(project)) {
        const finding = toFinding(project, rule, observation, seen);
        findings.push(finding);
        states.set(step.id, worse(states.get(step.id) ?? 'closed', finding.state));
      }
    }
  }
  // What was not read may be open: a gate of which a part was not seen is unknown, unless it is open anyway.
  for (const { steps: concerned } of project.unread)
    for (const id of concerned) states.set(id, worse(states.get(id) ?? 'closed', 'unknown'));
  const fields = steps.map((step) => step.routeGates);
  return {
    findings: findings.sort(compare),
    sensitive: steps.flatMap((step) => step.sensitive?.(project) ?? []),
    report: {
      file: project.file.path,
      format: project.format,
      name: project.name ?? null,
      stage: project.stage ?? null,
      gates: Object.fromEntries(stepIds.map((id) => [id, states.get(id)])) as Record<StepId, GateState>,
      notApplicable: steps.filter((step) => !step.applies(project)).map((step) => step.id),
      apis: project.apis.map((api) => apiReport(project, api, fields)),
      unread: project.unread.map(({ what, reason, span }) => ({ what, reason, location: point(span) })),
    },
  };
}

function worse(a: GateState, b: GateState): GateState {
  return worst.indexOf(a) <= worst.indexOf(b) ? a : b;
}

function toFinding(project: Project, rule: Rule, observation: Observation, seen: Map<string, number>): Finding {
  const severity = observation.severity ?? rule.severity;
  const snippet = observation.fix ?? snippetFor(rule.fix, project.format);
  const identity = [rule.id, project.file.path, observation.subject].join('\n');
  // Two findings of one rule about one subject are told apart by their order, which moved lines do not change.
  const repetition = seen.get(identity) ?? 0;
  seen.set(identity, repetition + 1);
  return {
    rule: rule.id,
    step: rule.step,
    severity,
    state: observation.state ?? stateOf[severity],
    // Some rules say a clause and some a sentence; readers see sentences.
    message: /[.!?]$/.test(observation.message) ? observation.message : `${observation.message}.`,
    location: locate(observation.span),
    ...(observation.route === undefined ? {} : { route: observation.route }),
    ...(observation.path ? { path: observation.path } : {}),
    ...(observation.question ? { question: observation.question } : {}),
    ...(typeof snippet === 'string' ? { fix: snippet } : {}),
    ...(observation.related?.length
      ? { related: observation.related.map(({ message, span }) => ({ message, location: locate(span) })) }
      : {}),
    rank: observation.rank ?? 0,
    fingerprint: createHash('sha256')
      .update(repetition === 0 ? identity : `${identity}\n${repetition}`)
      .digest('hex')
      .slice(0, 32),
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

function apiReport(project: Project, api: Api, gates: readonly Step['routeGates'][]): ApiReport {
  return {
    id: api.id,
    kind: api.kind,
    name: api.name ?? null,
    location: point(api.span),
    routes: api.routes.map((route) => routeReport(project, api, route, gates)),
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
