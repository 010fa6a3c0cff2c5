import { type MapNode, type Node, type Span, textOf } from '../../../project/index.ts';
import { executeApiArn, invocationUri } from './arns.ts';
import { httpLogs } from './logs.ts';
import {
  addResource,
  apiSetting,
  isMap,
  kindName,
  type Lowering,
  notRead,
  providerSetting,
  type ServiceEvent,
  type ServiceFunction,
  wrongType,
} from './lowering.ts';
import { naming } from './naming.ts';
import {
  attribute,
  dig,
  emptyMap,
  isUnset,
  join,
  listOf,
  make,
  makeList,
  type Plain,
  ref,
  roughText,
  set,
} from './nodes.ts';
import { httpThrottling } from './plugins/throttling.ts';
import { reportEmpty } from './rest/routes.ts';

interface HttpRoute {
  readonly fn: ServiceFunction;
  readonly span: Span;
  /** `GET /orders`, or `*` for the catch-all route. */
  readonly key: string;
  readonly settings: MapNode;
}

/** The HTTP API of the service (compile/events/http-api.js). */
export function lowerHttpApi(lowering: Lowering): boolean {
  const routes: HttpRoute[] = [];
  for (const fn of lowering.functions) {
    for (const event of fn.events) {
      const route = event.kind === 'httpApi' ? readEvent(lowering, event, fn) : undefined;
      if (route) routes.push(route);
    }
  }
  if (routes.length === 0) return false;
  const config = providerSetting(lowering, 'httpApi');
  const external = apiSetting(lowering, 'httpApi', 'id');
  const api = external ?? make(lowering.providerSpan, ref(naming.httpApi));
  if (!external) lowerApi(lowering, config, routes);
  const authorizers = dig(config, 'authorizers');
  if (isMap(authorizers)) {
    for (const entry of authorizers.entries) {
      lowerAuthorizer(lowering, entry.key, entry.value, entry.keySpan, api);
    }
  }
  for (const route of routes) lowerRoute(lowering, route, authorizers, api);
  return true;
}

/** `GET /orders`, `*`, or `{method, path, authorizer}`. */
function readEvent(lowering: Lowering, event: ServiceEvent, fn: ServiceFunction): HttpRoute | undefined {
  const { value, span } = event;
  if (value.kind === 'unknown') {
    notRead(lowering, event.path, value.reason, span, ['authorization', 'usage-plans', 'firewall']);
    return undefined;
  }
  if (isUnset(value)) {
    reportEmpty(lowering, event);
    return undefined;
  }
  const settings = isMap(value) ? value : emptyMap(span);
  const short = isMap(value) ? undefined : roughText(value);
  const [first = '', second] = (short ?? '').split(' ');
  const method = isMap(value) ? methodOf(dig(value, 'method')) : second === undefined ? undefined : first;
  const path = isMap(value) ? roughText(dig(value, 'path')) : (second ?? (first === '*' ? '*' : undefined));
  if (path === '*') return { fn, span, key: '*', settings };
  if (path === undefined || method === undefined) {
    wrongType(lowering, {
      found: `\`${event.path}.httpApi\` is ${isMap(value) ? 'a map without both `path` and `method`' : kindName(value)}`,
      expected: '`METHOD /path`, `*`, or a map with `path` and `method`',
      span,
      next: 'Write it as `httpApi: GET /orders`',
    });
    return undefined;
  }
  const upper = method.toUpperCase();
  return { fn, span, key: `${upper === '*' || upper.includes('?') ? 'ANY' : upper} ${path}`, settings };
}

function methodOf(node: Node | undefined): string | undefined {
  return roughText(node);
}

function lowerApi(lowering: Lowering, config: Node | undefined, routes: readonly HttpRoute[]): void {
  const span = keySpan(lowering.provider, 'httpApi') ?? lowering.providerSpan;
  const cors = set(dig(config, 'cors'));
  const name = `${lowering.stage ?? '?'}-${lowering.serviceName}`;
  addResource(lowering, naming.httpApi, 'AWS::ApiGatewayV2::Api', span, {
    Name:
      set(dig(config, 'name')) ??
      (isUnset(dig(config, 'shouldStartNameWithService')) ? name : `${lowering.serviceName}-${lowering.stage ?? '?'}`),
    ProtocolType: 'HTTP',
    DisableExecuteApiEndpoint: dig(config, 'disableDefaultEndpoint'),
    CorsConfiguration: cors ? corsConfiguration(cors) : undefined,
  });
  const { all, byRoute } = httpThrottling(
    lowering,
    routes.map((route) => ({ key: route.key === '*' ? '$default' : route.key, settings: route.settings })),
  );
  addResource(lowering, naming.httpStage, 'AWS::ApiGatewayV2::Stage', span, {
    ApiId: ref(naming.httpApi),
    StageName: '$default',
    AutoDeploy: true,
    DefaultRouteSettings: all,
    RouteSettings: byRoute,
    AccessLogSettings: httpLogs(lowering),
  });
}

function keySpan(node: Node, key: string): Span | undefined {
  return isMap(node) ? node.entries.findLast((entry) => entry.key === key)?.keySpan : undefined;
}

function corsConfiguration(cors: Node): Plain {
  return make(cors.span, {
    AllowCredentials: dig(cors, 'allowCredentials'),
    AllowOrigins: set(dig(cors, 'allowedOrigins')) ?? ['*'],
    AllowMethods: set(dig(cors, 'allowedMethods')),
    AllowHeaders: set(dig(cors, 'allowedHeaders')),
  });
}

/** `type: request` is a Lambda authorizer; everything else is JWT, as in the framework. */
function lowerAuthorizer(lowering: Lowering, key: string, config: Node, span: Span, api: Node): void {
  const name = textOf(set(dig(config, 'name'))) ?? key;
  const type = set(dig(config, 'type'));
  const sources = dig(config, 'identitySource');
  const shared = {
    ApiId: api,
    Name: set(dig(config, 'name')) ?? make(span, name),
    IdentitySource: isUnset(sources) ? undefined : makeList(sources?.span ?? span, listOf(sources)),
  };
  const id = naming.httpAuthorizer(name);
  if (config.kind === 'unknown') {
    addResource(lowering, id, 'AWS::ApiGatewayV2::Authorizer', span, { ...shared, AuthorizerType: config });
    return;
  }
  if (textOf(type) !== 'request') {
    addResource(lowering, id, 'AWS::ApiGatewayV2::Authorizer', span, {
      ...shared,
      AuthorizerType: type?.kind === 'unknown' ? type : make(type?.span ?? span, 'JWT'),
      JwtConfiguration: {
        Audience: audienceOf(dig(config, 'audience')),
        Issuer: dig(config, 'issuerUrl'),
      },
    });
    return;
  }
  const functionName = textOf(set(dig(config, 'functionName')));
  const written = set(dig(config, 'functionArn'));
  const arn = written ?? make(span, attribute(naming.lambda(functionName ?? '?'), 'Arn'));
  addResource(lowering, id, 'AWS::ApiGatewayV2::Authorizer', span, {
    ...shared,
    AuthorizerType: make(type?.span ?? span, 'REQUEST'),
    EnableSimpleResponses: dig(config, 'enableSimpleResponses'),
    AuthorizerResultTtlInSeconds: dig(config, 'resultTtlInSeconds'),
    AuthorizerPayloadFormatVersion: set(dig(config, 'payloadVersion')) ?? '2.0',
    AuthorizerUri: invocationUri(arn),
  });
  if (isUnset(dig(config, 'managedExternally'))) {
    addResource(lowering, naming.httpAuthorizerPermission(name), 'AWS::Lambda::Permission', span, {
      FunctionName: arn,
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: executeApiArn(api, '/*'),
    });
  }
}

/** One audience or several. An intrinsic (`!Ref Client`) is one audience, an undecided value stays as it is. */
function audienceOf(node: Node | undefined): Plain {
  if (!node || isUnset(node)) return [];
  return node.kind === 'unknown' || node.kind === 'list' ? node : makeList(node.span, [node]);
}

function lowerRoute(lowering: Lowering, route: HttpRoute, authorizers: Node | undefined, api: Node): void {
  const { fn, key, span } = route;
  const functionArn = attribute(naming.lambda(fn.name), 'Arn');
  addResource(lowering, naming.httpIntegration(fn.name), 'AWS::ApiGatewayV2::Integration', span, {
    ApiId: api,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: functionArn,
  });
  addResource(lowering, naming.httpPermission(fn.name), 'AWS::Lambda::Permission', span, {
    FunctionName: functionArn,
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: executeApiArn(api, '/*'),
  });
  addResource(lowering, naming.httpRoute(key), 'AWS::ApiGatewayV2::Route', span, {
    ApiId: api,
    RouteKey: key === '*' ? '$default' : key,
    Target: join('/', ['integrations', ref(naming.httpIntegration(fn.name))]),
    ...authorizationOf(route, authorizers),
  });
}

function authorizationOf(route: HttpRoute, authorizers: Node | undefined): { readonly [key: string]: Plain } {
  const entry = route.settings.entries.findLast((candidate) => candidate.key === 'authorizer');
  if (!entry || isUnset(entry.value)) return {};
  const { value, keySpan: span } = entry;
  if (value.kind === 'unknown' || value.kind === 'text') return { AuthorizationType: value };
  const map = isMap(value) ? value : undefined;
  const type = textOf(dig(map, 'type'));
  if (type === 'aws_iam') return { AuthorizationType: make(value.span, 'AWS_IAM') };
  const scopes = set(dig(map, 'scopes'));
  const id = set(dig(map, 'id'));
  if (id) {
    return {
      AuthorizationType: make(span, type === 'request' ? 'CUSTOM' : 'JWT'),
      AuthorizerId: id,
      AuthorizationScopes: scopes,
    };
  }
  const name = map ? dig(map, 'name') : value;
  const text = textOf(name);
  if (text === undefined) {
    return {
      AuthorizationType: name?.kind === 'unknown' ? name : unknownAuthorizer(span, 'has an authorizer without a name'),
    };
  }
  if (authorizers?.kind === 'unknown') return { AuthorizationType: authorizers };
  const config = dig(authorizers, text);
  const configType = textOf(dig(config, 'type'));
  return {
    AuthorizationType: make(span, configType === 'request' ? 'CUSTOM' : configType === 'aws_iam' ? 'AWS_IAM' : 'JWT'),
    AuthorizerId:
      configType === 'aws_iam'
        ? undefined
        : make(span, ref(naming.httpAuthorizer(textOf(set(dig(config, 'name'))) ?? text))),
    AuthorizationScopes: scopes,
  };
}

function unknownAuthorizer(span: Span, reason: string): Node {
  return { kind: 'unknown', span, source: 'other', reason };
}
