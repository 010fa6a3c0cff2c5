import type {
  ExposedPlan,
  ExposedRoute,
  ExposedWebAcl,
  Exposure,
  Finding,
  Limit,
  ProjectReport,
} from '../contract/index.ts';
import {
  type Fact,
  locate,
  outcomes,
  type Project,
  reachOf,
  type Throttle,
  type UsagePlan,
  valueOf,
  type WebAcl,
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
  return project.apis.flatMap((api, index) =>
    api.routes.map((route, at): ExposedRoute => {
      const taken = report.apis[index]?.routes[at];
      if (!taken) throw new Error(`the inventory has no route ${route.id}`);
      const { role } = reachOf(project, route);
      return {
        id: route.id,
        api: api.id,
        kind: api.kind,
        method: taken.method,
        path: taken.path,
        gates: taken.gates,
        reaches: taken.reaches,
        location: locate(route.span),
        scopes: valueOf(route.scopes) ?? null,
        through: [
          `${taken.method} ${taken.path}`,
          ...(taken.function === null ? [] : [taken.function]),
          ...(role === undefined ? [] : [role]),
        ],
      };
    }),
  );
}

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
      };
    }),
  };
}
