import {
  type ApiKey,
  type Fact,
  get,
  type IgnoredSetting,
  items,
  type Link,
  type Node,
  possibilities,
  type Quota,
  type Resource,
  type Stage,
  type UsagePlan,
  type UsagePlanStage,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, choiceFact, isNull, linkFact, numberFact, onlyWhen, optional, orDefault } from './facts.ts';
import { groupBy, idOf, nameOf } from './names.ts';
import { restStages, stageMeant } from './stages.ts';
import { pathThrottles, planThrottle } from './throttles.ts';

export function buildApiKeys(context: BuildContext): readonly ApiKey[] {
  return context.ofType('AWS::ApiGateway::ApiKey').map(({ id, span, properties }) => {
    const value = get(properties, 'Value');
    return {
      id,
      name: nameOf(get(properties, 'Name')),
      span,
      // CreateApiKey makes a disabled key unless it is told otherwise.
      enabled: orDefault(get(properties, 'Enabled'), booleanFact, false),
      value: isNull(value) ? undefined : value,
    };
  });
}

/** `StageKeys` of a key that is in no plan: the way keys were bound to stages before there were usage plans. */
export function oldStageKeys(context: BuildContext): readonly IgnoredSetting[] {
  const bound = new Set(
    context.ofType('AWS::ApiGateway::UsagePlanKey').map((binding) => idOf(get(binding.properties, 'KeyId'))),
  );
  return context.ofType('AWS::ApiGateway::ApiKey').flatMap(({ id, properties }) => {
    const keys = get(properties, 'StageKeys');
    if (!keys || isNull(keys) || bound.has(id)) return [];
    return [
      {
        step: 'usage-plans' as const,
        path: `${id}.StageKeys`,
        span: keys.span,
        reason:
          'API Gateway reads StageKeys only for APIs from before usage plans came (August 2016); elsewhere the key opens no stage until it belongs to a usage plan.',
        instead:
          'Make an AWS::ApiGateway::UsagePlan with the stage, and an AWS::ApiGateway::UsagePlanKey for this key.',
      },
    ];
  });
}

export function buildUsagePlans(context: BuildContext): readonly UsagePlan[] {
  const stages = restStages(context);
  const bindings = groupBy(context.ofType('AWS::ApiGateway::UsagePlanKey'), (binding) =>
    idOf(get(binding.properties, 'UsagePlanId')),
  );
  return context.ofType('AWS::ApiGateway::UsagePlan').map((resource) => {
    const { id, span, properties } = resource;
    return {
      id,
      name: nameOf(get(properties, 'UsagePlanName')),
      span,
      stages: planStages(context, resource, stages),
      throttle: planThrottle(get(properties, 'Throttle')),
      quota: quotaOf(get(properties, 'Quota')),
      keys: keysOf(context, resource, bindings.get(id) ?? []),
    };
  });
}

function planStages(
  context: BuildContext,
  plan: Resource,
  stages: ReadonlyMap<string, readonly Stage[]>,
): readonly UsagePlanStage[] {
  const written = get(plan.properties, 'ApiStages');
  if (!written) return [];
  const values = possibilities(written);
  const bare = values.some((value) => isNull(value) || (value.kind === 'list' && value.items.length === 0));
  const condition = bare && written.kind === 'either' ? written.condition : undefined;
  return values
    .flatMap(items)
    .flatMap(possibilities)
    .filter((stage) => !isNull(stage))
    .map((stage) => {
      const api = get(stage, 'ApiId');
      const name = get(stage, 'Stage');
      const target = api ? linkFact(api) : unknown('names no API', stage.span);
      return {
        api: inBranch(onlyWhen(target, plan, new Set([context.resources.get(idOf(api))?.condition])), condition),
        stage: name ? stageMeant(context, name, stages.get(idOf(api))) : unknown('names no stage', stage.span),
        throttles: pathThrottles(get(stage, 'Throttle')),
        span: stage.span,
      };
    });
}

/** A stage that is listed in one branch only is covered for certain only there. */
function inBranch(api: Fact<Link>, condition: string | undefined): Fact<Link> {
  if (condition === undefined) return api;
  return { kind: 'either', condition, options: [api, unknown(`depends on the condition ${condition}`)] };
}

function quotaOf(node: Node | undefined): Quota | undefined {
  const quota = node && possibilities(node).find((value) => !isNull(value));
  if (!quota) return undefined;
  const read = {
    limit: optional(get(quota, 'Limit'), numberFact),
    period: optional(get(quota, 'Period'), (value) =>
      choiceFact<'DAY' | 'WEEK' | 'MONTH'>(value, ['DAY', 'WEEK', 'MONTH']),
    ),
    span: quota.span,
  };
  return read.limit || read.period || quota.kind === 'unknown' ? read : undefined;
}

function keysOf(context: BuildContext, plan: Resource, bindings: readonly Resource[]): readonly Fact<Link>[] {
  return bindings.map((binding) => {
    const key = get(binding.properties, 'KeyId');
    const link = key ? linkFact(key) : unknown('names no key', binding.span);
    return onlyWhen(link, binding, new Set([plan.condition, keyCondition(context, key)]));
  });
}

function keyCondition(context: BuildContext, key: Node | undefined): string | undefined {
  return key?.kind === 'reference' ? context.resources.get(key.id)?.condition : undefined;
}
