import {
  type Api,
  entry,
  get,
  type Integration,
  known,
  type Node,
  type Resource,
  type Route,
  type Stage,
  textOf,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { corsConfiguration } from './cors.ts';
import { booleanFact, describe, isNull, orDefault, textListFact } from './facts.ts';
import { functionLink } from './functions.ts';
import { httpIntegration } from './integrations.ts';
import { groupBy, idOf, importedRoutes, nameOf, uniqueRoutes } from './names.ts';
import { routeAuthorization, unenforcedSchemes } from './route-authorization.ts';
import { httpStages } from './stages.ts';
import { splitRouteKey } from './throttles.ts';

const elsewhere = 'belongs to an API that is described elsewhere';

/** HTTP and WebSocket APIs of this template, and one for every API elsewhere to which this template adds routes. */
export function buildHttpApis(context: BuildContext): readonly Api[] {
  const routes = groupBy(context.ofType('AWS::ApiGatewayV2::Route'), (route) => idOf(get(route.properties, 'ApiId')));
  const stages = httpStages(context);
  const own = context.ofType('AWS::ApiGatewayV2::Api').map((resource) => {
    const group = routes.get(resource.id) ?? [];
    routes.delete(resource.id);
    return ownApi(context, resource, group, stages.get(resource.id) ?? []);
  });
  const others = [...routes].flatMap(([id, group]) => {
    const [first] = group;
    if (!first) return [];
    const read = uniqueRoutes(group.map((route) => routeOf(context, route, id, context.resources.get(id))));
    const kind = group.some(isSocketRoute) ? 'websocket' : 'http';
    return [foreignApi(id, kind, first, read, stages.get(id) ?? [])];
  });
  return [...own, ...others];
}

function ownApi(context: BuildContext, resource: Resource, group: readonly Resource[], stages: readonly Stage[]): Api {
  const { id, span, properties } = resource;
  const protocol = textOf(get(properties, 'ProtocolType'))?.toUpperCase();
  const target = get(properties, 'Target');
  const quick = isNull(target) || !target ? [] : [quickRoute(context, resource, target)];
  return {
    ...base(id),
    kind: protocol === 'WEBSOCKET' ? 'websocket' : 'http',
    name: nameOf(get(properties, 'Name')),
    span,
    defaultEndpointDisabled: orDefault(get(properties, 'DisableExecuteApiEndpoint'), booleanFact, false),
    stages: quick.length > 0 ? [...stages, quickStage(resource)] : stages,
    routes: uniqueRoutes([...quick, ...group.map((route) => routeOf(context, route, id, resource))]),
    unreadRoutes: importedRoutes(context, properties, id),
    cors: corsConfiguration(id, get(properties, 'CorsConfiguration')),
  };
}

function base(id: string): Pick<Api, 'id' | 'endpoint' | 'resourcePolicy' | 'resourcePolicySpan' | 'keySource'> {
  return {
    id,
    endpoint: known('REGIONAL'),
    resourcePolicy: known([]),
    resourcePolicySpan: undefined,
    keySource: known('HEADER'),
  };
}

function foreignApi(
  id: string,
  kind: 'http' | 'websocket',
  route: Resource,
  routes: readonly Route[],
  stages: readonly Stage[],
): Api {
  return {
    ...base(id),
    kind,
    name: undefined,
    span: get(route.properties, 'ApiId')?.span ?? route.span,
    defaultEndpointDisabled: unknown(elsewhere),
    stages,
    routes,
    unreadRoutes: [],
  };
}

/** Only WebSocket APIs have route keys without a method and a path, `$default` apart. */
function isSocketRoute({ properties }: Resource): boolean {
  const key = textOf(get(properties, 'RouteKey'));
  return key !== undefined && key !== '$default' && !key.includes(' ');
}

function routeOf(context: BuildContext, resource: Resource, api: string, owner: Resource | undefined): Route {
  const { properties, span } = resource;
  const key = get(properties, 'RouteKey');
  const { method, path } = splitRouteKey(key ? describe(key) : '$default');
  return {
    id: `${api} ${method} ${path}`,
    method,
    path,
    span,
    integration: targetOf(context, get(properties, 'Target'), resource),
    authorization: routeAuthorization(context, resource, owner?.condition),
    scopes: textListFact(get(properties, 'AuthorizationScopes')),
    apiKeyRequired: orDefault(get(properties, 'ApiKeyRequired'), booleanFact, false),
    preflight: false,
    ...unenforcedSchemes(properties),
  };
}

/** `integrations/<id>` of a route. */
function targetOf(context: BuildContext, target: Node | undefined, route: Resource): Integration {
  const { span } = route;
  const nodes: readonly Node[] = target?.kind === 'either' ? target.branches : target ? [target] : [];
  for (const node of nodes) {
    const parts = node.kind === 'text' ? node.parts : node.kind === 'reference' ? [node] : [];
    for (const part of parts) {
      if (typeof part === 'string' || part.kind !== 'reference') continue;
      const integration = context.resources.get(part.id);
      if (integration?.type === 'AWS::ApiGatewayV2::Integration') {
        return httpIntegration(context, integration.properties);
      }
    }
  }
  const reason = target ? 'has an integration that is described elsewhere' : 'has no integration in the template';
  return { kind: 'unknown', reason, span };
}

/** `Target` of an API makes one route, `RouteKey` or `$default`, and the stage `$default`. */
function quickRoute(context: BuildContext, resource: Resource, target: Node): Route {
  const { id, properties } = resource;
  const key = get(properties, 'RouteKey');
  const { method, path } = splitRouteKey(key && !isNull(key) ? describe(key) : '$default');
  const overrides = context
    .ofType('AWS::ApiGatewayV2::ApiGatewayManagedOverrides')
    .find((candidate) => idOf(get(candidate.properties, 'ApiId')) === id);
  const override = get(overrides?.properties, 'Route');
  const settings: Resource =
    override?.kind === 'map'
      ? { ...resource, properties: override }
      : { ...resource, properties: { kind: 'map', entries: [], span: target.span } };
  const address = describe(target);
  const integration: Integration = address.includes('://')
    ? {
        kind: 'http',
        uri: known(address, target.span),
        loadBalancer: undefined,
        private: known(false),
        headers: [],
        span: target.span,
      }
    : { kind: 'function', function: functionLink(context, target), span: target.span };
  return {
    id: `${id} ${method} ${path}`,
    method,
    path,
    span: entry(properties, 'Target')?.keySpan ?? resource.span,
    integration,
    authorization: routeAuthorization(context, settings, resource.condition),
    scopes: textListFact(get(settings.properties, 'AuthorizationScopes')),
    apiKeyRequired: known(false),
    preflight: false,
  };
}

function quickStage({ id, span }: Resource): Stage {
  return { id: `${id}.$default`, name: known('$default', span), span, throttles: [] };
}
