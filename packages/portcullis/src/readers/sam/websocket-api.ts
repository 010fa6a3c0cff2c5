import { entries, get, type Node, stringOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { join, type Plain, ref } from '../serverless/lower/nodes.ts';
import { authorizerSource } from './authorizers.ts';
import { account, add, given, leave, pick, resolved, type Sam, spanOf } from './context.ts';
import { addDomain } from './domains.ts';

/** AWS::Serverless::WebSocketApi: API, stage, a route with integration and permission for each of `Routes`, the authorizer of `$connect`. */
export function lowerWebSocketApi(sam: Sam, resource: TemplateResource): void {
  const { id, properties, span } = resource;
  const auth = given(resolved(sam, get(properties, 'Auth')));
  add(
    sam,
    resource,
    id,
    'AWS::ApiGatewayV2::Api',
    span,
    {
      ProtocolType: 'WEBSOCKET',
      Name: given(get(properties, 'Name')) ?? id,
      ...pick(properties, 'RouteSelectionExpression', 'ApiKeySelectionExpression', 'DisableExecuteApiEndpoint'),
      ...pick(properties, 'Description', 'IpAddressType'),
    },
    { keep: true },
  );
  const stage = given(get(properties, 'StageName'));
  const name = stringOf(stage);
  const stageId = stage ? `${id}${name ?? ''}Stage` : `${id}DefaultStage`;
  add(sam, resource, stageId, 'AWS::ApiGatewayV2::Stage', spanOf(properties, 'StageName', span), {
    ApiId: ref(id),
    StageName: stage ?? 'default',
    AutoDeploy: true,
    ...pick(properties, 'StageVariables', 'AccessLogSettings', 'DefaultRouteSettings', 'RouteSettings'),
  });
  sam.referables.set(`${id}.Stage`, stageId);
  const routes = given(resolved(sam, get(properties, 'Routes')));
  if (routes && routes.kind !== 'map') {
    const steps = ['authorization', 'usage-plans', 'firewall'] as const;
    leave(sam, `Routes of ${id}`, 'it is no map', routes.span, steps);
  }
  for (const { key, keySpan, value } of entries(routes)) {
    addRoute(sam, resource, { key, span: keySpan, route: value, auth, stage });
  }
  if (auth) addAuthorizer(sam, resource, auth);
  addDomain(sam, resource, stageId, 'http');
}

interface SocketRoute {
  readonly key: string;
  readonly span: TemplateResource['span'];
  readonly route: Node;
  readonly auth: Node | undefined;
  readonly stage: Node | undefined;
}

const invocation = (arn: Plain): Plain => ({
  'Fn::Sub': [
    'arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FunctionArn}/invocations',
    { FunctionArn: arn },
  ],
});

function addRoute(sam: Sam, owner: TemplateResource, { key, span, route, auth, stage }: SocketRoute): void {
  const { id } = owner;
  const plain = key.replace('$', '');
  const base = `${id}${plain.charAt(0).toUpperCase()}${plain.slice(1).toLowerCase()}`;
  const arn = given(get(route, 'FunctionArn'));
  const type = stringOf(get(auth, 'AuthType'));
  const guarded = key === '$connect' && type !== undefined;
  add(sam, owner, `${base}Route`, 'AWS::ApiGatewayV2::Route', span, {
    ApiId: ref(id),
    RouteKey: key,
    ...pick(route, 'ApiKeyRequired', 'OperationName', 'ModelSelectionExpression'),
    Target: join('/', ['integrations', ref(`${base}Integration`)]),
    AuthorizationType: guarded ? type : key === '$connect' ? given(get(auth, 'AuthType')) : undefined,
    AuthorizerId: guarded && type === 'CUSTOM' ? ref(authorizerId(id)) : undefined,
  });
  add(sam, owner, `${base}Integration`, 'AWS::ApiGatewayV2::Integration', span, {
    ApiId: ref(id),
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: arn && invocation(arn),
  });
  add(sam, owner, `${base}Permission`, 'AWS::Lambda::Permission', span, {
    Action: 'lambda:InvokeFunction',
    FunctionName: arn,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: {
      'Fn::Sub': [
        `arn:\${AWS::Partition}:execute-api:${account}:\${${id}.ApiId}/\${__StageName__}/${key}`,
        { __StageName__: stage ?? 'default' },
      ],
    },
  });
}

const authorizerId = (api: string): string => `${api}ConnectAuthorizer`;

function addAuthorizer(sam: Sam, owner: TemplateResource, auth: Node): void {
  if (stringOf(get(auth, 'AuthType')) !== 'CUSTOM') return;
  const arn = given(get(auth, 'AuthArn'));
  const span = spanOf(owner.properties, 'Auth', owner.span);
  add(sam, owner, authorizerId(owner.id), 'AWS::ApiGatewayV2::Authorizer', span, {
    ApiId: ref(owner.id),
    AuthorizerType: 'REQUEST',
    AuthorizerUri: arn && invocation(arn),
    AuthorizerCredentialsArn: given(get(auth, 'InvokeRole')),
    IdentitySource: given(get(auth, 'IdentitySource')),
    Name: given(get(auth, 'Name')) ?? authorizerId(owner.id),
  });
  if (!arn || given(get(auth, 'InvokeRole'))) return;
  add(sam, owner, `${owner.id}AuthorizerPermission`, 'AWS::Lambda::Permission', span, {
    Action: 'lambda:InvokeFunction',
    FunctionName: arn,
    Principal: 'apigateway.amazonaws.com',
    SourceArn: authorizerSource(owner.id),
  });
}
