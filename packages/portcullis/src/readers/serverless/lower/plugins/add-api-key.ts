import { type Node, textOf } from '../../../../project/index.ts';
import { addResource, apiSetting, isMap, type Lowering, notRead, providerSetting } from '../lowering.ts';
import { naming } from '../naming.ts';
import { dig, isUnset, listOf, make, type Plain, ref, set } from '../nodes.ts';
import { reasonOf } from '../service.ts';
import { findPlugin } from './list.ts';

/**
 * serverless-add-api-key: keys and plans that several services may share, made by SDK calls after the deployment. A key
 * without a plan gets one without limits, named after the key, or the plan below `provider.usagePlan` when that has a name.
 */
export function lowerAddedKeys(lowering: Lowering): void {
  if (!findPlugin(lowering.plugins, 'serverless-add-api-key')) return;
  const config = set(dig(lowering.custom, 'apiKeys'));
  if (!config) return;
  const list = isMap(config) ? (lowering.stage === undefined ? undefined : dig(config, lowering.stage)) : config;
  if (!list || list.kind === 'unknown') {
    if (list || lowering.stage === undefined) {
      notRead(lowering, 'the API keys', list ? reasonOf(list) : 'depends on the stage', config.span, ['usage-plans']);
    }
    return;
  }
  const plans = new Map<string, string>();
  listOf(list).forEach((key, index) => {
    lowerKey(lowering, key, index + 1, plans);
  });
}

function lowerKey(lowering: Lowering, key: Node, number: number, plans: Map<string, string>): void {
  const api = apiSetting(lowering, 'apiGateway', 'restApiId') ?? make(key.span, ref(naming.restApi));
  const name = isMap(key) ? dig(key, 'name') : key;
  const value = dig(key, 'value');
  const keyId = `PluginApiKey${number}`;
  addResource(lowering, keyId, 'AWS::ApiGateway::ApiKey', key.span, {
    Name: name,
    Enabled: true,
    // An encrypted value ({encrypted: ...}) is not the key itself.
    Value: isMap(value) ? undefined : set(value),
  });
  const own = dig(key, 'usagePlan');
  const shared = providerSetting(lowering, 'usagePlan');
  const plan =
    textOf(dig(own, 'name')) !== undefined ? own : textOf(dig(shared, 'name')) !== undefined ? shared : undefined;
  const planName = textOf(dig(plan, 'name')) ?? `${textOf(name) ?? number}-usage-plan`;
  let planId = plans.get(planName);
  if (planId === undefined) {
    planId = `PluginUsagePlan${plans.size + 1}`;
    plans.set(planName, planId);
    addResource(lowering, planId, 'AWS::ApiGateway::UsagePlan', plan?.span ?? key.span, {
      UsagePlanName: planName,
      ApiStages: [{ ApiId: api, Stage: lowering.stageNode }],
      Quota: limits(dig(plan, 'quota'), { Limit: 'limit', Offset: 'offset', Period: 'period' }),
      Throttle: limits(dig(plan, 'throttle'), { BurstLimit: 'burstLimit', RateLimit: 'rateLimit' }),
    });
  }
  addResource(lowering, `PluginUsagePlanKey${number}`, 'AWS::ApiGateway::UsagePlanKey', key.span, {
    KeyId: ref(keyId),
    KeyType: 'API_KEY',
    UsagePlanId: ref(planId),
  });
}

function limits(node: Node | undefined, keys: Readonly<Record<string, string>>): Plain {
  if (!node || isUnset(node)) return undefined;
  const fields: Record<string, Plain> = {};
  for (const [property, key] of Object.entries(keys)) fields[property] = dig(node, key);
  return make(node.span, fields);
}
