import type {
  ExposedPlan,
  ExposedRoute,
  ExposedWebAcl,
  ExposedWebAclRule,
  Exposure,
  Finding,
  Limit,
  ProjectReport,
} from '../contract/index.ts';
import {
  type Authorizer,
  entries,
  type Fact,
  get,
  items,
  type Known,
  type Link,
  locate,
  type Node,
  outcomes,
  type Project,
  possibilities,
  type Route,
  reachOf,
  type Throttle,
  textOf,
  type Unknown,
  type UsagePlan,
  valueOf,
  type WebAcl,
  type WebAclRule,
} from '../project/index.ts';

/**
 * What a project lets through.
 * @param report the inventory that was taken of this project
 * @param findings what the rules found in it
 */
export function exposureOf(project: Project, report: ProjectReport, findings: readonly Finding[]): Exposure {
  return {
    file: report.file,
    name: report.name,
    routes: routesOf(project, report),
    plans: project.usagePlans.map(planOf),
    webAcls: project.webAcls.map(webAclOf),
    findings,
  };
}

/** The inventory lists routes in the order of the model. */
function routesOf(project: Project, report: ProjectReport): readonly ExposedRoute[] {
  const authorizers = new Map(project.authorizers.map((one) => [one.id, one]));
  return project.apis.flatMap((api, index) =>
    api.routes.map((route, at): ExposedRoute => {
      const taken = report.apis[index]?.routes[at];
      if (!taken) throw new Error(`the inventory has no route ${route.id}`);
      const { role, resources, incomplete } = reachOf(project, route);
      return {
        id: route.id,
        api: api.id,
        kind: api.kind,
        method: taken.method,
        path: taken.path,
        gates: taken.gates,
        // The inventory stops after some hundred, and what comes behind is not less open.
        reaches: resources,
        location: locate(route.span),
        scopes: valueOf(route.scopes) ?? null,
        trusts: trustsOf(route, authorizers),
        beyond: incomplete ?? null,
        through: [
          `${taken.method} ${taken.path}`,
          ...(taken.function === null ? [] : [taken.function]),
          ...(role === undefined ? [] : [role]),
        ],
      };
    }),
  );
}

/** Of several branches all. */
function trustsOf({ authorization }: Route, authorizers: ReadonlyMap<string, Authorizer>): readonly string[] {
  const found = new Set<string>();
  for (const one of outcomes(authorization)) {
    if (one.kind === 'unknown' || one.value.kind !== 'authorizer') continue;
    for (const link of outcomes(one.value.authorizer)) {
      const authorizer = link.kind === 'known' ? authorizers.get(idIn(link)) : undefined;
      if (!authorizer) continue;
      const { issuer, audiences, userPools, function: decider } = authorizer;
      for (const text of issuer ? outcomes(issuer) : []) found.add(`the issuer ${textIn(text)}`);
      for (const list of outcomes(audiences))
        for (const audience of list.kind === 'known' ? list.value : []) found.add(`the audience ${audience}`);
      for (const pool of userPools.flatMap((fact) => outcomes(fact))) found.add(`the user pool ${idIn(pool)}`);
      for (const called of decider ? outcomes(decider) : []) found.add(`the function ${idIn(called)}`);
    }
  }
  return [...found];
}

const undecided = 'that the files do not decide';
const textIn = (one: Known<string> | Unknown) => (one.kind === 'known' ? one.value : undecided);
const idIn = (one: Known<Link> | Unknown) =>
  one.kind === 'unknown' ? undecided : one.value.kind === 'local' ? one.value.id : one.value.name;

function planOf({ id, name, span, throttle, quota }: UsagePlan): ExposedPlan {
  const limit = limitOf(quota?.limit);
  return {
    id,
    name: name ?? id,
    location: locate(span),
    rate: rateOf(throttle, 'rate'),
    burst: rateOf(throttle, 'burst'),
    quota: limit,
    period: limit === null ? null : ((quota?.period && valueOf(quota.period)) ?? null),
  };
}

function rateOf(throttle: Throttle | undefined, key: 'rate' | 'burst'): Limit {
  const limit = limitOf(throttle?.[key]);
  // -1 is how CloudFormation writes "none".
  return typeof limit === 'number' && limit < 0 ? null : limit;
}

/** Of several outcomes the widest: what holds in one branch of a condition need not hold in the other. */
function limitOf(fact: Fact<number> | undefined): Limit {
  if (!fact) return null;
  const all = outcomes(fact);
  if (all.some(({ kind }) => kind === 'unknown')) return 'undecided';
  return Math.max(...all.map((one) => (one.kind === 'known' ? one.value : 0)));
}

function webAclOf({ id, name, span, defaultAction, rules }: WebAcl): ExposedWebAcl {
  return {
    id,
    name: name ?? id,
    location: locate(span),
    defaultAction: valueOf(defaultAction) ?? 'undecided',
    rules: rules.map((rule, index) => {
      const action = valueOf(rule.action);
      return {
        name: rule.name ?? rule.statement.group ?? `rule ${index + 1}`,
        blocks: action === undefined ? 'undecided' : action !== 'count' && action !== 'allow',
        ...extentOf(rule),
      };
    }),
  };
}

/** How much of the traffic a rule looks at (developer guide: "Scope-down statements", "Overriding rule group actions in AWS WAF"). */
function extentOf({ statement }: WebAclRule): Omit<ExposedWebAclRule, 'name' | 'blocks'> {
  const { kind, node } = statement;
  return {
    group: kind === 'managed-group' ? (statement.group ?? null) : null,
    limit: kind === 'rate' ? perFiveMinutes(node) : null,
    scoped: isWritten(get(node, 'ScopeDownStatement')),
    disarmed: [
      ...listed(get(node, 'ExcludedRules')),
      ...listed(get(node, 'RuleActionOverrides')).filter((item) =>
        entries(get(item, 'ActionToUse')).some(({ key }) => /^(?:count|allow)$/i.test(key)),
      ),
    ].flatMap((item) => textOf(get(item, 'Name')) ?? []),
  };
}

const isWritten = (node: Node | undefined) =>
  node !== undefined && possibilities(node).some((one) => !(one.kind === 'scalar' && one.value === null));

const listed = (node: Node | undefined) =>
  node ? possibilities(node).flatMap((list) => items(list).flatMap((item) => possibilities(item))) : [];

/** Of several branches the widest. */
function perFiveMinutes(node: Node | undefined): Limit {
  const numbers = (key: string, otherwise: number) => {
    const written = get(node, key);
    return written ? possibilities(written).map((one) => Number(textOf(one) ?? Number.NaN)) : [otherwise];
  };
  const limit = Math.max(...numbers('Limit', Number.NaN));
  const seconds = Math.min(...numbers('EvaluationWindowSec', 300));
  return Number.isNaN(limit) || !(seconds > 0) ? 'undecided' : (limit * 300) / seconds;
}
