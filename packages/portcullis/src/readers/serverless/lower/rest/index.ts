import { type Node, textOf } from '../../../../project/index.ts';
import { restLogs } from '../logs.ts';
import { addResource, apiSetting, type Lowering, notRead, providerSetting } from '../lowering.ts';
import { naming } from '../naming.ts';
import { dig, isUnset, listOf, make, ref, set } from '../nodes.ts';
import { restCaching } from '../plugins/caching.ts';
import { collectServiceProxies } from '../plugins/service-proxies.ts';
import { collectStateMachineRoutes } from '../plugins/step-functions.ts';
import { restThrottling } from '../plugins/throttling.ts';
import { lowerKeysAndPlans } from './keys.ts';
import { lowerMethods } from './methods.ts';
import { collectHttpEvents } from './routes.ts';

/** The REST API of the service with its methods, authorizers, keys and plans. Without http events the framework makes none of them. */
export function lowerRest(lowering: Lowering): boolean {
  const routes = [
    ...collectHttpEvents(lowering),
    ...collectStateMachineRoutes(lowering),
    ...collectServiceProxies(lowering),
  ];
  if (routes.length === 0) return false;
  const gateway = providerSetting(lowering, 'apiGateway');
  if (gateway?.kind === 'unknown')
    notRead(lowering, 'provider.apiGateway', gateway.reason, gateway.span, ['usage-plans']);
  const api = restApiId(lowering);
  lowerApi(lowering);
  lowerMethods(lowering, routes, api);
  lowerKeysAndPlans(lowering, api);
  const logs = restLogs(lowering);
  const cache = restCaching(lowering, routes);
  const settings = [...restThrottling(lowering, routes), ...logs.methods, ...cache.methods];
  const described = settings.length > 0 || logs.accessLog !== undefined || cache.cluster;
  addResource(lowering, naming.restDeployment, 'AWS::ApiGateway::Deployment', apiSpan(lowering), {
    RestApiId: api,
    StageName: apiSetting(lowering, 'apiGateway', 'stage') ?? lowering.stageNode,
    StageDescription: described
      ? {
          MethodSettings: settings.length > 0 ? settings : undefined,
          AccessLogSetting: logs.accessLog,
          CacheClusterEnabled: cache.cluster ? true : undefined,
        }
      : undefined,
  });
  return true;
}

/** `provider.apiGateway.restApiId` names an API that another stack owns. */
function restApiId(lowering: Lowering): Node {
  const external = apiSetting(lowering, 'apiGateway', 'restApiId');
  return external ?? make(lowering.providerSpan, ref(naming.restApi));
}

/** Where a person would look for the settings of the API as a whole. */
function apiSpan(lowering: Lowering) {
  const { provider } = lowering;
  const entry =
    provider.kind === 'map' ? provider.entries.findLast((candidate) => candidate.key === 'apiGateway') : undefined;
  return entry?.keySpan ?? lowering.providerSpan;
}

function lowerApi(lowering: Lowering): void {
  if (apiSetting(lowering, 'apiGateway', 'restApiId')) return;
  const gateway = providerSetting(lowering, 'apiGateway');
  const span = apiSpan(lowering);
  const endpoint = set(providerSetting(lowering, 'endpointType'));
  const endpointText = textOf(endpoint)?.toUpperCase();
  const keySource = set(dig(gateway, 'apiKeySourceType'));
  const policy =
    set(dig(gateway, 'resourcePolicy')) ??
    (lowering.readsLegacyProvider ? set(providerSetting(lowering, 'resourcePolicy')) : undefined);
  const hasPolicy = policy && !(policy.kind === 'list' && policy.items.length === 0);
  const name = `${lowering.stage ?? '?'}-${lowering.serviceName}`;
  const reversed = `${lowering.serviceName}-${lowering.stage ?? '?'}`;
  addResource(lowering, naming.restApi, 'AWS::ApiGateway::RestApi', span, {
    Name:
      set(providerSetting(lowering, 'apiName')) ??
      (isUnset(dig(gateway, 'shouldStartNameWithService')) ? name : reversed),
    DisableExecuteApiEndpoint: dig(gateway, 'disableDefaultEndpoint'),
    EndpointConfiguration: {
      Types: [endpoint && endpointText !== undefined ? make(endpoint.span, endpointText) : (endpoint ?? 'EDGE')],
      VpcEndpointIds: endpoint ? set(providerSetting(lowering, 'vpcEndpointIds')) : undefined,
    },
    // The framework writes an empty text when there is no policy, so that a removed one is cleared.
    Policy: hasPolicy ? make(policy.span, { Version: '2012-10-17', Statement: statements(policy) }) : '',
    ApiKeySourceType: keySource ? make(keySource.span, textOf(keySource)?.toUpperCase() ?? keySource) : undefined,
  });
}

function statements(policy: Node): Node | readonly Node[] {
  return policy.kind === 'unknown' || policy.kind === 'text' ? policy : listOf(policy);
}
