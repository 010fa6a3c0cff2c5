import { type Node, type Span, textOf } from '../../../project/index.ts';
import { invocationUri } from './arns.ts';
import { websocketLogs } from './logs.ts';
import {
  addResource,
  apiSetting,
  findFunction,
  isMap,
  type Lowering,
  notRead,
  providerSetting,
  type ServiceFunction,
} from './lowering.ts';
import { lastOf, naming } from './naming.ts';
import { attribute, dig, isUnset, join, make, type Plain, ref, roughText, set } from './nodes.ts';
import { reportEmpty } from './rest/routes.ts';

interface SocketRoute {
  readonly fn: ServiceFunction;
  readonly span: Span;
  readonly route: string;
  readonly settings: Node;
}

/** The WebSocket API of the service (compile/events/websockets). */
export function lowerWebsocket(lowering: Lowering): boolean {
  const routes = collect(lowering);
  if (routes.length === 0) return false;
  const external = apiSetting(lowering, 'apiGateway', 'websocketApiId');
  const api = external ?? make(lowering.providerSpan, ref(naming.websocketApi));
  if (!external) {
    const name = `${lowering.stage ?? '?'}-${lowering.serviceName}-websockets`;
    addResource(lowering, naming.websocketApi, 'AWS::ApiGatewayV2::Api', lowering.providerSpan, {
      Name: set(providerSetting(lowering, 'websocketsApiName')) ?? name,
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression:
        set(providerSetting(lowering, 'websocketsApiRouteSelectionExpression')) ?? '$request.body.action',
    });
    addResource(lowering, naming.websocketStage, 'AWS::ApiGatewayV2::Stage', lowering.providerSpan, {
      ApiId: api,
      StageName: lowering.stageNode,
      ...websocketLogs(lowering),
    });
    lowering.roleStatements.push(
      make(lowering.providerSpan, {
        Effect: 'Allow',
        Action: ['execute-api:ManageConnections'],
        Resource: [{ 'Fn::Sub': 'arn:${AWS::Partition}:execute-api:*:*:*/@connections/*' }],
      }),
    );
  }
  for (const route of routes) lowerRoute(lowering, route, api);
  return true;
}

function collect(lowering: Lowering): readonly SocketRoute[] {
  const routes: SocketRoute[] = [];
  for (const fn of lowering.functions) {
    for (const event of fn.events) {
      const { kind, value, span, path } = event;
      if (kind !== 'websocket') continue;
      if (isUnset(value)) {
        reportEmpty(lowering, event);
        continue;
      }
      if (value.kind === 'unknown') notRead(lowering, path, value.reason, span, ['authorization']);
      const route = isMap(value) ? roughText(dig(value, 'route')) : roughText(value);
      if (route !== undefined && value.kind !== 'unknown') routes.push({ fn, span, route, settings: value });
    }
  }
  return routes;
}

function lowerRoute(lowering: Lowering, route: SocketRoute, api: Node): void {
  const { fn, span } = route;
  const functionArn = attribute(naming.lambda(fn.name), 'Arn');
  addResource(lowering, naming.websocketIntegration(fn.name), 'AWS::ApiGatewayV2::Integration', span, {
    ApiId: api,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: invocationUri(functionArn),
  });
  addResource(lowering, naming.websocketPermission(fn.name), 'AWS::Lambda::Permission', span, {
    FunctionName: functionArn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  });
  addResource(lowering, naming.websocketRoute(route.route), 'AWS::ApiGatewayV2::Route', span, {
    ApiId: api,
    RouteKey: route.route,
    Target: join('/', ['integrations', ref(naming.websocketIntegration(fn.name))]),
    ...authorizationOf(lowering, route, api),
  });
}

function authorizationOf(lowering: Lowering, route: SocketRoute, api: Node): { readonly [key: string]: Plain } {
  const entry = isMap(route.settings)
    ? route.settings.entries.findLast((candidate) => candidate.key === 'authorizer')
    : undefined;
  if (!entry || isUnset(entry.value)) return { AuthorizationType: make(entry?.keySpan ?? route.span, 'NONE') };
  const { value, keySpan: span } = entry;
  if (value.kind === 'unknown') return { AuthorizationType: value };
  const map = isMap(value) ? value : undefined;
  const written = map
    ? set(dig(map, 'arn'))
    : value.kind === 'text' || textOf(value)?.includes(':')
      ? value
      : undefined;
  const arnText = roughText(written);
  const name = written
    ? ((arnText !== undefined ? lastOf(arnText, ':') : textOf(dig(map, 'name'))) ?? 'authorizer')
    : textOf(map ? dig(map, 'name') : value);
  if (name === undefined) {
    const reason = 'has an authorizer with neither a name nor an ARN';
    return { AuthorizationType: { kind: 'unknown', span, source: 'other', reason } };
  }
  const id = naming.websocketAuthorizer(name);
  const authorization = { AuthorizationType: make(span, 'CUSTOM'), AuthorizerId: make(span, ref(id)) };
  if (!written && !findFunction(lowering, name)) {
    if (!lowering.functionsIncomplete) return authorization;
    const reason = `names the function ${name}, which may be among the functions that were not read`;
    return { AuthorizationType: { kind: 'unknown', span, source: 'other', reason } };
  }
  const arn = written ?? make(span, attribute(naming.lambda(name), 'Arn'));
  addResource(lowering, id, 'AWS::ApiGatewayV2::Authorizer', lowering.resources.get(id)?.span ?? span, {
    ApiId: api,
    Name: make(span, name),
    AuthorizerType: 'REQUEST',
    AuthorizerUri: invocationUri(arn),
    IdentitySource: set(dig(map, 'identitySource')) ?? ['route.request.header.Auth'],
  });
  addResource(lowering, naming.websocketPermission(name), 'AWS::Lambda::Permission', span, {
    FunctionName: arn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  });
  return authorization;
}
