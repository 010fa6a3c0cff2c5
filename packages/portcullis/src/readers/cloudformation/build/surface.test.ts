import { describe, expect, it } from 'vitest';
import { plain, readTemplate } from '../../../../test/support/template.ts';

const read = (resources: string) =>
  readTemplate(`
Parameters: { Given: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Given, x] }
Resources:
  Rest: { Type: AWS::ApiGateway::RestApi, Properties: { Name: orders } }
  Http: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: orders, ProtocolType: HTTP } }
${resources.replace(/^/gm, '  ')}
`);

describe('stages', () => {
  it.each([
    ['nothing', '', 'methods=[] accessLogs=false cacheCluster=false'],
    [
      'settings of methods',
      'MethodSettings: [{ ResourcePath: /~1orders, HttpMethod: get, DataTraceEnabled: "true", CachingEnabled: true }, { ThrottlingRateLimit: 1 }]',
      'methods=[path=/orders method=GET dataTrace=true caching=true] accessLogs=false cacheCluster=false',
    ],
    [
      'an access log on a condition',
      'AccessLogSetting: !If [IsProd, { DestinationArn: arn:x }, !Ref AWS::NoValue], CacheClusterEnabled: !Ref Given',
      'methods=[] accessLogs=IsProd(true | false) cacheCluster=? is the parameter Given, which is given when it is deployed',
    ],
    [
      'settings without a destination',
      'AccessLogSetting: { Format: x }',
      'methods=[] accessLogs=false cacheCluster=false',
    ],
  ])('of REST APIs: %s', (_name, properties, expected) => {
    const { apis } = read(
      `S: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Rest, StageName: a, ${properties} } }`,
    );
    const [stage] = apis.find(({ id }) => id === 'Rest')?.stages ?? [];
    expect(plain({ methods: stage?.methods, accessLogs: stage?.accessLogs, cacheCluster: stage?.cacheCluster })).toBe(
      expected,
    );
  });

  it('of a deployment and of other APIs', () => {
    const { apis } = read(`
D: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Rest, StageName: a, StageDescription: { DataTraceEnabled: true, LoggingLevel: INFO, AccessLogSetting: { DestinationArn: x } } } }
S: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Http, StageName: b, DefaultRouteSettings: { DataTraceEnabled: true }, RouteSettings: { GET /a: { LoggingLevel: ERROR } } } }`);
    const settings = apis.flatMap(({ stages }) =>
      stages.map(({ id, methods, accessLogs }) => plain({ id, methods, accessLogs })),
    );
    expect(settings).toEqual([
      'id=D methods=[path=* method=* dataTrace=true logLevel=INFO] accessLogs=true',
      'id=S methods=[path=* method=* dataTrace=true, path=/a method=GET logLevel=ERROR] accessLogs=false',
    ]);
  });
});

describe('CORS', () => {
  const mock = (response: string) => `
M:
  Type: AWS::ApiGateway::Method
  Properties:
    RestApiId: !Ref Rest
    ResourceId: !GetAtt Rest.RootResourceId
    HttpMethod: OPTIONS
    AuthorizationType: NONE
    Integration: { Type: MOCK, IntegrationResponses: [${response}] }`;
  const origin = 'method.response.header.Access-Control-Allow-Origin';
  const template = (text: string) => mock(`{ ResponseTemplates: { application/json: ${JSON.stringify(text)} } }`);
  const set = '#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)';

  it.each([
    ['no headers', mock('{ StatusCode: 200 }'), '[]'],
    [
      'a literal',
      mock(`{ ResponseParameters: { ${origin}: "'*'" } }`),
      '[id=Rest OPTIONS / source=preflight origins=[*] credentials=false reflects=false]',
    ],
    [
      'names in any case, and an undecided origin',
      mock(
        `{ ResponseParameters: { method.response.header.access-control-allow-origin: !Ref Given, method.response.header.Access-control-allow-credentials: "'true'" } }`,
      ),
      '[id=Rest OPTIONS / source=preflight origins=? is the parameter Given, which is given when it is deployed credentials=true reflects=false]',
    ],
    [
      'a template that compares',
      template(`#if($origin.matches("https://.*[.]example[.]com") || $origin == "http://localhost") ${set} #end`),
      '[id=Rest OPTIONS / source=preflight origins=[https://.*[.]example[.]com, http://localhost] credentials=false reflects=true]',
    ],
    [
      'a template that does not',
      template(set),
      '[id=Rest OPTIONS / source=preflight origins=[.*] credentials=false reflects=true]',
    ],
    ['a template about something else', template('{}'), '[]'],
    [
      'a refusal',
      `G: { Type: AWS::ApiGateway::GatewayResponse, Properties: { RestApiId: !Ref Rest, ResponseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: method.request.header.Origin } } }`,
      '[id=G source=gateway-response origins=[.*] credentials=false reflects=true]',
    ],
  ])('%s', (_name, resources, expected) => {
    expect(plain(read(resources).apis.find(({ id }) => id === 'Rest')?.cors)).toBe(expected);
  });
});

describe('deployments', () => {
  const methods = ['A', 'B']
    .map(
      (id) =>
        `${id}: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Rest, ResourceId: !GetAtt Rest.RootResourceId, HttpMethod: ${id === 'A' ? 'GET' : 'POST'}, AuthorizationType: NONE, Integration: { Type: HTTP } } }`,
    )
    .join('\n');
  const deployment = (id: string, more: string) =>
    `${id}: { Type: AWS::ApiGateway::Deployment, ${more}Properties: { RestApiId: !Ref Rest } }`;

  it.each([
    ['Deployment', '', 'renamed=false unawaited=[A, B]'],
    ['Deployment', 'DependsOn: A, ', 'renamed=false unawaited=[B]'],
    ['Deployment', 'DependsOn: [A, B], ', 'renamed=false unawaited=[]'],
    ['Deployment20261122', 'DependsOn: [A, B], ', 'renamed=true unawaited=[]'],
    ['ApiDeployment5a7f3b2cDEADBEEF', 'DependsOn: [A, B], ', 'renamed=true unawaited=[]'],
    ['FeedDeployment', 'DependsOn: [A, B], ', 'renamed=false unawaited=[]'],
  ])('%s %s', (id, more, expected) => {
    const [found] = read(`${methods}\n${deployment(id, more)}`).deployments;
    expect(plain({ renamed: found?.renamed, unawaited: found?.unawaited })).toBe(expected);
    expect(found?.methods).toBe(2);
  });

  it('of HTTP APIs count unless the stage deploys itself', () => {
    const route = 'R: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Http, RouteKey: GET /a } }';
    const own = 'D: { Type: AWS::ApiGatewayV2::Deployment, Properties: { ApiId: !Ref Http } }';
    const stage = (auto: string) =>
      `S: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Http, StageName: a, AutoDeploy: ${auto} } }`;
    expect(read(`${route}\n${own}\n${stage('false')}`).deployments.map(({ unawaited }) => unawaited)).toEqual([['R']]);
    expect(read(`${route}\n${own}\n${stage('true')}`).deployments).toEqual([]);
  });
});

describe('domains and distributions', () => {
  it('link domains to the APIs that are mapped, by reference and by name', () => {
    const { customDomains } = read(`
A: { Type: AWS::ApiGateway::DomainName, Properties: { DomainName: !Sub 'api.\${Given}', MutualTlsAuthentication: { TruststoreUri: s3://a/b }, SecurityPolicy: TLS_1_2 } }
B: { Type: AWS::ApiGatewayV2::DomainName, Properties: { DomainName: b.example.com, DomainNameConfigurations: [{ SecurityPolicy: TLS_1_0 }], MutualTlsAuthentication: !If [IsProd, { TruststoreUri: s3://a/b }, !Ref AWS::NoValue] } }
MA: { Type: AWS::ApiGateway::BasePathMapping, Properties: { DomainName: !Sub 'api.\${Given}', RestApiId: !Ref Rest } }
MB: { Type: AWS::ApiGatewayV2::ApiMapping, Properties: { DomainName: !Ref B, ApiId: !Ref Http, Stage: a } }
MC: { Type: AWS::ApiGatewayV2::ApiMapping, Properties: { DomainName: elsewhere.example.com, ApiId: !Ref Http, Stage: a } }`);
    expect(customDomains.map((one) => plain({ ...one, securityPolicySpan: undefined }))).toEqual([
      'id=A name=api.${Given} mutualTls=true securityPolicy=TLS_1_2 apis=[Rest]',
      'id=B name=b.example.com mutualTls=IsProd(true | false) securityPolicy=TLS_1_0 apis=[Http]',
    ]);
  });

  it('know the origins that are APIs of the template', () => {
    const { distributions } = read(`
D:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig:
      WebACLId: !If [IsProd, !GetAtt Acl.Arn, !Ref AWS::NoValue]
      Origins:
        - { Id: a, DomainName: !Sub '\${Http}.execute-api.\${AWS::Region}.amazonaws.com', OriginCustomHeaders: [{ HeaderName: X-Verify, HeaderValue: x }] }
        - { Id: b, DomainName: example.com }
Acl: { Type: AWS::WAFv2::WebACL, Properties: { Scope: CLOUDFRONT } }`);
    expect(plain(distributions)).toBe(
      '[id=D webAcl=IsProd(Acl | undefined) origins=[api=Http addedHeaders=[x-verify]]]',
    );
  });
});

describe('Cognito', () => {
  it('tells who may sign up, and what is written by whom', () => {
    const { userPools, userPoolClients } = read(`
A: { Type: AWS::Cognito::UserPool, Properties: { Schema: [{ Name: role, Mutable: "false" }, { Name: email }, { Name: custom:plan }] } }
B: { Type: AWS::Cognito::UserPool, Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: "true" }, LambdaConfig: { PreSignUp: arn:x } } }
C: { Type: AWS::Cognito::UserPool, Properties: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: !Ref Given } } }
K: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref A, WriteAttributes: [email, custom:role] } }
L: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref A } }`);
    const pools = userPools.map((pool) => plain({ ...pool, selfSignUpSpan: undefined }));
    expect(pools).toEqual([
      'id=A selfSignUp=true preSignUp=false customAttributes=[name=role mutable=false, name=plan mutable=true]',
      'id=B selfSignUp=false preSignUp=true customAttributes=[]',
      'id=C selfSignUp=? is the parameter Given, which is given when it is deployed preSignUp=false customAttributes=[]',
    ]);
    expect(userPoolClients.map(({ writeAttributes }) => plain(writeAttributes))).toEqual([
      '[email, custom:role]',
      'undefined',
    ]);
  });

  it('finds the role for guests', () => {
    const { identityPools } = read(`
P: { Type: AWS::Cognito::IdentityPool, Properties: { AllowUnauthenticatedIdentities: true, AllowClassicFlow: !Ref Given } }
Q: { Type: AWS::Cognito::IdentityPool }
R: { Type: AWS::Cognito::IdentityPoolRoleAttachment, Properties: { IdentityPoolId: !Ref P, Roles: { unauthenticated: arn:aws:iam::1:role/guest } } }`);
    expect(identityPools.map((pool) => plain({ ...pool, guestsSpan: undefined }))).toEqual([
      'id=P guests=true guestRole=external arn:aws:iam::1:role/guest classicFlow=? is the parameter Given, which is given when it is deployed',
      'id=Q guests=false classicFlow=false',
    ]);
  });
});
