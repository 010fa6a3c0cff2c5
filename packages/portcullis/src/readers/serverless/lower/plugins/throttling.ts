import type { Node, Span } from '../../../../project/index.ts';
import type { Lowering } from '../lowering.ts';
import { dig, isUnset, make, type Plain, set } from '../nodes.ts';
import { findPlugin } from './list.ts';

export const throttlingPlugin = 'serverless-api-gateway-throttling';
const allMethods = ['GET', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
// What the plugin fills in for a limit that is not written; they are also the default limits of an account in most regions.
const defaultRate = 10_000;
const defaultBurst = 5_000;

interface ThrottledRoute {
  /** As in `http.path`, without leading `/`. */
  readonly path: string;
  readonly method: string;
  readonly settings: Node;
}

/** `custom.apiGatewayThrottling` when the plugin is listed. Without it the plugin does nothing, per-event settings included. */
function sharedSettings(lowering: Lowering): Node | undefined {
  if (!findPlugin(lowering.plugins, throttlingPlugin)) return undefined;
  return set(dig(lowering.custom, 'apiGatewayThrottling'));
}

function limits(own: Node | undefined, shared: Node): { rate: Plain; burst: Plain } {
  // -1 turns throttling off for the method: the account's limits are all that is left.
  if (!isUnset(dig(own, 'disabled'))) return { rate: -1, burst: -1 };
  const pick = (key: string, fallback: number) => dig(own, key) ?? set(dig(shared, key)) ?? fallback;
  return {
    rate: pick('maxRequestsPerSecond', defaultRate),
    burst: pick('maxConcurrentRequests', defaultBurst),
  };
}

/** What the plugin sets on a REST stage after the deployment, as `MethodSettings`: for all methods, then for single ones. */
export function restThrottling(lowering: Lowering, routes: readonly ThrottledRoute[]): readonly Plain[] {
  const shared = sharedSettings(lowering);
  if (!shared) return [];
  const settings: Plain[] = [methodSetting(shared.span, '/*', '*', undefined, shared)];
  for (const route of routes) {
    const own = set(dig(route.settings, 'throttling'));
    if (!own) continue;
    const resourcePath = route.path === '' ? '/' : `/~1${route.path.replaceAll('/', '~1')}`;
    const methods = route.method === 'ANY' ? allMethods : [route.method];
    for (const method of methods) settings.push(methodSetting(own.span, resourcePath, method, own, shared));
  }
  return settings;
}

function methodSetting(span: Span, path: string, method: string, own: Node | undefined, shared: Node): Plain {
  const { rate, burst } = limits(own, shared);
  return make(span, {
    ResourcePath: path,
    HttpMethod: method,
    ThrottlingRateLimit: rate,
    ThrottlingBurstLimit: burst,
  });
}

/** The same for the `$default` stage of an HTTP API: DefaultRouteSettings, and RouteSettings by route key. */
export function httpThrottling(
  lowering: Lowering,
  routes: readonly { readonly key: string; readonly settings: Node }[],
): { all: Plain; byRoute: Plain } {
  const shared = sharedSettings(lowering);
  if (!shared) return { all: undefined, byRoute: undefined };
  const limit = (own: Node | undefined, span: Span) => {
    const { rate, burst } = limits(own, shared);
    return make(span, { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst });
  };
  const byRoute: Record<string, Plain> = {};
  for (const route of routes) {
    const own = set(dig(route.settings, 'throttling'));
    if (own) byRoute[route.key] = limit(own, own.span);
  }
  return {
    all: limit(undefined, shared.span),
    byRoute: Object.keys(byRoute).length > 0 ? byRoute : undefined,
  };
}
