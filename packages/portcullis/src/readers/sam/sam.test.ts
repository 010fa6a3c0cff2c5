import { describe, expect, test } from 'vitest';
import { place, plain, readTemplates, routeLines } from '../../../test/support/template.ts';
import type { Project } from '../../project/index.ts';

const head = 'Transform: AWS::Serverless-2016-10-31\n';

function read(text: string, files: Readonly<Record<string, string>> = {}): Project {
  const { project, errors } = readTemplates({ 'template.yaml': head + text, ...files });
  expect(errors.map((error) => error.message)).toEqual([]);
  return project;
}

const one = (properties: string, type = 'Function'): string =>
  `Resources: { R: { Type: AWS::Serverless::${type}, Properties: { ${properties} } } }`;

describe('what is not read', () => {
  const event = (text: string) => one(`Events: { E: ${text} }`);
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'an API elsewhere',
      event('{ Type: Api, Properties: { Path: /, Method: get, RestApiId: !ImportValue api } }'),
      ['event E of R'],
    ],
    [
      'an API that is missing',
      event('{ Type: HttpApi, Properties: { Path: /, Method: get, ApiId: !Ref Gone } }'),
      ['event E of R'],
    ],
    [
      'a path that is put together',
      event('{ Type: Api, Properties: { Path: !Sub "/${Stage}", Method: get } }'),
      ['event E of R'],
    ],
    ['events that are not decided', one('Events: !If [A, {}, {}]'), ['Events of R']],
    ['an event that is not decided', event('!If [A, {}, {}]'), ['event E of R']],
    ['an event of a kind that is not known', event('{ Type: Moon, Properties: {} }'), ['event E of R']],
    [
      'a URL that is not decided',
      one('FunctionUrlConfig: !If [A, { AuthType: NONE }, !Ref AWS::NoValue]'),
      ['FunctionUrlConfig of R'],
    ],
    ['a policy template that is not known', one('Policies: [{ MoonPolicy: {} }]'), ['policy template MoonPolicy of R']],
    ['a GraphQL API', one('', 'GraphQLApi'), ['AppSync API R']],
    [
      'an application from the repository',
      one('Location: { ApplicationId: a, SemanticVersion: 1.0.0 }', 'Application'),
      ['AWS::Serverless::Application R'],
    ],
    ['a kind of a later version', one('', 'WebFunction'), ['AWS::Serverless::WebFunction R']],
    [
      'Auth beside DefinitionUri',
      one('StageName: a, DefinitionUri: s3://b/k, Auth: { ApiKeyRequired: true }', 'Api'),
      ['Auth of R', 'BodyS3Location of R'],
    ],
    [
      'a connector between kinds that have none',
      one('Source: { Type: X }, Destination: { Type: Y }, Permissions: [Read]', 'Connector'),
      ['connector R'],
    ],
    [
      'a connector to nothing',
      one('Source: { Id: Gone }, Destination: { Id: R }, Permissions: [Read]', 'Connector'),
      ['connector R'],
    ],
    [
      'nothing of an alias whose name is given later',
      `Parameters: { P: { Type: String } }\n${one('AutoPublishAlias: !Ref P')}`,
      [],
    ],
    [
      'two events for one method',
      one(
        'Events: { A: { Type: Api, Properties: { Path: /, Method: get } }, B: { Type: Api, Properties: { Path: /, Method: GET } } }',
      ),
      ['a second event for GET /'],
    ],
    ['nothing of an ordinary function', one('Handler: a.b'), []],
    ['nothing of a table', one('', 'SimpleTable'), []],
    ['nothing of a layer', one('ContentUri: x', 'LayerVersion'), []],
  ];
  test.each(cases)('%s', (_name, text, expected) => {
    const { unread } = read(text);
    expect(unread.map(({ what }) => what)).toEqual(expected);
    expect(unread.every(({ steps }) => steps.length > 0)).toBe(true);
  });

  test('SAM resources without the transform', () => {
    const { project } = readTemplates({ 'template.yaml': one('Handler: a.b') });
    expect(project.format).toBe('cloudformation');
    expect(project.unread.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'AWS::Serverless::Function R: the template does not name the transform AWS::Serverless-2016-10-31',
    ]);
    expect(project.unread[0]?.steps).toContain('authorization');
  });
});

describe('authorization that nobody decides is unknown', () => {
  const rest = (auth: string, own: string, parameters = '') =>
    `${parameters}Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: a, Auth: ${auth} } }
  Fn: { Type: AWS::Serverless::Function, Properties: { Events: { E: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /a, Method: get ${own} } } } } }`;
  const http = (auth: string, own: string) =>
    rest(auth, own)
      .replace('Serverless::Api,', 'Serverless::HttpApi,')
      .replace('Type: Api,', 'Type: HttpApi,')
      .replace('RestApiId', 'ApiId');
  const parameter = (value: string) => `Parameters: { Which: { Type: String${value} } }\n`;
  const pool = 'Authorizers: { Pool: { UserPoolArn: !GetAtt P.Arn } }';
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'an authorizer that the API does not define',
      rest(`{ ${pool} }`, ', Auth: { Authorizer: Gone }'),
      '? names the authorizer Gone, which the API does not define',
    ],
    [
      'an authorizer by reference',
      rest(`{ ${pool} }`, ', Auth: { Authorizer: !Ref Which }', parameter('')),
      '? names an authorizer that is not a plain name, which the API does not define',
    ],
    [
      'Auth in a condition',
      rest(`{ ${pool} }`, ', Auth: !If [A, { Authorizer: Pool }, !Ref AWS::NoValue]'),
      '? depends on a function of CloudFormation that AWS SAM does not look into',
    ],
    [
      'a default that is not defined',
      rest('{ DefaultAuthorizer: Gone }', ''),
      '? has a DefaultAuthorizer that Gone is not among its Authorizers',
    ],
    [
      'a default without name',
      rest(`{ DefaultAuthorizer: !Ref Which, ${pool} }`, '', parameter('')),
      '? has a DefaultAuthorizer that is no plain text',
    ],
    [
      'an HTTP API, an authorizer that is not defined',
      http('{}', ', Auth: { Authorizer: Gone }'),
      '? names the authorizer Gone, which the API does not define',
    ],
    [
      'an HTTP API, Auth without authorizer',
      http('{}', ', Auth: { AuthorizationScopes: [a] }'),
      '? has Auth without an authorizer, which AWS SAM refuses',
    ],
    [
      'an HTTP API, AWS_IAM that is not enabled',
      http('{ DefaultAuthorizer: AWS_IAM }', ''),
      '? has a DefaultAuthorizer that AWS_IAM is not among its Authorizers',
    ],
    [
      'a default that a parameter names',
      rest(`{ DefaultAuthorizer: !Ref Which, ${pool} }`, '', parameter(', Default: Pool')),
      'cognito:Api.Pool',
    ],
    ['NONE beside a default', rest(`{ DefaultAuthorizer: Pool, ${pool} }`, ', Auth: { Authorizer: NONE }'), 'none'],
    ['an empty Auth', rest(`{ DefaultAuthorizer: Pool, ${pool} }`, ', Auth: {}'), 'cognito:Api.Pool'],
    ['nothing', rest('{}', ''), 'none'],
  ];
  test.each(cases)('%s', (_name, text, expected) => {
    const [route] = read(text).apis.flatMap((api) => api.routes);
    expect(plain(route?.authorization)).toBe(expected);
  });
});

describe('places', () => {
  const project = read(`Globals:
  Function: { Runtime: nodejs20.x, Environment: { Variables: { SHARED: abc } } }
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        Authorizers:
          Pool: { UserPoolArn: !GetAtt P.Arn }
        UsagePlan: { CreateUsagePlan: PER_API }
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [AmazonS3ReadOnlyAccess]
      FunctionUrlConfig:
        AuthType: NONE
      Events:
        Get:
          Type: Api
          Properties: { RestApiId: !Ref Api, Path: /a, Method: get }
`);
  const cases: readonly (readonly [string, () => string, number])[] = [
    ['a route is at its event', () => place(project.apis[0]?.routes[0]?.span), 20],
    ['an API is at its resource', () => place(project.apis[0]?.span), 5],
    ['a stage is at its name', () => place(project.apis[0]?.stages.find(({ id }) => id === 'ApiprodStage')?.span), 8],
    ['an authorizer is at its name', () => place(project.authorizers[0]?.span), 11],
    ['a plan is at UsagePlan', () => place(project.usagePlans[0]?.span), 12],
    ['a URL is at AuthType', () => place(project.apis.find(({ kind }) => kind === 'url')?.span), 18],
    ['a role is at Policies', () => place(project.roles[0]?.span), 16],
    ['a variable of Globals is there', () => place(project.functions[0]?.environment[0]?.span), 3],
  ];
  test.each(cases)('%s', (_name, at, line) => expect(at()).toMatch(new RegExp(`^template.yaml:${line}:`)));

  test('what Globals gives to all functions is looked at once', () => {
    const two = read(`Globals: { Function: { Environment: { Variables: { SHARED: abc } } } }
Resources:
  A: { Type: AWS::Serverless::Function, Properties: { Handler: a.b } }
  B: { Type: AWS::Serverless::Function, Properties: { Handler: a.b, Environment: { Variables: { OWN: x } } } }`);
    const environments = two.configuration.filter(({ context }) => context === 'environment');
    expect(environments.map(({ path, node }) => `${path.join('.')} ${plain(node)}`)).toEqual([
      'Resources.B.Properties.Environment.Variables {OWN: x}',
      'Globals.Function.Environment.Variables {SHARED: abc}',
    ]);
  });
});

describe('documents and templates beside the template', () => {
  const openapi = `openapi: 3.0.1
paths:
  /a:
    get:
      x-amazon-apigateway-integration: { type: mock }
`;
  test('DefinitionUri with a local path', () => {
    const { apis } = read(one('StageName: a, DefinitionUri: ./api.yaml', 'Api'), { 'api.yaml': openapi });
    expect(routeLines(apis)).toEqual(['rest R GET /a none -> mock']);
    expect(place(apis[0]?.routes[0]?.span)).toBe('api.yaml:4:5');
  });

  test('an included DefinitionBody gets the default authorizer and the preflights of the API', () => {
    const { apis } = read(
      `Resources:
  R:
    Type: AWS::Serverless::Api
    Properties:
      StageName: a
      Cors: "'*'"
      Auth: { DefaultAuthorizer: AWS_IAM, AddDefaultAuthorizerToCorsPreflight: false }
      DefinitionBody: { 'Fn::Transform': { Name: AWS::Include, Parameters: { Location: ./api.yaml } } }`,
      { 'api.yaml': openapi },
    );
    expect(routeLines(apis)).toEqual(['rest R GET /a iam -> mock', 'rest R OPTIONS /a none -> mock']);
  });

  test('an application in a folder', () => {
    const { apis } = read(one('Location: ./inner.yaml, Parameters: { Size: small }', 'Application'), {
      'inner.yaml': `${head}${one('Events: { E: { Type: Api, Properties: { Path: /inner, Method: get } } }')}`,
    });
    expect(routeLines(apis)).toEqual(['rest ServerlessRestApi GET /inner none -> R.R']);
  });
});

describe('Globals', () => {
  const both = (globals: string, own: string) =>
    read(`Globals: { Function: ${globals} }\n${one(own)}`).functions.map(({ environment, handler, kmsKey }) =>
      [handler, plain(kmsKey), ...environment.map(({ name, value }) => `${name}=${plain(value)}`)].join(' '),
    );
  const cases: readonly (readonly [string, string, string])[] = [
    ['{ Handler: a.b, KmsKeyArn: key }', '', 'a.b external key'],
    ['{ Handler: a.b }', 'Handler: c.d', 'c.d undefined'],
    [
      '{ Environment: { Variables: { A: 1, B: 2 } } }',
      'Environment: { Variables: { B: 3, C: 4 } }',
      ' undefined A=1 B=3 C=4',
    ],
    ['{ Environment: { Variables: { A: 1 } } }', 'Environment: !Ref AWS::NoValue', ' undefined'],
    [
      '{ Environment: { Variables: { A: { Ref: X } } } }',
      'Environment: { Variables: { A: plain } }',
      ' undefined A=plain',
    ],
  ];
  test.each(cases)('%s with { %s }', (globals, own, expected) => expect(both(globals, own)).toEqual([expected]));
});
