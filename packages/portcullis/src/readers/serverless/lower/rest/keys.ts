import { type Entry, type Node, type Span, textOf } from '../../../../project/index.ts';
import {
  addResource,
  apiSetting,
  isMap,
  kindName,
  type Lowering,
  notRead,
  providerSetting,
  wrongType,
} from '../lowering.ts';
import { naming } from '../naming.ts';
import { dig, emptyMap, isUnset, listOf, make, type Plain, ref, set } from '../nodes.ts';
import { reasonOf } from '../service.ts';

/** API keys, usage plans and what binds them (api-gateway/lib/{api-keys,usage-plan,usage-plan-keys}.js). */
export function lowerKeysAndPlans(lowering: Lowering, api: Node): void {
  const keys = restSetting(lowering, 'apiKeys');
  const plans = restSetting(lowering, 'usagePlan');
  if (!keys && !plans) return;
  const names = lowerPlans(lowering, plans, keys, api);
  if (keys) lowerKeys(lowering, keys, names, plans?.kind === 'list');
}

/** `provider.apiGateway.X`, or `provider.X` where the framework's version reads it. */
function restSetting(lowering: Lowering, key: string): Node | undefined {
  const setting = apiSetting(lowering, 'apiGateway', key);
  if (setting) return setting;
  return lowering.readsLegacyProvider ? set(providerSetting(lowering, key)) : undefined;
}

/** One plan (`usagePlan: {quota, throttle}`), a list of named ones, or, with keys alone, a plan without limits. */
function lowerPlans(
  lowering: Lowering,
  plans: Node | undefined,
  keys: Node | undefined,
  api: Node,
): ReadonlySet<string> {
  const names = new Set<string>();
  if (plans?.kind === 'list') {
    for (const item of plans.items) {
      const entry = isMap(item) ? item.entries[0] : undefined;
      if (!entry) {
        if (item.kind === 'unknown') notRead(lowering, 'a usage plan', item.reason, item.span, ['usage-plans']);
        continue;
      }
      names.add(entry.key);
      addPlan(lowering, entry.key, entry.value, entry.keySpan, api);
    }
    return names;
  }
  const span = plans?.span ?? keys?.span ?? lowering.providerSpan;
  if (plans && (plans.kind === 'unknown' || plans.kind === 'text')) {
    notRead(lowering, 'the usage plan', reasonOf(plans), span, ['usage-plans']);
  }
  names.add('default');
  addPlan(lowering, 'default', plans ?? emptyMap(span), planSpan(lowering) ?? span, api);
  return names;
}

/** The key `usagePlan`, where a person looks for the plan. */
function planSpan(lowering: Lowering): Span | undefined {
  for (const parent of [providerSetting(lowering, 'apiGateway'), lowering.provider]) {
    const entry = isMap(parent) ? parent.entries.findLast((candidate) => candidate.key === 'usagePlan') : undefined;
    if (entry) return entry.keySpan;
  }
  return undefined;
}

function addPlan(lowering: Lowering, name: string, plan: Node, span: Span, api: Node): void {
  const suffix = name === 'default' ? '' : `-${name}`;
  const quota = dig(plan, 'quota');
  const throttle = dig(plan, 'throttle');
  addResource(
    lowering,
    name === 'default' ? defaultPlanId(lowering) : naming.usagePlan(name),
    'AWS::ApiGateway::UsagePlan',
    span,
    {
      UsagePlanName: `${lowering.serviceName}${suffix}-${lowering.stage ?? '?'}`,
      ApiStages: [{ ApiId: api, Stage: lowering.stageNode }],
      Quota: limits(quota, { Limit: 'limit', Offset: 'offset', Period: 'period' }),
      Throttle: limits(throttle, { BurstLimit: 'burstLimit', RateLimit: 'rateLimit' }),
    },
  );
}

/** A list may name a plan `default` too, which then has a suffix of its own in the framework. */
function defaultPlanId(lowering: Lowering): string {
  const listed = restSetting(lowering, 'usagePlan')?.kind === 'list';
  return naming.usagePlan(listed ? 'default' : undefined);
}

function limits(node: Node | undefined, keys: Readonly<Record<string, string>>): Plain {
  if (isUnset(node) || !node) return undefined;
  if (!isMap(node)) return node;
  const fields: Record<string, Plain> = {};
  for (const [property, key] of Object.entries(keys)) fields[property] = dig(node, key);
  return make(node.span, fields);
}

function lowerKeys(lowering: Lowering, keys: Node, planNames: ReadonlySet<string>, named: boolean): void {
  if (keys.kind === 'unknown' || keys.kind === 'text') {
    notRead(lowering, 'the API keys', reasonOf(keys), keys.span, ['usage-plans']);
    return;
  }
  let number = 0;
  for (const item of keyItems(lowering, keys)) {
    const group = named && isMap(item) ? groupOf(item.entries, planNames) : undefined;
    if (group) {
      number = 0;
      for (const key of listOf(group.value)) {
        number += 1;
        addKey(lowering, key, naming.apiKey(number, group.key));
        bindKey(
          lowering,
          key,
          naming.apiKey(number, group.key),
          naming.usagePlanKey(number, group.key),
          naming.usagePlan(group.key),
        );
      }
    } else {
      number += 1;
      addKey(lowering, item, naming.apiKey(number));
      bindKey(lowering, item, naming.apiKey(number), naming.usagePlanKey(number), naming.usagePlan());
    }
  }
}

function groupOf(entries: readonly Entry[], planNames: ReadonlySet<string>): Entry | undefined {
  const [first] = entries;
  return first && planNames.has(first.key) ? first : undefined;
}

function keyItems(lowering: Lowering, keys: Node): readonly Node[] {
  if (keys.kind !== 'map') return listOf(keys);
  wrongType(
    lowering,
    {
      found: `\`apiKeys\` is ${kindName(keys)}`,
      expected: 'a list of names, of keys or of plans with their keys',
      span: keys.span,
      next: 'Begin every entry with `- `',
    },
    { steps: ['usage-plans'] },
  );
  return [];
}

function addKey(lowering: Lowering, key: Node, id: string): void {
  const map = isMap(key) ? key : undefined;
  const name = map ? dig(map, 'name') : key;
  addResource(lowering, id, 'AWS::ApiGateway::ApiKey', key.span, {
    Name: name,
    Enabled: set(dig(map, 'enabled')) ?? make(key.span, textOf(dig(map, 'enabled')) !== 'false'),
    Value: set(dig(map, 'value')),
    CustomerId: set(dig(map, 'customerId')),
  });
}

function bindKey(lowering: Lowering, key: Node, keyId: string, id: string, planId: string): void {
  addResource(lowering, id, 'AWS::ApiGateway::UsagePlanKey', key.span, {
    KeyId: ref(keyId),
    KeyType: 'API_KEY',
    UsagePlanId: ref(planId),
  });
}
