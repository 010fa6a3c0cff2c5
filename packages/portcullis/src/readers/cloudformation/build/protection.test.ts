import { describe, expect, test } from 'vitest';
import { plain, readTemplate } from '../../../../test/support/template.ts';

test('authorizers of every kind', () => {
  const { authorizers } = readTemplate(`Resources:
  Fn: { Type: AWS::Lambda::Function }
  Pool: { Type: AWS::Cognito::UserPool }
  Client: { Type: AWS::Cognito::UserPoolClient }
  Token: { Type: AWS::ApiGateway::Authorizer, Properties: { Name: t, RestApiId: !Ref Api, Type: TOKEN, AuthorizerUri: !Sub 'arn:aws:apigateway:x:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations', IdentitySource: method.request.header.Authorization, AuthorizerResultTtlInSeconds: 0 } }
  Cognito: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Type: COGNITO_USER_POOLS, ProviderARNs: [!GetAtt Pool.Arn] } }
  RestJwt: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Type: JWT, JwtConfiguration: { Issuers: [{ Issuer: https://i, Audiences: [a] }, { Issuer: https://j, Audiences: [] }] } } }
  Jwt: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !Ref Http, AuthorizerType: JWT, IdentitySource: [$request.header.Authorization], JwtConfiguration: { Issuer: !Sub 'https://cognito-idp.\${AWS::Region}.amazonaws.com/\${Pool}', Audience: [!Ref Client] } } }
  NoAudience: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !Ref Http, AuthorizerType: JWT, JwtConfiguration: { Issuer: https://i } } }
  Request: { Type: AWS::ApiGatewayV2::Authorizer, Properties: { ApiId: !ImportValue api, AuthorizerType: REQUEST, AuthorizerUri: !GetAtt Fn.Arn, EnableSimpleResponses: true } }
`);
  const lines = authorizers.map(
    (one) =>
      `${one.id} ${one.type} api=${plain(one.api)} fn=${plain(one.function)} pools=${plain(one.userPools)} issuer=${plain(one.issuer)} aud=${plain(one.audiences)} src=${plain(one.identitySources)} ttl=${plain(one.ttl)} simple=${plain(one.simpleResponses)}`,
  );
  expect(lines).toEqual([
    'Token token api=Api fn=Fn pools=[] issuer=undefined aud=[] src=[method.request.header.Authorization] ttl=0 simple=false',
    'Cognito cognito api=Api fn=undefined pools=[Pool] issuer=undefined aud=[] src=[] ttl=undefined simple=false',
    'RestJwt jwt api=Api fn=undefined pools=[] issuer=https://i aud=[] src=[] ttl=undefined simple=false',
    'Jwt jwt api=Http fn=undefined pools=[Pool] issuer=https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool} aud=[${Client}] src=[$request.header.Authorization] ttl=undefined simple=false',
    'NoAudience jwt api=Http fn=undefined pools=[] issuer=https://i aud=[] src=[] ttl=undefined simple=false',
    'Request request api=? is imported from another stack (api) fn=Fn pools=[] issuer=undefined aud=[] src=[] ttl=undefined simple=true',
  ]);
});

test('usage plans, their stages and keys', () => {
  const project = readTemplate(`Parameters: { Name: { Type: String } }
Resources:
  Api: { Type: AWS::ApiGateway::RestApi }
  Stage: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: !Ref Name } }
  Key: { Type: AWS::ApiGateway::ApiKey, Properties: { Name: k, Enabled: true, Value: abcdefghijklmnopqrst } }
  Second: { Type: AWS::ApiGateway::ApiKey, Properties: { StageKeys: [{ RestApiId: !Ref Api, StageName: prod }] } }
  Off: { Type: AWS::ApiGateway::ApiKey, Properties: { StageKeys: [{ RestApiId: !Ref Api, StageName: prod }] } }
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      UsagePlanName: gold
      Throttle: { RateLimit: 0.5, BurstLimit: !If [Big, 200, 20] }
      Quota: { Limit: 1000, Period: month }
      ApiStages:
        - { ApiId: !Ref Api, Stage: !Ref Stage, Throttle: { '/pets/{id}/GET': { RateLimit: 1, BurstLimit: 2 } } }
        - { ApiId: !Ref Api, Stage: !Ref Name }
        - { ApiId: !Ref Api, Stage: prod }
        - { ApiId: !ImportValue api, Stage: prod }
  Empty: { Type: AWS::ApiGateway::UsagePlan, Properties: { Throttle: !If [Big, { RateLimit: 1 }, !Ref AWS::NoValue], Quota: {} } }
  Bind: { Type: AWS::ApiGateway::UsagePlanKey, Properties: { KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan } }
  Maybe: { Type: AWS::ApiGateway::UsagePlanKey, Condition: Big, Properties: { KeyId: !Ref Second, KeyType: API_KEY, UsagePlanId: !Ref Plan } }
`);
  const [plan, empty] = project.usagePlans;
  expect(plan?.name).toBe('gold');
  expect(plain(plan?.throttle)).toBe('rate=0.5 burst=Big(200 | 20)');
  expect(plain(plan?.quota)).toBe('limit=1000 period=MONTH');
  expect(plan?.stages.map((stage) => `${plain(stage.api)} ${plain(stage.stage)} ${plain(stage.throttles)}`)).toEqual([
    'Api ${Name} [rate=1 burst=2 path=/pets/{id} method=GET]',
    'Api ${Name} []',
    'Api ? is known when it is deployed []',
    '? is imported from another stack (api) prod []',
  ]);
  expect(plain(plan?.keys)).toBe('[Key, Big(Second | ? Maybe exists only when Big holds)]');
  expect(plain(empty?.throttle)).toBe('rate=Big(1 | -1) burst=Big(-1 | -1)');
  expect(empty?.quota).toBeUndefined();
  expect(project.apiKeys.map((key) => `${key.id} ${plain(key.enabled)} ${plain(key.value)}`)).toEqual([
    'Key true abcdefghijklmnopqrst',
    'Second false undefined',
    'Off false undefined',
  ]);
  expect(project.ignored.map((one) => one.path)).toEqual(['Off.StageKeys']);
});

describe('web ACLs', () => {
  test('rules of both generations', () => {
    const { webAcls } = readTemplate(`Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: { Allow: {} }
      Rules:
        - { Name: common, Priority: 1, OverrideAction: { None: {} }, Statement: { ManagedRuleGroupStatement: { VendorName: AWS, Name: AWSManagedRulesCommonRuleSet } } }
        - { Name: own, Priority: 2, OverrideAction: { Count: {} }, Statement: { RuleGroupReferenceStatement: { Arn: !GetAtt Group.Arn } } }
        - { Name: rate, Priority: 3, Action: { Block: {} }, Statement: { RateBasedStatement: { Limit: 100 } } }
        - { Name: geo, Priority: 0, Action: !If [Soft, { Count: {} }, { Block: {} }], Statement: { NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: [CH] } } } } }
        - !If [Extra, { Name: extra, Priority: 5, Action: { Captcha: {} }, Statement: {} }, !Ref AWS::NoValue]
  Old: { Type: AWS::WAFRegional::WebACL, Properties: { DefaultAction: { Type: BLOCK }, Rules: [{ Action: { Type: COUNT }, Priority: 1, RuleId: x }] } }
`);
    expect(webAcls.map((acl) => `${acl.generation} ${plain(acl.scope)} ${plain(acl.defaultAction)}`)).toEqual([
      'v2 REGIONAL allow',
      'classic REGIONAL block',
    ]);
    const rules = webAcls.flatMap((acl) =>
      acl.rules.map(
        (one) => `${one.name} ${plain(one.priority)} ${plain(one.action)} ${one.statement.kind} ${one.statement.group}`,
      ),
    );
    expect(rules).toEqual([
      'common 1 none managed-group AWS/AWSManagedRulesCommonRuleSet',
      'own 2 count group ${Group.Arn}',
      'rate 3 block rate undefined',
      'geo 0 Soft(count | block) other undefined',
      'extra 5 Extra(captcha | ? is there only in one branch of Extra) unknown undefined',
      'undefined 1 count unknown undefined',
    ]);
  });

  const template = (association: string, more = '') => `Parameters: { Name: { Type: String } }
Resources:
  Api: { Type: AWS::ApiGateway::RestApi }
  Prod: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: prod } }
  Http: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  Lb: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
  Pool: { Type: AWS::Cognito::UserPool }
  Acl: { Type: AWS::WAFv2::WebACL }
  Association: { Type: AWS::WAFv2::WebACLAssociation, ${more}Properties: { WebACLArn: !GetAtt Acl.Arn, ResourceArn: ${association} } }
`;
  const cases: readonly (readonly [string, string])[] = [
    ['!Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Prod}"', 'stage api=Api stage=prod'],
    ['!Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod"', 'stage api=Api stage=prod'],
    [
      '!Sub "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/other"',
      'stage api=Api stage=other',
    ],
    [
      '!Join ["", ["arn:aws:apigateway:", !Ref AWS::Region, "::/restapis/", !Ref Api, "/stages/", !Ref Prod]]',
      'stage api=Api stage=prod',
    ],
    [
      '!Join ["/", ["arn:aws:apigateway:x::", restapis, !Ref Api, stages, !Ref Name]]',
      '? is known when it is deployed',
    ],
    ['!Sub "arn:aws:apigateway:x::/apis/${Http}/stages/$default"', 'stage api=Http stage=$default'],
    ['arn:aws:apigateway:eu-west-1::/restapis/abc123/stages/prod', 'stage api=abc123 stage=prod'],
    ['!Sub "arn:aws:apigateway:x::/restapis/${Import}/stages/prod"', 'stage api=Import stage=prod'],
    [
      '!Join ["", ["arn:aws:apigateway:x::/restapis/", !ImportValue api, "/stages/prod"]]',
      '? is imported from another stack (api)',
    ],
    ['!Ref Lb', 'load-balancer id=Lb'],
    ['!GetAtt Pool.Arn', 'user-pool id=Pool'],
    ['!Sub "arn:aws:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${Pool}"', 'user-pool id=Pool'],
    [
      'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/1',
      'external arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/x/1',
    ],
    ['!ImportValue lb', '? is imported from another stack (lb)'],
    ['"{{resolve:ssm:/lb}}"', '? is looked up when it is deployed'],
    ['!Ref Name', '? is the parameter Name, which is given when it is deployed'],
    ['!Ref Prod', '? refers to Prod, which is no ARN of something that a web ACL can protect'],
    ['!If [P, !Ref Lb, !ImportValue lb]', 'P(load-balancer id=Lb | ? is imported from another stack (lb))'],
  ];
  test.each(cases)('an association with %s', (arn, expected) => {
    const [association] = readTemplate(template(arn)).webAclAssociations;
    expect(plain(association?.target)).toBe(expected);
    expect(plain(association?.webAcl)).toBe('Acl');
  });

  test('an association under a condition protects for certain only what stands under the same one', () => {
    const text = template('!Ref Lb', 'Condition: Guarded, ');
    const target = (source: string) => plain(readTemplate(source).webAclAssociations[0]?.target);
    expect(target(text)).toBe('Guarded(load-balancer id=Lb | ? Association exists only when Guarded holds)');
    const stage = template('!Sub "arn:aws:apigateway:x::/restapis/${Api}/stages/${Prod}"', 'Condition: Guarded, ');
    expect(target(stage)).toContain('exists only when Guarded holds');
    expect(target(stage.replace('::Stage,', '::Stage, Condition: Guarded,'))).toBe('stage api=Api stage=prod');
    expect(target(text.replace('::LoadBalancer }', '::LoadBalancer, Condition: Guarded }'))).toBe(
      'load-balancer id=Lb',
    );
  });
});

test('functions and permissions', () => {
  const project = readTemplate(`Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Handler: src/a.handler
      Role: !GetAtt Role.Arn
      KmsKeyArn: !GetAtt Key.Arn
      Environment: { Variables: { TABLE: !Ref Table, MODE: !If [P, a, b] } }
  Bare: { Type: AWS::Lambda::Function }
  May: { Type: AWS::Lambda::Permission, Properties: { FunctionName: !GetAtt Fn.Arn, Principal: '*', FunctionUrlAuthType: NONE } }
`);
  expect(
    project.functions.map(
      ({ span, environment, source, ...rest }) =>
        `${plain(rest)} ${environment.map((one) => `${one.name}=${plain(one.value)}`)}`,
    ),
  ).toEqual([
    'id=Fn name=Fn role=Role kmsKey=Key handler=src/a.handler TABLE=${Table},MODE=P(a | b)',
    'id=Bare name=Bare role=? has no role in the template ',
  ]);
  expect(project.permissions.map(plain)).toEqual(['id=May function=Fn principal=* functionUrlAuthType=NONE']);
});
