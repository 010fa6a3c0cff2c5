import {
  type Api,
  type Fact,
  get,
  known,
  type Node,
  type PolicyStatement,
  type Resource,
  type Route,
  type Stage,
  stringOf,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { gatewayResponseGrants, preflightGrants } from './cors.ts';
import { booleanFact, choiceFact, describe, isNull, orDefault, textListFact } from './facts.ts';
import { restIntegration } from './integrations.ts';
import { groupBy, idOf, importedRoutes, nameOf, uniqueRoutes } from './names.ts';
import { pathOf } from './paths.ts';
import { policyFact } from './policy.ts';
import { routeAuthorization, unenforcedSchemes } from './route-authorization.ts';
import { restStages } from './stages.ts';

const elsewhere = 'belongs to an API that is described elsewhere';

/** APIs of this template, and one for every API elsewhere to which this template adds methods. */
export function buildRestApis(context: BuildContext): readonly Api[] {
  const methods = groupBy(context.ofType('AWS::ApiGateway::Method'), apiOf);
  const stages = restStages(context);
  const refusals = gatewayResponseGrants(context);
  const own = context.ofType('AWS::ApiGateway::RestApi').map((resource) => {
    const group = methods.get(resource.id) ?? [];
    const routes = uniqueRoutes(group.map((method) => route(context, method, resource)));
    methods.delete(resource.id);
    const cors = [...preflightGrants(group, routes), ...(refusals.get(resource.id) ?? [])];
    return { ...ownApi(context, resource, routes, stages.get(resource.id) ?? []), cors };
  });
  const others = [...methods].flatMap(([id, group]) => {
    const [first] = group;
    if (!first) return [];
    const routes = uniqueRoutes(group.map((method) => route(context, method, context.resources.get(id))));
    return [foreignApi(id, first, routes, stages.get(id) ?? [])];
  });
  return [...own, ...others];
}

function ownApi(
  context: BuildContext,
  { id, span, properties }: Resource,
  routes: readonly Route[],
  stages: readonly Stage[],
): Api {
  const policy = get(properties, 'Policy');
  const unreadRoutes = importedRoutes(context, properties, id);
  const resourcePolicy: Fact<readonly PolicyStatement[]> =
    unreadRoutes.length > 0 && !context.bodies.has(id) && isNull(policy)
      ? unknown('may be written in the OpenAPI body, which is not read', unreadRoutes[0]?.span)
      : policyFact(policy);
  return {
    id,
    kind: 'rest',
    name: nameOf(get(properties, 'Name')),
    span,
    endpoint: endpointOf(
      get(get(properties, 'EndpointConfiguration'), 'Types'),
      get(properties, 'EndpointConfiguration'),
    ),
    resourcePolicy,
    resourcePolicySpan: policy && !isNull(policy) && stringOf(policy) !== '' ? policy.span : undefined,
    keySource: orDefault(
      get(properties, 'ApiKeySourceType'),
      (node) => choiceFact(node, ['HEADER', 'AUTHORIZER']),
      'HEADER',
    ),
    defaultEndpointDisabled: orDefault(get(properties, 'DisableExecuteApiEndpoint'), booleanFact, false),
    stages,
    routes,
    unreadRoutes,
  };
}

function foreignApi(id: string, method: Resource, routes: readonly Route[], stages: readonly Stage[]): Api {
  return {
    id,
    kind: 'rest',
    name: undefined,
    span: get(method.properties, 'RestApiId')?.span ?? method.span,
    endpoint: unknown(elsewhere),
    resourcePolicy: unknown(elsewhere),
    resourcePolicySpan: undefined,
    keySource: unknown(elsewhere),
    defaultEndpointDisabled: unknown(elsewhere),
    stages,
    routes,
    unreadRoutes: [],
  };
}

function endpointOf(types: Node | undefined, configuration: Node | undefined): Api['endpoint'] {
  const source = types ?? (configuration?.kind === 'map' ? undefined : configuration);
  return orDefault<'EDGE' | 'REGIONAL' | 'PRIVATE'>(
    source,
    (node) => {
      if (node.kind === 'map') return endpointOf(get(node, 'Types'), undefined);
      const first = node.kind === 'list' ? node.items[0] : node;
      return first ? choiceFact(first, ['EDGE', 'REGIONAL', 'PRIVATE']) : known('EDGE');
    },
    'EDGE',
  );
}

function route(context: BuildContext, method: Resource, api: Resource | undefined): Route {
  const { properties, span } = method;
  const httpMethod = get(properties, 'HttpMethod');
  const verb = (httpMethod ? describe(httpMethod) : 'ANY').toUpperCase();
  const path = pathOf(context, get(properties, 'ResourceId'));
  const integration = restIntegration(context, get(properties, 'Integration'), span);
  return {
    id: `${apiOf(method)} ${verb} ${path}`,
    method: verb,
    path,
    span,
    integration,
    authorization: routeAuthorization(context, method, api?.condition),
    scopes: textListFact(get(properties, 'AuthorizationScopes')),
    apiKeyRequired: orDefault(get(properties, 'ApiKeyRequired'), booleanFact, false),
    preflight: verb === 'OPTIONS' && integration.kind === 'mock',
    ...cacheKeys(get(properties, 'Integration')),
    ...unenforcedSchemes(properties),
  };
}

/** `CacheKeyParameters` of an integration. */
function cacheKeys(integration: Node | undefined): Pick<Route, 'cacheKeys'> {
  if (integration && integration.kind !== 'map') return { cacheKeys: unknown('is not decided by the files') };
  const keys = get(integration, 'CacheKeyParameters');
  return keys ? { cacheKeys: textListFact(keys) } : {};
}

/** Logical id of the API, or its id as text with `${...}` for what is known when it is deployed. */
function apiOf(resource: Resource): string {
  return idOf(get(resource.properties, 'RestApiId'));
}
