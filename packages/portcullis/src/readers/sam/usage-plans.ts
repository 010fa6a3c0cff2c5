import { entry, get, type Node, stringOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { makeList, makeMap, ref } from '../serverless/lower/nodes.ts';
import { add, given, leave, pick, resolved, type Sam, spanOf } from './context.ts';

const shared = { plan: 'ServerlessUsagePlan', key: 'ServerlessApiKey', binding: 'ServerlessUsagePlanKey' } as const;

/**
 * `Auth.UsagePlan` of an API: a plan, a key and their binding for this API (PER_API), or one of each for all APIs that say SHARED; the last of
 * those decides quota and throttle.
 */
export function addUsagePlan(sam: Sam, owner: TemplateResource, written: Node | undefined, stageId: string): void {
  const plan = given(written);
  if (!plan) return;
  const kind = stringOf(resolved(sam, get(plan, 'CreateUsagePlan')));
  const span = spanOf(get(owner.properties, 'Auth'), 'UsagePlan', plan.span);
  if (kind === 'NONE') return;
  if (kind !== 'PER_API' && kind !== 'SHARED') {
    leave(sam, `UsagePlan of ${owner.id}`, 'its CreateUsagePlan is not decided', span, ['usage-plans']);
    return;
  }
  const settings = pick(plan, 'UsagePlanName', 'Description', 'Quota', 'Throttle');
  const stage = makeMap(span, { ApiId: ref(owner.id), Stage: ref(stageId) });
  const ids =
    kind === 'SHARED'
      ? shared
      : { plan: `${owner.id}UsagePlan`, key: `${owner.id}ApiKey`, binding: `${owner.id}UsagePlanKey` };
  const before = kind === 'SHARED' ? withdrawn(sam, owner) : undefined;
  const stages = [...(before?.stages ?? []), stage];
  const condition = before && before.condition !== owner.condition ? joined(sam, before.condition, owner) : undefined;
  const always = before !== undefined && (before.condition === undefined || owner.condition === undefined);
  const source = always ? { ...owner, condition: undefined } : owner;
  add(sam, source, ids.plan, 'AWS::ApiGateway::UsagePlan', span, { ApiStages: stages, ...settings }, { condition });
  const keys = makeList(span, [makeMap(span, { RestApiId: ref(owner.id), StageName: ref(stageId) })]);
  add(sam, source, ids.key, 'AWS::ApiGateway::ApiKey', span, { Enabled: true, StageKeys: keys }, { condition });
  const binding = { KeyId: ref(ids.key), KeyType: 'API_KEY', UsagePlanId: ref(ids.plan) };
  add(sam, source, ids.binding, 'AWS::ApiGateway::UsagePlanKey', span, binding, { condition });
}

interface Before {
  readonly stages: readonly Node[];
  readonly condition: string | undefined;
}

/** The shared plan made for the APIs before, taken out so that it can be made again for one more. */
function withdrawn(sam: Sam, owner: TemplateResource): Before | undefined {
  for (const [id, group] of sam.made) {
    const plan = group.find((one) => one.id === shared.plan);
    if (!plan || id === owner.id) continue;
    const ids: ReadonlySet<string> = new Set(Object.values(shared));
    sam.made.set(
      id,
      group.filter((one) => !ids.has(one.id)),
    );
    const stages = get(plan.properties, 'ApiStages');
    return {
      stages: stages?.kind === 'list' ? stages.items : [],
      condition: plan.condition,
    };
  }
  return undefined;
}

/** One of several conditions; undefined when an API among them has none. */
function joined(sam: Sam, before: string | undefined, owner: TemplateResource): string | undefined {
  if (before === undefined || owner.condition === undefined) return undefined;
  const name = 'SharedUsagePlanCondition';
  const known = entry(sam.conditions.get(name), 'Fn::Or')?.value;
  const others = known?.kind === 'list' ? known.items : [makeMap(owner.span, { Condition: before })];
  sam.conditions.set(name, makeMap(owner.span, { 'Fn::Or': [...others, { Condition: owner.condition }] }));
  return name;
}
