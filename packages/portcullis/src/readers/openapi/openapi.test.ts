import { describe, expect, test } from 'vitest';
import { integration, apiLines as lines, openApiTemplate as template } from '../../../test/support/openapi.ts';
import { plain, readTemplate } from '../../../test/support/template.ts';

describe('operations', () => {
  const cases: readonly (readonly [
    name: string,
    kind: 'rest' | 'http',
    paths: string,
    routes: readonly string[],
    unread?: readonly string[],
  ])[] = [
    [
      'every method, and keys that are none',
      'rest',
      '{ /a: { get: {}, PUT: {}, post: {}, delete: {}, options: {}, head: {}, patch: {}, trace: {}, x-amazon-apigateway-any-method: {}, parameters: [], summary: x, x-other: {} } }',
      ['GET /a', 'PUT /a', 'POST /a', 'DELETE /a', 'OPTIONS /a', 'HEAD /a', 'PATCH /a', 'ANY /a'],
    ],
    [
      'paths of every form',
      'rest',
      "{ /: { get: {} }, '/a/{id}': { get: {} }, '/{proxy+}': { get: {} }, /a/b/: { get: {} }, x-note: { get: {} } }",
      ['GET /', 'GET /a/{id}', 'GET /{proxy+}', 'GET /a/b'],
    ],
    ['null', 'rest', '{ /a: ~, /b: { get: ~ } }', []],
    ['no paths', 'rest', '{}', []],
    [
      'a path item elsewhere in the document',
      'rest',
      "{ /a: { get: {} }, /b: { $ref: '#/paths/~1a' } }",
      ['GET /a', 'GET /b'],
    ],
    [
      'a path item in another document',
      'rest',
      "{ /a: { $ref: 'other.yml#/a' } }",
      [],
      ['the path /a of Api: refers to other.yml#/a, which is not in the document'],
    ],
    [
      'path items in a circle',
      'rest',
      "{ /a: { $ref: '#/paths/~1b' }, /b: { $ref: '#/paths/~1a' } }",
      [],
      ['the path /a of Api: refers to itself', 'the path /b of Api: refers to itself'],
    ],
    ['all paths in a branch', 'rest', '!If [P, { /a: { get: {} } }, { /b: { get: {} } }]', ['GET /a', 'GET /b']],
    ['a path in a branch', 'rest', '{ /a: !If [P, { get: {} }, !Ref AWS::NoValue] }', ['GET /a']],
    [
      'a method in a branch',
      'rest',
      '{ /a: { get: !If [P, {}, !Ref AWS::NoValue], put: !If [Q, { security: [{ Sigv4: [] }] }, {}] } }',
      ['GET /a', 'PUT /a', 'PUT /a'],
    ],
    [
      'paths that are given later',
      'rest',
      '!ImportValue paths',
      [],
      ['the paths of Api: is imported from another stack (paths)'],
    ],
    [
      'a path that is given later',
      'rest',
      '{ /a: !ImportValue a, /b: { get: {} } }',
      ['GET /b'],
      ['the path /a of Api: is imported from another stack (a)'],
    ],
    [
      'a macro beside paths',
      'rest',
      '{ Fn::Transform: { Name: Mine }, /b: { get: {} } }',
      ['GET /b'],
      ['a part of the paths of Api: is filled in by the macro Mine'],
    ],
    [
      'a macro beside methods',
      'rest',
      '{ /b: { get: {}, Fn::Transform: { Name: Mine } } }',
      ['GET /b'],
      ['a part of the path /b of Api: is filled in by the macro Mine'],
    ],
    ['paths of a wrong type', 'rest', '[a]', [], ['the paths of Api: is a list, where a map was expected']],
    ['a default route', 'http', '{ $default: { x-amazon-apigateway-any-method: {} } }', ['ANY $default']],
    [
      'a default route as it is exported',
      'http',
      '{ /$default: { x-amazon-apigateway-any-method: { isDefaultRoute: true } } }',
      ['ANY $default'],
    ],
    [
      'routes',
      'http',
      "{ /a: { get: {}, options: {} }, '/{proxy+}': { x-amazon-apigateway-any-method: {} } }",
      ['GET /a', 'OPTIONS /a', 'ANY /{proxy+}'],
    ],
    [
      'a loop over paths',
      'rest',
      "{ Fn::ForEach::Paths: [Name, [a, b], { '/${Name}': { get: {} } }] }",
      ['GET /a', 'GET /b'],
    ],
  ];
  test.each(cases.map(([name, kind, paths, routes, unread = []]) => [name, kind, paths, routes, unread] as const))(
    '%s',
    (_, kind, paths, routes, unread) => {
      const project = readTemplate(template(kind, paths));
      expect(project.apis[0]?.routes.map((route) => `${route.method} ${route.path}`)).toEqual(routes);
      expect(project.unread.map((one) => `${one.what}: ${one.reason}`)).toEqual(unread);
      expect(new Set(project.apis[0]?.routes.map((route) => route.id)).size).toBe(routes.length);
    },
  );

  test('an operation that a macro completes may have any authorization', () => {
    const paths = '{ /a: { get: { security: [{ Sigv4: [] }], Fn::Transform: { Name: Mine } }, put: !ImportValue x } }';
    expect(lines(readTemplate(template('rest', paths)))).toEqual([
      'GET /a ? is filled in by the macro Mine -> unknown',
      'PUT /a ? is imported from another stack (x) -> unknown',
    ]);
  });

  test('a method in the template beside the document', () => {
    const text = `${template('rest', `{ /a: { get: { ${integration} } } }`)}
  Put: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: PUT, AuthorizationType: AWS_IAM, Integration: { Type: MOCK } } }
`;
    expect(lines(readTemplate(text)).toSorted()).toEqual(['GET /a none -> external orders', 'PUT / iam -> mock']);
  });
});

describe('integrations', () => {
  const cases: readonly (readonly [kind: 'rest' | 'http', integration: string, expected: string])[] = [
    ['rest', `{ type: AWS_PROXY, uri: !Sub '\${Fn.Arn}' }`, 'function function=Fn'],
    [
      'rest',
      "{ type: aws_proxy, uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations' }",
      'function function=Fn',
    ],
    [
      'rest',
      "{ type: aws_proxy, uri: { Fn::Join: ['', ['arn:aws:apigateway:', !Ref AWS::Region, ':lambda:path/2015-03-31/functions/', !GetAtt Fn.Arn, /invocations]] } }",
      'function function=Fn',
    ],
    [
      'rest',
      "{ type: aws, uri: 'arn:aws:apigateway:eu-west-1:sqs:path/1/jobs', credentials: 'arn:aws:iam::1:role/r' }",
      'service service=sqs role=external arn:aws:iam::1:role/r',
    ],
    ['rest', '{ type: mock }', 'mock'],
    [
      'rest',
      "{ type: http_proxy, uri: 'https://backend.example.com', requestParameters: { integration.request.header.X-Secret: \"'s'\" } }",
      "http uri=https://backend.example.com private=false headers=[name=X-Secret value='s']",
    ],
    [
      'rest',
      "{ type: HTTP, uri: 'https://backend.example.com', connectionType: VPC_LINK, connectionId: l }",
      'http uri=https://backend.example.com private=true headers=[]',
    ],
    ['http', `{ type: AWS_PROXY, uri: !GetAtt Fn.Arn, payloadFormatVersion: '2.0' }`, 'function function=Fn'],
    ['http', "{ $ref: '#/components/x-amazon-apigateway-integrations/shared' }", 'function function=Fn'],
    [
      'http',
      '{ type: AWS_PROXY, integrationSubtype: SQS-SendMessage, credentials: r }',
      'service service=sqs role=external r',
    ],
    [
      'http',
      "{ type: HTTP_PROXY, uri: 'https://backend.example.com', requestParameters: { 'overwrite:header.x-secret': s } }",
      'http uri=https://backend.example.com private=false headers=[name=x-secret value=s]',
    ],
    ['http', "{ $ref: '#/nowhere' }", '? has an integration that is described elsewhere'],
    ['rest', '~', '? has no integration in the template'],
    ['http', '~', '? has no integration in the template'],
    [
      'rest',
      '{ Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/k } } }',
      '? is filled in by the macro AWS::Include',
    ],
    ['rest', '!If [P, { type: mock }, { type: aws_proxy, uri: x }]', 'mock'],
  ];
  test.each(cases)('%s %s', (kind, written, expected) => {
    const text = template(kind, `{ /a: { get: { x-amazon-apigateway-integration: ${written} } } }`).replace(
      '        components:\n',
      '        components:\n          x-amazon-apigateway-integrations: { shared: { type: AWS_PROXY, uri: !GetAtt Fn.Arn } }\n',
    );
    expect(plain(readTemplate(text).apis[0]?.routes[0]?.integration)).toBe(expected);
  });

  test('OPTIONS that the gateway answers by itself is a preflight', () => {
    const text = template(
      'rest',
      `{ /a: { options: { x-amazon-apigateway-integration: { type: mock } }, get: { x-amazon-apigateway-integration: { type: mock } } } }`,
    );
    expect(readTemplate(text).apis[0]?.routes.map((route) => route.preflight)).toEqual([true, false]);
  });
});

describe('authorizers', () => {
  const found = (kind: 'rest' | 'http') =>
    Object.fromEntries(
      readTemplate(template(kind, '{}')).authorizers.map((one) => [
        one.name,
        { ...one, span: undefined, api: undefined, id: undefined, name: undefined },
      ]),
    );

  test('of a REST API', () => {
    const all = found('rest');
    expect(Object.keys(all)).toEqual(['Token', 'Request', 'Cognito', 'Jwt', 'Found', 'Strange']);
    expect(plain(all['Token'])).toBe(
      'function=external orders validationExpression=^x- ttl=60 type=token userPools=[] audiences=[] identitySources=[method.request.header.Auth] simpleResponses=false',
    );
    expect(plain(all['Request'])).toContain('type=request userPools=[] audiences=[] identitySources=[a, b]');
    expect(plain(all['Cognito'])).toContain('type=cognito userPools=[Pool]');
    expect(plain(all['Strange'])).toContain('type=unknown');
  });

  test('of an HTTP API', () => {
    const all = found('http');
    expect(plain(all['Jwt'])).toBe(
      'type=jwt userPools=[] issuer=https://login.example.com audiences=[app] identitySources=[$request.header.Authorization] simpleResponses=false',
    );
    expect(plain(all['Found'])).toContain('issuer=https://login.example.com audiences=[app]');
    expect(plain(all['Request'])).toContain('identitySources=[a, b] simpleResponses=true');
  });

  test('one that depends on a condition', () => {
    const text = template('http', '{}').replace('type: jwt, jwt', 'type: !If [P, jwt, request], jwt');
    expect(readTemplate(text).authorizers.find((one) => one.name === 'Jwt')?.type).toBe('unknown');
  });
});

describe('settings of the API', () => {
  const cases: readonly (readonly [kind: 'rest' | 'http', root: string, key: string, expected: string])[] = [
    ['rest', 'info: { title: Orders }', 'name', 'Orders'],
    ['rest', 'x-amazon-apigateway-api-key-source: AUTHORIZER', 'keySource', 'AUTHORIZER'],
    [
      'rest',
      'x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true }',
      'defaultEndpointDisabled',
      'true',
    ],
    [
      'rest',
      'servers: [{ url: x, x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true } }]',
      'defaultEndpointDisabled',
      'true',
    ],
    [
      'http',
      'x-amazon-apigateway-endpoint-configuration: { disableExecuteApiEndpoint: true }',
      'defaultEndpointDisabled',
      'true',
    ],
    [
      'rest',
      'x-amazon-apigateway-policy: { Statement: [{ Effect: Deny, Principal: "*", Action: "execute-api:Invoke", Resource: "*" }] }',
      'resourcePolicy',
      '[effect=Deny actions=[execute-api:Invoke] notActions=[] resources=[*] notResources=[] principals=[*] principalNodes=[*] conditions=[]]',
    ],
    [
      'rest',
      'x-amazon-apigateway-policy: !ImportValue policy',
      'resourcePolicy',
      '? is imported from another stack (policy)',
    ],
    [
      'rest',
      'Fn::Transform: { Name: Mine }',
      'resourcePolicy',
      '? may be written in what a macro adds to the OpenAPI document',
    ],
  ];
  test.each(cases)('%s %s', (kind, root, key, expected) => {
    const [api] = readTemplate(template(kind, '{}', root)).apis;
    expect(plain((api as unknown as Record<string, unknown>)[key])).toBe(expected);
  });

  test('what the template says wins', () => {
    const text = template('rest', '{}', 'info: { title: Orders }').replace(
      'Properties:\n',
      'Properties:\n      Name: Mine\n',
    );
    expect(readTemplate(text).apis[0]?.name).toBe('Mine');
  });

  test('CORS and gateway responses become resources and properties', () => {
    const http = readTemplate(
      template('http', '{}', 'x-amazon-apigateway-cors: { allowOrigins: ["*"], allowCredentials: true }'),
    );
    expect(plain(http.resources.get('Api')?.properties)).toContain(
      'CorsConfiguration: {AllowOrigins: [*], AllowCredentials: true}',
    );
    const rest = readTemplate(
      template(
        'rest',
        '{}',
        `x-amazon-apigateway-gateway-responses: { DEFAULT_4XX: { responseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'*'" } } }`,
      ),
    );
    expect(rest.resources.get('Api.DEFAULT_4XX')?.type).toBe('AWS::ApiGateway::GatewayResponse');
  });
});
