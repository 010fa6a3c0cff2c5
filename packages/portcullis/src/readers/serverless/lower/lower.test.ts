import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../test/support/read.ts';
import { locate, type Project, type Route } from '../../../project/index.ts';

const text = (events: string) => `service: shop
provider: { name: aws }
functions:
  guard: { handler: a.b }
  one:
    handler: a.b
    events:
${events.replace(/^/gm, '      ')}
`;

function authorization(route: Route): string {
  const fact = route.authorization;
  if (fact.kind !== 'known') return fact.kind;
  return fact.value.kind === 'authorizer' ? fact.value.type : fact.value.kind;
}

const routesOf = (project: Project | undefined) =>
  project?.apis.flatMap((api) => api.routes.map((route) => `${route.method} ${route.path} ${authorization(route)}`)) ??
  [];

/** [what it is, events, routes, error codes] */
const events: readonly [string, string, readonly string[], readonly string[]][] = [
  ['short', '- http: GET orders/{id}', ['GET /orders/{id} none'], []],
  ['short with more spaces', '- http: get   /orders', ['GET /orders none'], []],
  ['the root', '- http: { path: /, method: any }', ['ANY / none'], []],
  ['a path without value', '- http:\n    path:\n    method: get', ['GET / none'], []],
  ['a trailing slash', '- http: GET /orders/', ['GET /orders none'], []],
  ['method *', "- http: { path: x, method: '*' }", ['ANY /x none'], []],
  ['numbers', '- http: { path: 404, method: get }', ['GET /404 none'], []],
  ['authorizer null', '- http: { path: x, method: get, authorizer: null }', ['GET /x none'], []],
  ['authorizer by function', '- http: { path: x, method: get, authorizer: guard }', ['GET /x lambda'], []],
  [
    'authorizer of a function that is missing',
    '- http: { path: x, method: get, authorizer: nobody }',
    ['GET /x lambda'],
    [],
  ],
  ['authorizer from elsewhere', '- http: { path: x, method: get, authorizer: "${ssm:/a}" }', ['GET /x unknown'], []],
  [
    'ARN with an undecided piece',
    '- http: { path: x, method: get, authorizer: "arn:aws:lambda:eu-west-1:${aws:accountId}:function:a" }',
    ['GET /x lambda'],
    [],
  ],
  [
    'cognito ARN with an undecided piece',
    '- http: { path: x, method: get, authorizer: { arn: "arn:aws:cognito-idp:eu-west-1:${aws:accountId}:userpool/${cf:a.b}" } }',
    ['GET /x cognito'],
    [],
  ],
  [
    'authorizerId without type',
    '- http: { path: x, method: get, authorizer: { authorizerId: abc } }',
    ['GET /x unknown'],
    [],
  ],
  ['AWS_IAM in any letters', '- http: { path: x, method: get, authorizer: { type: AWS_iam } }', ['GET /x iam'], []],
  [
    'a user pool from Parameter Store',
    '- http: { path: x, method: get, authorizer: { name: members, arn: "${ssm:/auth/userPoolArn}" } }',
    ['GET /x cognito'],
    [],
  ],
  [
    'a function from Parameter Store',
    '- http: { path: x, method: get, authorizer: { name: members, arn: "${ssm:/auth/arn}" } }',
    ['GET /x lambda'],
    [],
  ],
  ['no value', '- http:', [], []],
  ['settings beside', '- http:\n  path: x\n  method: get', [], []],
  ['no method', '- http: { path: x }', [], ['WRONG_TYPE']],
  ['a number', '- http: 5', [], ['WRONG_TYPE']],
  ['a list', '- http: [GET, /x]', [], ['WRONG_TYPE']],
  ['undecided path', '- http: { path: "${ssm:/path}/x", method: get }', ['GET /?/x none'], []],
  ['a list in the list', '-\n  - http: GET /x', [], ['WRONG_TYPE']],
  ['a bare word', '- http', [], []],
  ['events as a map', 'http: GET /x', ['GET /x none'], ['WRONG_TYPE']],
  ['httpApi short', '- httpApi: GET /x', ['GET /x none'], []],
  ['httpApi catch-all', "- httpApi: '*'", ['ANY $default none'], []],
  ['httpApi long catch-all', "- httpApi: { path: '*' }", ['ANY $default none'], []],
  ['httpApi any', "- httpApi: { path: /x, method: '*' }", ['ANY /x none'], []],
  ['httpApi without method', '- httpApi: { path: /x }', [], ['WRONG_TYPE']],
  [
    'httpApi with an authorizer that is not defined',
    '- httpApi: { path: /x, method: get, authorizer: nobody }',
    ['GET /x jwt'],
    [],
  ],
  ['httpApi iam', '- httpApi: { path: /x, method: get, authorizer: { type: aws_iam } }', ['GET /x iam'], []],
  ['alb as text', '- alb: yes please', [], ['WRONG_TYPE']],
  [
    'other kinds',
    '- schedule: rate(1 minute)\n- sqs: arn:aws:sqs:a:b:c\n- alexaSkill\n- foo: { bar: 1 }\n- 5\n-',
    [],
    [],
  ],
];

describe('events', () => {
  it.each(events)('%s', (_name, list, routes, codes) => {
    const { project, errors } = readFiles({ 'serverless.yml': text(list) });
    expect(errors.map((error) => error.code)).toEqual(codes);
    expect(routesOf(project)).toEqual(routes);
  });

  it('a route stands where its event stands', () => {
    const { project } = readFiles({ 'serverless.yml': text('- http: GET /a\n- http:\n    path: b\n    method: get') });
    expect(project?.apis[0]?.routes.map((route) => locate(route.span).line)).toEqual([8, 9]);
  });

  it.each([
    ['functions', 'functions: 5', ['authorization', 'usage-plans', 'firewall', 'secrets', 'deployment-bucket']],
    [
      'a function',
      'functions: { a: [x] }',
      ['authorization', 'usage-plans', 'firewall', 'secrets', 'deployment-bucket'],
    ],
    ['an event', 'functions: { a: { handler: b.c, events: [http: 5] } }', ['authorization', 'usage-plans', 'firewall']],
    [
      'the keys',
      'functions: { a: { handler: b.c, events: [http: GET /x] } }\nprovider: { name: aws, apiGateway: { apiKeys: { x: 1 } } }',
      ['usage-plans'],
    ],
    [
      'the resources',
      'resources: nonsense',
      ['authorization', 'usage-plans', 'firewall', 'secrets', 'deployment-bucket'],
    ],
    ['a resource', 'resources: { Resources: { A: 5 } }', ['authorization', 'usage-plans', 'firewall', 'secrets']],
  ])('what has the wrong type leaves its gates unknown: %s', (_name, yml, steps) => {
    const provider = yml.includes('provider') ? '' : 'provider: { name: aws }\n';
    const { project, errors } = readFiles({ 'serverless.yml': `service: shop\n${provider}${yml}\n` });
    expect(errors.map((error) => error.code)).toEqual(['WRONG_TYPE']);
    expect(project?.unread.map((unread) => unread.steps)).toEqual([steps]);
  });

  it.each([
    ['an id that nothing has', 'Orders: { Properties: { Name: x } }', ['resources.extensions.Orders']],
    [
      'a whole extension from elsewhere',
      'ApiGatewayRestApi: "${ssm:/api}"',
      ['resources.extensions.ApiGatewayRestApi'],
    ],
    ['properties from elsewhere', 'HttpApi: { Properties: "${ssm:/api}" }', ['resources.extensions.HttpApi']],
    ['a log group', 'OneLogGroup: { Properties: { RetentionInDays: 7 } }', []],
    ['a resource of the framework', 'ApiGatewayRestApi: { Properties: { Name: x } }', []],
  ])('an extension without effect is not dropped silently: %s', (_name, extension, unread) => {
    const yml = `${text('- http: GET /x\n- httpApi: GET /y')}resources: { extensions: { ${extension} } }\n`;
    const { project, errors } = readFiles({ 'serverless.yml': yml });
    expect(errors).toEqual([]);
    expect(project?.unread.map(({ what }) => what)).toEqual(unread);
  });

  it('undecided events and functions are said, and prove nothing about a missing authorizer', () => {
    const yml = `service: shop
provider: { name: aws }
functions:
  - \${file(functions.js)}
  - one:
      handler: a.b
      events:
        - \${file(events.js)}
        - http: { path: x, method: get, authorizer: elsewhere }
`;
    const { project } = readFiles({ 'serverless.yml': yml, 'functions.js': '', 'events.js': '' });
    expect(project?.unread.length).toBe(2);
    expect(routesOf(project)).toEqual(['GET /x unknown']);
  });
});

describe('what is not a service of AWS', () => {
  it.each([
    ['provider: { name: google }\n', 'NOTHING_TO_CHECK'],
    ['provider: azure\n', 'NOTHING_TO_CHECK'],
    ['component: express\n', 'NOTHING_TO_CHECK'],
    ['component: rest-api\nprovider: { runtime: nodejs20.x }\ninputs: { src: ./src }\n', 'NOTHING_TO_CHECK'],
  ])('%s', (rest, code) => {
    const { project, errors } = readFiles({ 'serverless.yml': `service: shop\n${rest}` });
    expect(project).toBeUndefined();
    expect(errors.map((error) => error.code)).toEqual([code]);
  });

  it.each([
    'provider: aws\n',
    'provider: { runtime: nodejs20.x }\nfunctions: { a: { handler: a.b } }\n',
    'functions: {}\n',
  ])('but this is: %s', (rest) => {
    expect(readFiles({ 'serverless.yml': `service: shop\n${rest}` }).project).toBeDefined();
  });
});

describe('resources', () => {
  it("the user's resource of the same id is merged over the framework's", () => {
    const yml = `${text('- http: GET /x')}resources:
  - Resources:
      ApiGatewayMethodXGet:
        Properties: { ApiKeyRequired: true }
  - extensions:
      ApiGatewayRestApi:
        Properties:
          EndpointConfiguration: { Types: [PRIVATE] }
`;
    const { project, errors } = readFiles({ 'serverless.yml': yml });
    expect(errors).toEqual([]);
    expect(project?.apis[0]?.routes[0]?.apiKeyRequired).toMatchObject({ value: true });
    expect(project?.apis[0]?.endpoint).toMatchObject({ value: 'PRIVATE' });
  });

  it.each([
    ['text', 'resources: nonsense\n', ['WRONG_TYPE']],
    ['null', 'resources:\n', []],
    ['an empty section', 'resources: { Resources: }\n', []],
    ['a null resource', 'resources: { Resources: { A: } }\n', []],
    ['a list of sections', 'resources: { Resources: [ { A: { Type: AWS::S3::Bucket } } ] }\n', []],
    [
      'an override of something that is not read',
      'resources: { Resources: { OneLambdaPermissionS3: { DependsOn: A } } }\n',
      [],
    ],
  ])('%s', (_name, resources, codes) => {
    const { errors, project } = readFiles({ 'serverless.yml': `${text('- http: GET /x')}${resources}` });
    expect(errors.map((error) => error.code)).toEqual(codes);
    expect(routesOf(project)).toEqual(['GET /x none']);
  });
});

describe('provider settings from elsewhere', () => {
  it.each([
    ['apiGateway', '- http: GET /x', ['GET /x none'], ['provider.apiGateway']],
    ['httpApi', '- httpApi: { path: /x, method: get, authorizer: people }', ['GET /x unknown'], []],
  ])('%s: the routes are still those of the own API', (group, list, routes, unread) => {
    const yml = text(list).replace('{ name: aws }', `{ name: aws, ${group}: '\${file(gateway.js)}' }`);
    const { project } = readFiles({ 'serverless.yml': yml, 'gateway.js': '' });
    expect(routesOf(project)).toEqual(routes);
    expect(project?.apis[0]?.id).toBe(group === 'httpApi' ? 'HttpApi' : 'ApiGatewayRestApi');
    expect(project?.unread.map((one) => one.what)).toEqual(unread);
  });
});

describe('environment', () => {
  it('keeps the decided part beside an undecided one', () => {
    const yml = `service: shop
provider: { name: aws, environment: { A: 1 } }
functions:
  one: { handler: a.b, environment: '\${file(env.js)}' }
`;
    const { project } = readFiles({ 'serverless.yml': yml, 'env.js': '' });
    expect(project?.functions[0]?.environment.map((variable) => variable.name)).toEqual(['A']);
    expect(project?.unread.map((unread) => unread.steps)).toEqual([['secrets']]);
  });
});

const keys = fc.constantFrom(
  ...['service', 'provider', 'functions', 'resources', 'Resources', 'extensions', 'custom', 'plugins', 'one', 'events'],
  ...[
    'http',
    'httpApi',
    'websocket',
    'alb',
    'url',
    'path',
    'method',
    'authorizer',
    'private',
    'cors',
    'name',
    'arn',
    'type',
  ],
  ...[
    'apiGateway',
    'apiKeys',
    'usagePlan',
    'quota',
    'throttle',
    'resourcePolicy',
    'authorizers',
    'iam',
    'role',
    'statements',
  ],
  ...[
    'iamRoleStatements',
    'vpc',
    'environment',
    'deploymentBucket',
    'stage',
    'sqs',
    'stream',
    's3',
    'cognitoUserPool',
    'pool',
  ],
  ...[
    'listenerArn',
    'conditions',
    'associateWaf',
    'apiGatewayThrottling',
    'Properties',
    'Type',
    'Fn::GetAtt',
    'Ref',
    'route',
  ],
  ...[
    'stepFunctions',
    'stateMachines',
    'apiGatewayServiceProxies',
    'kafka',
    'accessConfigurations',
    'destinations',
    'id',
    'request',
  ],
);
const leaves = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    5,
    '',
    'aws',
    'GET /x',
    '*',
    'one',
    'arn:aws:lambda:a:b:function:c',
    'request',
    '$connect',
  ),
  fc.constantFrom(
    '${ssm:/a}',
    'x/${cf:a.b}/{y}',
    'aws_iam',
    '${self:custom}',
    'AWS::Cognito::UserPool',
    'serverless-step-functions',
  ),
  fc.constantFrom(
    'serverless-associate-waf',
    'serverless-add-api-key',
    'serverless-api-gateway-throttling',
    'Listener',
    '__proto__',
  ),
);
const trees = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'large', withCrossShrink: true },
    leaves,
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 6 }),
  ),
})).tree;
const event = fc.dictionary(
  fc.constantFrom('http', 'httpApi', 'websocket', 'alb', 'sqs', 'cognitoUserPool', 's3'),
  trees,
  { maxKeys: 2 },
);
const services = fc.record({
  service: fc.constantFrom<unknown>('shop', 5, null),
  provider: fc.oneof(
    fc.constant('aws'),
    fc.dictionary(keys, trees).map((more) => ({ ...more, name: 'aws' })),
  ),
  plugins: fc.array(leaves, { maxLength: 4 }),
  custom: trees,
  functions: fc.oneof(
    trees,
    fc.dictionary(
      keys,
      fc.record({ handler: trees, events: fc.array(event, { maxLength: 3 }), url: trees, role: trees }),
    ),
  ),
  resources: trees,
});

describe('whatever stands in the file', () => {
  it('reading answers with a project or with errors, never by throwing', () => {
    let projects = 0;
    let routes = 0;
    fc.assert(
      fc.property(services, (service) => {
        const { project, errors } = readFiles({ 'serverless.json': JSON.stringify(service) });
        if (!project) expect(errors.length).toBeGreaterThan(0);
        projects += project ? 1 : 0;
        routes += routesOf(project).length;
      }),
      { numRuns: 200 },
    );
    // The property would hold for a reader that refuses everything.
    expect(projects).toBeGreaterThan(50);
    expect(routes).toBeGreaterThan(10);
  });
});
