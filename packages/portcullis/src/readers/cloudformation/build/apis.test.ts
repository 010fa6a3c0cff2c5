import { describe, expect, test } from 'vitest';
import { place, plain, readTemplate, routeLines } from '../../../../test/support/template.ts';

const api = `Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: orders } }
  Orders: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders } }
  Order: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: '{id}' } }
  Fn: { Type: AWS::Lambda::Function, Properties: { FunctionName: orders-fn, Role: !GetAtt Role.Arn } }
  Live: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Fn, Name: live } }
  Auth: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Type: TOKEN } }
  Pool: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Type: COGNITO_USER_POOLS } }
  MaybeAuth: { Type: AWS::ApiGateway::Authorizer, Condition: Closed, Properties: { RestApiId: !Ref Api, Type: TOKEN } }
`;

const invoke = (target: string) =>
  `!Sub "arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/${target}/invocations"`;

function method(properties: string, more = ''): string {
  return `${api}  Method:
    Type: AWS::ApiGateway::Method
${more}    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Order, HttpMethod: get, ${properties} }\n`;
}

describe('REST methods', () => {
  const uri = (text: string) => `Integration: { Type: AWS_PROXY, Uri: ${text} }`;
  const cases: readonly (readonly [string, string])[] = [
    [`AuthorizationType: NONE, ${uri(invoke('${Fn.Arn}'))}`, 'none -> Fn'],
    [uri(invoke('${Live}')), 'none -> Fn'],
    [uri(invoke('${Fn.Arn}:live')), 'none -> Fn'],
    [uri(invoke('${Fn.Arn}:${!stageVariables.alias}')), 'none -> Fn'],
    [uri(invoke('arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Fn}')), 'none -> Fn'],
    [uri(invoke('arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:orders-fn')), 'none -> Fn'],
    [uri(invoke('arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:other')), 'none -> external other'],
    [
      uri(invoke('arn:aws:lambda:${AWS::Region}:1:function:${!stageVariables.fn}')),
      'none -> ? comes from a stage variable',
    ],
    [uri(invoke('${Shared}')), 'none -> Shared'],
    [uri('!Sub "${Fn.Arn}\\n"'), 'none -> Fn'],
    [uri('arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions//invocations'), 'none -> ? names no function'],
    [
      'AuthorizationType: CUSTOM, AuthorizerId: ""',
      '? has the AuthorizationType CUSTOM and names no authorizer -> unknown',
    ],
    ['AuthorizationType: CUSTOM', '? has the AuthorizationType CUSTOM and names no authorizer -> unknown'],
    ['AuthorizationType: AWS_IAM, "Fn::Transform": {Name: M}', '? may be changed by the macro beside it -> unknown'],
    [
      uri(
        '!Join ["", ["arn:aws:apigateway:", !Ref "AWS::Region", ":lambda:path/2015-03-31/functions/", !GetAtt Fn.Arn, "/invocations"]]',
      ),
      'none -> Fn',
    ],
    [
      uri(
        '!Join ["", ["arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/", !ImportValue shared, "/invocations"]]',
      ),
      'none -> ? is imported from another stack (shared)',
    ],
    ['AuthorizationType: AWS_IAM, Integration: { Type: MOCK }', 'iam -> mock'],
    [
      'Integration: { Type: AWS, Uri: !Sub "arn:aws:apigateway:${AWS::Region}:dynamodb:action/PutItem" }',
      'none -> dynamodb',
    ],
    ['Integration: { Type: HTTP_PROXY, Uri: "http://example.com" }', 'none -> http'],
    ['AuthorizationType: CUSTOM, AuthorizerId: !Ref Auth', 'lambda:Auth -> unknown'],
    ['AuthorizationType: COGNITO_USER_POOLS, AuthorizerId: !Ref Pool', 'cognito:Pool -> unknown'],
    ['AuthorizationType: JWT, AuthorizerId: abc123', 'jwt:external abc123 -> unknown'],
    ['AuthorizationType: NONE, AuthorizerId: !Ref Auth', 'none -> unknown'],
    ['AuthorizerId: !Ref Auth', '? names an authorizer and no AuthorizationType -> unknown'],
    ['AuthorizationType: !ImportValue kind', '? is imported from another stack (kind) -> unknown'],
    [
      'AuthorizationType: !If [Closed, CUSTOM, NONE], AuthorizerId: !If [Closed, !Ref MaybeAuth, !Ref AWS::NoValue]',
      'Closed(lambda:MaybeAuth | none) -> unknown',
    ],
    [
      'AuthorizationType: CUSTOM, AuthorizerId: !Ref MaybeAuth',
      'Closed(lambda:MaybeAuth | ? MaybeAuth exists only when Closed holds) -> unknown',
    ],
  ];
  test.each(cases)('%s', (properties, expected) => {
    expect(routeLines(readTemplate(method(properties)).apis)).toEqual([`rest Api GET /orders/{id} ${expected}`]);
  });

  const strangers = `  Other: { Type: AWS::ApiGateway::RestApi, Properties: { Name: other } }
  OtherAuth: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Other, Type: TOKEN } }
  Odd: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Type: OAUTH } }
  Http: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: http, ProtocolType: HTTP } }
  HttpAuth: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !Ref Http, AuthorizerType: JWT } }
`;
  test.each([
    ['none', '!Ref Auth', 'none'],
    ['custom', '!Ref Auth', '? has the AuthorizationType custom, which is not read'],
    ['aws_iam', '!Ref Auth', '? has the AuthorizationType aws_iam, which is not read'],
    ['OAUTH', '!Ref Auth', '? has the AuthorizationType OAUTH, which is not read'],
    ['CUSTOM', '[!Ref Auth]', '? has an AuthorizerId that is no text'],
    ['CUSTOM', '!Ref OtherAuth', '? is OtherAuth, which belongs to another API (Other)'],
    ['CUSTOM', '!Ref HttpAuth', '? is HttpAuth, an authorizer for another kind of API'],
    ['CUSTOM', '!Ref Odd', "? is Odd of the type OAUTH, which is none of API Gateway's"],
    [
      'COGNITO_USER_POOLS',
      '!Ref Auth',
      '? has the AuthorizationType COGNITO_USER_POOLS and is Auth, which is of the type TOKEN',
    ],
  ])('%s by %s', (type, id, expected) => {
    const text = method(`AuthorizationType: ${type}, AuthorizerId: ${id}`) + strangers;
    const [line] = routeLines(readTemplate(text).apis);
    expect(line).toBe(`rest Api GET /orders/{id} ${expected} -> unknown`);
  });
  test('an authorizer under the condition of its method is certain', () => {
    const text = method('AuthorizationType: CUSTOM, AuthorizerId: !Ref MaybeAuth', '    Condition: Closed\n');
    expect(routeLines(readTemplate(text).apis)).toEqual(['rest Api GET /orders/{id} lambda:MaybeAuth -> unknown']);
  });

  test('paths: the root, a root from elsewhere, an undecided part, a circle', () => {
    const { apis } = readTemplate(`Resources:
  Root: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !ImportValue api, ResourceId: !ImportValue root, HttpMethod: ANY } }
  Part: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !ImportValue api, ParentId: !ImportValue root, PathPart: !ImportValue part } }
  A: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !ImportValue api, ResourceId: !Ref Part, HttpMethod: PUT } }
  X: { Type: AWS::ApiGateway::Resource, Properties: { ParentId: !Ref Y, PathPart: x } }
  Y: { Type: AWS::ApiGateway::Resource, Properties: { ParentId: !Ref X, PathPart: y } }
  B: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !ImportValue api, ResourceId: !Ref X, HttpMethod: PUT } }
`);
    expect(apis.map((one) => one.id)).toEqual(['${import:api}']);
    expect(apis[0]?.routes.map((route) => `${route.method} ${route.path}`)).toEqual([
      'ANY /',
      'PUT /{Part}',
      'PUT /y/x',
    ]);
    expect(plain(apis[0]?.endpoint)).toBe('? belongs to an API that is described elsewhere');
  });

  test('the same path twice keeps ids apart', () => {
    const text = `${method('AuthorizationType: NONE')}  Other:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Order, HttpMethod: GET }\n`;
    expect(readTemplate(text).apis[0]?.routes.map((route) => route.id)).toEqual([
      'Api GET /orders/{id}',
      'Api GET /orders/{id} (2)',
    ]);
  });

  test('OPTIONS that answers by itself is a preflight', () => {
    const [one] = readTemplate(method('Integration: { Type: MOCK }').replace('get', 'OPTIONS')).apis;
    expect(one?.routes.map((route) => route.preflight)).toEqual([true]);
  });
});

describe('REST APIs', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['', { endpoint: 'EDGE', resourcePolicy: '[]', keySource: 'HEADER', defaultEndpointDisabled: 'false' }],
    ['EndpointConfiguration: { Types: [PRIVATE] }', { endpoint: 'PRIVATE' }],
    ['EndpointConfiguration: { Types: [!If [P, PRIVATE, REGIONAL]] }', { endpoint: 'P(PRIVATE | REGIONAL)' }],
    ['EndpointConfiguration: !If [P, { Types: [PRIVATE] }, !Ref AWS::NoValue]', { endpoint: 'P(PRIVATE | EDGE)' }],
    ['Policy: ""', { resourcePolicy: '[]', resourcePolicySpan: 'undefined' }],
    ['ApiKeySourceType: AUTHORIZER', { keySource: 'AUTHORIZER' }],
    ['DisableExecuteApiEndpoint: "true"', { defaultEndpointDisabled: 'true' }],
    ['Body: { openapi: 3.0.1 }', { resourcePolicy: '[]' }],
    ['Body: !ImportValue document', { resourcePolicy: '? may be written in the OpenAPI body, which is not read' }],
  ];
  test.each(cases)('%s', (properties, expected) => {
    const [one] = readTemplate(
      `Resources: { Api: { Type: AWS::ApiGateway::RestApi, Properties: { ${properties} } } }`,
    ).apis;
    const found = Object.fromEntries(
      Object.keys(expected).map((key) => [key, plain((one as unknown as Record<string, unknown>)[key])]),
    );
    expect(found).toEqual(expected);
  });

  test('routes that are not read are recorded with their place', () => {
    const project = readTemplate(`Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      BodyS3Location: { Bucket: b, Key: k }
`);
    expect(project.apis[0]?.unreadRoutes.map((one) => `${one.what} ${place(one.span)}`)).toEqual([
      'BodyS3Location of Api template.yml:5:23',
    ]);
    expect(project.unread).toEqual(project.apis[0]?.unreadRoutes);
  });

  test('stages: settings in every spelling, and a Deployment that carries the stage', () => {
    const [one] = readTemplate(`Resources:
  Api: { Type: AWS::ApiGateway::RestApi }
  Prod:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      MethodSettings:
        - { ResourcePath: '/*', HttpMethod: '*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 5 }
        - { ResourcePath: '/~1pets~1{id}', HttpMethod: get, ThrottlingRateLimit: 1 }
        - { ResourcePath: /pets, HttpMethod: POST, ThrottlingBurstLimit: '2' }
        - { ResourcePath: /off, HttpMethod: POST, ThrottlingRateLimit: -1, ThrottlingBurstLimit: -1 }
        - { ResourcePath: /log, HttpMethod: POST, LoggingLevel: INFO }
  Deployment:
    Type: AWS::ApiGateway::Deployment
    Properties:
      RestApiId: !Ref Api
      StageName: dev
      StageDescription: { ThrottlingRateLimit: 7, MethodSettings: [{ ResourcePath: '/', HttpMethod: GET, ThrottlingRateLimit: 8 }] }
  Same: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api, StageName: prod } }
`).apis;
    const lines = one?.stages.map(
      (stage) =>
        `${stage.id} ${plain(stage.name)}: ${stage.throttles.map((t) => `${t.method} ${t.path} ${plain(t.rate)}/${plain(t.burst)}`).join(', ')}`,
    );
    expect(lines).toEqual([
      'Prod prod: * * 10/5, GET /pets/{id} 1/undefined, POST /pets undefined/2, POST /off undefined/undefined',
      'Deployment dev: * * 7/undefined, GET / 8/undefined',
    ]);
  });
});

describe('integrations with a load balancer', () => {
  const balancer = `
  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Listener: { Type: AWS::ElasticLoadBalancingV2::Listener, Properties: { LoadBalancerArn: !Ref Lb } }
  Link: { Type: AWS::ApiGateway::VpcLink, Properties: { TargetArns: [!Ref Lb] } }
  Record: { Type: AWS::Route53::RecordSet, Properties: { Name: api.example.com., AliasTarget: { DNSName: !GetAtt Lb.DNSName } } }
`;
  const cases: readonly (readonly [string, string, string])[] = [
    ['Uri: !Sub "http://${Lb.DNSName}/x"', 'Lb', 'http://${Lb.DNSName}/x false'],
    ['Uri: "https://api.example.com:8443/x"', 'Lb', 'https://api.example.com:8443/x false'],
    ['Uri: "https://other.example.com"', 'undefined', 'https://other.example.com false'],
    ['Uri: http://x, ConnectionType: VPC_LINK, ConnectionId: !Ref Link', 'Lb', 'http://x true'],
    ['Uri: http://x, ConnectionType: VPC_LINK, IntegrationTarget: !Ref Listener', 'Lb', 'http://x true'],
  ];
  test.each(cases)('%s', (properties, loadBalancer, expected) => {
    const text = method(
      `Integration: { Type: HTTP_PROXY, ${properties}, RequestParameters: { integration.request.header.x-key: "'k'" } }`,
    );
    const integration = readTemplate(text + balancer).apis[0]?.routes[0]?.integration;
    if (integration?.kind !== 'http') throw new Error('no http integration');
    expect(String(integration.loadBalancer)).toBe(loadBalancer);
    expect(`${plain(integration.uri)} ${plain(integration.private)}`).toBe(expected);
    expect(integration.headers.map((header) => `${header.name}=${plain(header.value)}`)).toEqual(["x-key='k'"]);
  });
});

test('HTTP and WebSocket APIs, quick create and function URLs', () => {
  const { apis, unread } = readTemplate(`Resources:
  Fn: { Type: AWS::Lambda::Function }
  Http: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, Name: h } }
  Auth: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !Ref Http, AuthorizerType: JWT } }
  Call: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Http, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn } }
  Queue: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Http, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage } }
  Get: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Http, RouteKey: GET /a, AuthorizationType: JWT, AuthorizerId: !Ref Auth, Target: !Join [/, [integrations, !Ref Call]] } }
  Put: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Http, RouteKey: PUT /a, Target: !Sub 'integrations/\${Queue}' } }
  Rest: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Http, RouteKey: $default, Target: !Ref Call } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Http, StageName: $default, DefaultRouteSettings: { ThrottlingRateLimit: 5 }, RouteSettings: { GET /a: { ThrottlingBurstLimit: 2 } } } }
  Socket: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: WEBSOCKET, RouteSelectionExpression: x } }
  Connect: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Socket, RouteKey: $connect, AuthorizationType: NONE } }
  Quick: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, Name: q, Target: !GetAtt Fn.Arn } }
  Body: { Type: AWS::ApiGatewayV2::Api, Properties: { Body: !ImportValue document } }
  Far: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: abc, RouteKey: sendMessage } }
  Open: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !Ref Fn, AuthType: NONE } }
  Closed: { Type: AWS::Lambda::Url, Properties: { TargetFunctionArn: !GetAtt Fn.Arn, AuthType: AWS_IAM } }
`);
  expect(routeLines(apis)).toEqual([
    'http Http GET /a jwt:Auth -> Fn',
    'http Http PUT /a none -> sqs',
    'http Http ANY $default none -> Fn',
    'websocket Socket ANY $connect none -> unknown',
    'http Quick ANY $default none -> Fn',
    'websocket abc ANY sendMessage none -> unknown',
    'url Open ANY / none -> Fn',
    'url Closed ANY / iam -> Fn',
  ]);
  expect(apis[0]?.stages.map((stage) => stage.throttles.map((one) => `${one.method} ${one.path}`))).toEqual([
    ['* *', 'GET /a'],
  ]);
  expect(unread.map((one) => one.what)).toEqual(['Body of Body']);
});

describe('the role that a service integration acts with', () => {
  const roles = `
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: !Sub 'gateway-\${AWS::Region}' } }
`;
  const uri = 'Type: AWS, Uri: "arn:aws:apigateway:eu-west-1:sqs:path/1/jobs"';
  const cases: readonly (readonly [string, string])[] = [
    ['', 'undefined'],
    [', Credentials: !GetAtt Role.Arn', 'Role'],
    [", Credentials: !Sub 'arn:aws:iam::${AWS::AccountId}:role/path/gateway-${AWS::Region}'", 'Role'],
    [', Credentials: arn:aws:iam::123456789012:role/other', 'external arn:aws:iam::123456789012:role/other'],
    [', Credentials: !ImportValue gateway-role', '? is imported from another stack (gateway-role)'],
  ];
  test.each(cases)('REST%s', (credentials, expected) => {
    const integration = readTemplate(method(`Integration: { ${uri}${credentials} }`) + roles).apis[0]?.routes[0]
      ?.integration;
    if (integration?.kind !== 'service') throw new Error('no service integration');
    expect(plain(integration.role)).toBe(expected);
  });

  test('HTTP', () => {
    const { apis } = readTemplate(`Resources:${roles}
  Http: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  Queue: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Http, IntegrationType: AWS_PROXY, IntegrationSubtype: SQS-SendMessage, CredentialsArn: !GetAtt Role.Arn } }
  Put: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Http, RouteKey: PUT /a, Target: !Sub 'integrations/\${Queue}' } }
`);
    const integration = apis[0]?.routes[0]?.integration;
    expect(integration?.kind === 'service' && plain(integration.role)).toBe('Role');
  });
});

test('a function or task whose role is named by the name that the template gives it', () => {
  const { functions, containerServices } = readTemplate(`
Parameters: { Stage: { Type: String, Default: dev } }
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: !Sub 'orders-\${Stage}' } }
  Fn: { Type: AWS::Lambda::Function, Properties: { Role: !Sub 'arn:aws:iam::\${AWS::AccountId}:role/orders-\${Stage}' } }
  Far: { Type: AWS::Lambda::Function, Properties: { Role: !Sub 'arn:aws:iam::\${AWS::AccountId}:role/shared' } }
  Task: { Type: AWS::ECS::TaskDefinition, Properties: { TaskRoleArn: orders-dev } }
  Service: { Type: AWS::ECS::Service, Properties: { TaskDefinition: !Ref Task } }
`);
  expect(functions.map(({ role }) => plain(role).slice(0, 4))).toEqual(['Role', '? de']);
  expect(plain(containerServices[0]?.taskRole)).toBe('Role');
});

test.each([
  ['Shop/Orders/Handler/Resource', 'Orders/Handler'],
  ['Shop/Orders', 'Orders'],
  ['Shop/Resource', 'Fn'],
  ['', 'Fn'],
])('a function of the CDK at %j is called %s', (path, name) => {
  const { functions } = readTemplate(
    `Resources: { Fn: { Type: AWS::Lambda::Function, Metadata: { 'aws:cdk:path': '${path}' } } }`,
  );
  expect(functions.map((fn) => `${fn.id} ${fn.name}`)).toEqual([`Fn ${name}`]);
});
