import { type Node, textOf } from '../../../../project/index.ts';
import { executeApiArn, invocationUri } from '../arns.ts';
import { addResource, apiSetting, type Lowering } from '../lowering.ts';
import { naming } from '../naming.ts';
import { attribute, dig, isUnset, join, make, type Plain, ref, set } from '../nodes.ts';
import { cacheKeyParameters } from '../plugins/caching.ts';
import { authorize } from './authorizers.ts';
import { preflightOf, preflightResponses } from './preflight.ts';
import type { RestRoute } from './routes.ts';

/** AWS::ApiGateway::Resource for every path piece, then methods, preflight methods first: an http event for OPTIONS replaces them. */
export function lowerMethods(lowering: Lowering, routes: readonly RestRoute[], api: Node): void {
  for (const route of routes) lowerPath(lowering, route, api);
  const byPath = new Map<string, RestRoute[]>();
  for (const route of routes) {
    if (isUnset(dig(route.settings, 'cors'))) continue;
    const same = byPath.get(route.path);
    if (same) same.push(route);
    else byPath.set(route.path, [route]);
  }
  for (const same of byPath.values()) lowerPreflight(lowering, same, api);
  for (const route of routes) lowerMethod(lowering, route, api);
  for (const route of routes) if (route.fn) lowerPermission(lowering, route, route.fn.name, api);
}

function rootResource(lowering: Lowering): Plain {
  return apiSetting(lowering, 'apiGateway', 'restApiRootResourceId') ?? attribute(naming.restApi, 'RootResourceId');
}

/**
 * Resources are made for every piece of a path, also where `restApiResources` names existing ones: their ids say nothing of the
 * path, which is what is asked for here.
 */
function lowerPath(lowering: Lowering, route: RestRoute, api: Node): void {
  if (route.path === '') return;
  const pieces = route.path.split('/');
  let parent: Plain = rootResource(lowering);
  let path = '';
  for (const piece of pieces) {
    path = path === '' ? piece : `${path}/${piece}`;
    const id = naming.restResource(path);
    if (!lowering.resources.has(id)) {
      addResource(lowering, id, 'AWS::ApiGateway::Resource', route.span, {
        ParentId: parent,
        PathPart: piece,
        RestApiId: api,
      });
    }
    parent = ref(id);
  }
}

function resourceId(lowering: Lowering, route: RestRoute): Plain {
  return route.path === '' ? rootResource(lowering) : ref(naming.restResource(route.path));
}

function lowerPreflight(lowering: Lowering, routes: readonly RestRoute[], api: Node): void {
  const route = routes.at(-1);
  if (!route) return;
  const cors = route.settings.entries.findLast((entry) => entry.key === 'cors');
  addResource(
    lowering,
    naming.restMethod(route.path, 'options'),
    'AWS::ApiGateway::Method',
    cors?.keySpan ?? route.span,
    {
      AuthorizationType: 'NONE',
      HttpMethod: 'OPTIONS',
      ApiKeyRequired: false,
      ResourceId: resourceId(lowering, route),
      RestApiId: api,
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': '{statusCode:200}' },
        IntegrationResponses: preflightResponses(preflightOf(routes)),
      },
    },
  );
}

function lowerMethod(lowering: Lowering, route: RestRoute, api: Node): void {
  const key = dig(route.settings, 'private');
  addResource(lowering, naming.restMethod(route.path, route.method), 'AWS::ApiGateway::Method', route.span, {
    HttpMethod: route.method,
    ResourceId: resourceId(lowering, route),
    RestApiId: api,
    ApiKeyRequired: requiresKey(key, route),
    ...(route.authorization ?? authorize(lowering, route, api)),
    Integration: withCacheKeys(integrationOf(route), cacheKeyParameters(lowering, route)),
  });
}

function requiresKey(key: Node | undefined, route: RestRoute): Node {
  if (key?.kind === 'unknown' || key?.kind === 'text') return key;
  return make(key?.span ?? route.span, !isUnset(key));
}

/** The integration's type as the framework normalizes it: `lambda` is AWS, `lambda-proxy` AWS_PROXY, the default AWS_PROXY. */
function integrationType(route: RestRoute): string {
  const written = textOf(set(dig(route.settings, 'integration')));
  if (written === undefined) return isUnset(dig(route.settings, 'async')) ? 'AWS_PROXY' : 'AWS';
  const type = written.toUpperCase().replace('-', '_');
  if (type === 'LAMBDA') return 'AWS';
  return type === 'LAMBDA_PROXY' ? 'AWS_PROXY' : type;
}

function integrationOf(route: RestRoute): { readonly [key: string]: Plain } {
  const { settings, fn } = route;
  const written = dig(settings, 'integration');
  if (written?.kind === 'unknown' || written?.kind === 'text') return { Type: written };
  if (!fn) return serviceIntegration(route.service ?? 'states');
  const type = integrationType(route);
  const request = dig(settings, 'request');
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    return {
      Type: type,
      IntegrationHttpMethod: dig(request, 'method') ?? route.method,
      Uri: dig(request, 'uri'),
      ConnectionType: connectionType(dig(settings, 'connectionType')),
      ConnectionId: dig(settings, 'connectionId'),
      RequestParameters: mappedParameters(dig(request, 'parameters')),
    };
  }
  if (type === 'MOCK') return { Type: type, RequestTemplates: set(dig(request, 'template')) };
  return {
    Type: type,
    IntegrationHttpMethod: 'POST',
    Uri: invocationUri(attribute(naming.lambda(fn.name), 'Arn')),
  };
}

function withCacheKeys(integration: { readonly [key: string]: Plain }, keys: Plain): Plain {
  return keys === undefined ? integration : { ...integration, CacheKeyParameters: keys };
}

function serviceIntegration(service: string): { readonly [key: string]: Plain } {
  return {
    Type: 'AWS',
    IntegrationHttpMethod: 'POST',
    Uri: join('', ['arn:', ref('AWS::Partition'), ':apigateway:', ref('AWS::Region'), `:${service}:action/Call`]),
  };
}

function connectionType(node: Node | undefined): Plain {
  const text = textOf(node);
  return node && text !== undefined ? make(node.span, text.toUpperCase().replace('-', '_')) : node;
}

/** `request.parameters.headers.X-Secret: {mappedValue: "'...'"}` becomes `integration.request.header.X-Secret`. */
function mappedParameters(parameters: Node | undefined): Plain {
  if (parameters?.kind !== 'map') return undefined;
  const mapped: Record<string, Plain> = {};
  for (const location of ['querystrings', 'paths', 'headers']) {
    const entries = dig(parameters, location);
    if (entries?.kind !== 'map') continue;
    const singular = location.slice(0, -1);
    for (const entry of entries.entries) {
      const source = `request.${singular}.${entry.key}`;
      mapped[`integration.${source}`] = set(dig(entry.value, 'mappedValue')) ?? make(entry.keySpan, `method.${source}`);
    }
  }
  return Object.keys(mapped).length > 0 ? mapped : undefined;
}

function lowerPermission(lowering: Lowering, route: RestRoute, name: string, api: Node): void {
  addResource(lowering, naming.restPermission(name), 'AWS::Lambda::Permission', route.span, {
    FunctionName: attribute(naming.lambda(name), 'Arn'),
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: executeApiArn(api, '/*/*'),
  });
}
