import { isMap, type Lowering, notRead } from '../lowering.ts';
import { dig, listOf, set } from '../nodes.ts';
import { type RestRoute, readHttpEvent } from '../rest/routes.ts';
import { reasonOf } from '../service.ts';

const isProxyPlugin = (name: string) => name.endsWith('serverless-apigateway-service-proxy');
/** Services whose name in integration addresses is another one. */
const addresses: Readonly<Record<string, string>> = { eventbridge: 'events' };

/**
 * Routes of serverless-apigateway-service-proxy: `custom.apiGatewayServiceProxies[].sqs` and so on, with `path`, `method`, `private` and
 * the authorization in CloudFormation's terms (`authorizationType`, `authorizerId`, `authorizationScopes`).
 */
export function collectServiceProxies(lowering: Lowering): readonly RestRoute[] {
  if (!lowering.plugins.entries.some((plugin) => isProxyPlugin(plugin.name))) return [];
  const routes: RestRoute[] = [];
  listOf(set(dig(lowering.custom, 'apiGatewayServiceProxies'))).forEach((item, index) => {
    if (!isMap(item)) {
      notRead(lowering, 'API Gateway service proxies', reasonOf(item), item.span, ['authorization', 'usage-plans']);
      return;
    }
    const [proxy] = item.entries;
    if (!proxy) return;
    const path = `custom.apiGatewayServiceProxies[${index}]`;
    const event = { kind: proxy.key, value: proxy.value, span: proxy.keySpan, entry: item, path };
    const name = proxy.key.toLowerCase();
    const route = readHttpEvent(lowering, event, undefined, addresses[name] ?? name);
    if (!route) return;
    const type = set(dig(proxy.value, 'authorizationType'));
    routes.push({
      ...route,
      authorization: {
        AuthorizationType: type ?? 'NONE',
        AuthorizerId: set(dig(proxy.value, 'authorizerId')),
        AuthorizationScopes: set(dig(proxy.value, 'authorizationScopes')),
      },
    });
  });
  return routes;
}
