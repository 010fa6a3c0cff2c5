import { textOf } from '../../../../project/index.ts';
import type { Lowering } from '../lowering.ts';
import { dig, isUnset, listOf, make, type Plain, set } from '../nodes.ts';
import type { RestRoute } from '../rest/routes.ts';
import { findPlugin } from './list.ts';

const names = ['serverless-api-gateway-caching', 'serverless-api-gateway-caching-split-stack'] as const;

interface Caching {
  readonly cluster: boolean;
  /** Entries of `MethodSettings`. */
  readonly methods: readonly Plain[];
}

/**
 * What serverless-api-gateway-caching sets on the stage. `custom.apiGatewayCaching.enabled` makes the cache; an event has its answers
 * cached only when it says so itself, and of `ANY` only the GET requests.
 */
export function restCaching(lowering: Lowering, routes: readonly RestRoute[]): Caching {
  const shared = sharedSettings(lowering);
  if (!shared) return { cluster: false, methods: [] };
  const encryptedByDefault = dig(shared, 'dataEncrypted');
  const methods = routes.flatMap(({ settings, path, method, span }) => {
    const own = dig(settings, 'caching');
    if (isUnset(dig(own, 'enabled'))) return [];
    return [
      make(own?.span ?? span, {
        ResourcePath: path === '' ? '/' : `/${path}`,
        HttpMethod: method === 'ANY' ? 'GET' : method,
        CachingEnabled: true,
        CacheDataEncrypted: dig(own, 'dataEncrypted') ?? encryptedByDefault ?? false,
      }),
    ];
  });
  return { cluster: true, methods };
}

/** `CacheKeyParameters` of the integration: `request.header.X` is `method.request.header.X` there. */
export function cacheKeyParameters(lowering: Lowering, route: RestRoute): Plain {
  if (!sharedSettings(lowering)) return undefined;
  const parameters = dig(route.settings, 'caching', 'cacheKeyParameters');
  if (!parameters) return undefined;
  return listOf(parameters).flatMap((parameter): readonly Plain[] => {
    const name = dig(parameter, 'name');
    const text = textOf(name);
    if (!name || text === undefined) return name ? [name] : [];
    return [make(name.span, text.startsWith('request.') ? `method.${text}` : text)];
  });
}

function sharedSettings(lowering: Lowering) {
  if (!findPlugin(lowering.plugins, ...names)) return undefined;
  const shared = set(dig(lowering.custom, 'apiGatewayCaching'));
  return isUnset(dig(shared, 'enabled')) ? undefined : shared;
}
