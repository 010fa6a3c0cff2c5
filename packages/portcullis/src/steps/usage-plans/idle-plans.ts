import { type Api, type Project, type UsagePlan, valueOf } from '../../project/index.ts';
import { keyRequired } from './facts.ts';

/**
 * Plans that limit nothing whatever their limits are, because no stage or no route that needs a key is bound to them. Rules about the
 * limits stay silent on them: the plan has to be bound first, and a rule of its own says so.
 */
export function isIdle(project: Project, plan: UsagePlan): boolean {
  return plan.stages.length === 0 || apisWithoutKeys(project, plan) !== undefined;
}

/** The REST APIs that the plan covers, when no route of them asks for a key; undefined also when one lies elsewhere or is not decided. */
export function apisWithoutKeys(project: Project, plan: UsagePlan): readonly Api[] | undefined {
  const apis = coveredApis(project, plan);
  if (!apis || apis.length === 0) return undefined;
  if (apis.some((api) => api.unreadRoutes.length > 0 || api.routes.length === 0)) return undefined;
  // HTTP APIs have a rule of their own.
  if (apis.some(({ kind }) => kind !== 'rest')) return undefined;
  return apis.some((api) => api.routes.some((route) => keyRequired(route) !== false)) ? undefined : apis;
}

/** The APIs that the plan covers, or undefined when one of them lies elsewhere or is not decided. */
function coveredApis(project: Project, plan: UsagePlan): readonly Api[] | undefined {
  const found: Api[] = [];
  for (const stage of plan.stages) {
    const link = valueOf(stage.api);
    const api = link && project.apis.find(({ id }) => id === (link.kind === 'local' ? link.id : link.name));
    if (!api) return undefined;
    if (!found.includes(api)) found.push(api);
  }
  return found;
}
