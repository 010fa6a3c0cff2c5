import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../../test/support/read.ts';
import type { Fact, Project } from '../../../../project/index.ts';

function read(text: string): Project {
  const { project, errors } = readFiles({ 'serverless.yml': text });
  expect(errors.map((error) => error.message)).toEqual([]);
  if (!project) throw new Error('no project');
  return project;
}

const value = <T>(fact: Fact<T> | undefined) => (fact?.kind === 'known' ? fact.value : fact?.kind);

const head = (plugin: string) => `service: shop
plugins: [${plugin}]
provider: { name: aws, stage: live }
`;

const route = `functions:
  list:
    handler: a.b
    events:
      - http: GET /orders
`;

describe('plugins that carry protection', () => {
  it('serverless-associate-waf: WAF Classic unless V2 is asked for', () => {
    for (const [version, type] of [
      ['', 'AWS::WAFRegional::WebACLAssociation'],
      [', version: V2', 'AWS::WAFv2::WebACLAssociation'],
    ]) {
      const project = read(
        `${head('serverless-associate-waf')}custom: { associateWaf: { name: acl${version} } }\n${route}`,
      );
      const [association] = project.webAclAssociations;
      expect(project.resources.get(association?.id ?? '')?.type).toBe(type);
      expect(value(association?.webAcl)).toEqual({ kind: 'external', name: 'acl' });
      expect(value(association?.target)).toMatchObject({ kind: 'stage', api: 'ApiGatewayRestApi', stage: 'live' });
    }
  });

  it('serverless-associate-waf: finds the ACL of the same name in the service', () => {
    const project = read(`${head('serverless-associate-waf')}custom: { associateWaf: { name: acl, version: V2 } }
resources:
  Resources:
    Acl:
      Type: AWS::WAFv2::WebACL
      Properties: { Name: acl, Scope: REGIONAL, DefaultAction: { Allow: {} } }
${route}`);
    expect(value(project.webAclAssociations[0]?.webAcl)).toEqual({ kind: 'local', id: 'Acl' });
  });

  it.each(['serverless-pseudo-parameters', 'serverless-cf-vars'])(
    '%s: `#{...}` in texts, as in `Fn::Sub`',
    (plugin) => {
      const text = (plugins: string) => `service: shop
plugins: [${plugins}]
provider:
  name: aws
  environment: { URL: 'https://sqs.#{AWS::Region}.amazonaws.com/#{Queue}' }
  iamRoleStatements:
    - { Effect: Allow, Action: 'sqs:SendMessage', Resource: '#{Queue.Arn}' }
    - { Effect: Allow, Action: 's3:GetObject', Resource: { 'Fn::Sub': '#{Bucket.Arn}/\${Queue}' } }
    - { Effect: Allow, Action: 's3:PutObject', Resource: 'arn:aws:s3:::\${ssm:/name}-#{AWS::AccountId}/*' }
functions:
  send: { handler: a.b }
resources:
  Resources:
    Queue: { Type: 'AWS::SQS::Queue' }
    Bucket: { Type: 'AWS::S3::Bucket' }
`;
      const resources = (plugins: string) =>
        read(text(plugins)).roles[0]?.statements.flatMap((statement) => statement.resources.map((node) => node.kind));
      expect(resources(plugin)?.slice(-3)).toEqual(['reference', 'text', 'text']);
      expect(resources('other')?.slice(-3)).toEqual(['scalar', 'text', 'text']);
      const url = read(text(plugin)).functions[0]?.environment[0]?.value;
      expect(url?.kind === 'text' && url.parts.map((part) => (typeof part === 'string' ? part : part.kind))).toEqual([
        'https://sqs.',
        'unknown',
        '.amazonaws.com/',
        'reference',
      ]);
    },
  );

  it('serverless-api-gateway-throttling: the stage, single routes, and routes that turn it off', () => {
    const project =
      read(`${head('serverless-api-gateway-throttling')}custom: { apiGatewayThrottling: { maxRequestsPerSecond: 5 } }
functions:
  list:
    handler: a.b
    events:
      - http: GET /orders
      - http: { path: 'orders/{id}', method: get, throttling: { maxConcurrentRequests: 7 } }
      - http: { path: free, method: post, throttling: { disabled: true } }
      - httpApi: GET /other
`);
    const rest = project.apis.find((api) => api.kind === 'rest')?.stages[0];
    const throttles = rest?.throttles.map((throttle) => [
      throttle.method,
      throttle.path,
      value(throttle.rate),
      value(throttle.burst),
    ]);
    expect(throttles).toContainEqual(['*', '*', 5, 5000]);
    expect(throttles).toContainEqual(['GET', '/orders/{id}', 5, 7]);
    expect(throttles).toContainEqual(['POST', '/free', undefined, undefined]);
    expect(throttles).toHaveLength(3);
    const http = project.apis.find((api) => api.kind === 'http')?.stages[0];
    expect(http?.throttles.map((throttle) => value(throttle.rate))).toEqual([5]);
  });

  it('serverless-api-gateway-throttling: does nothing without the settings of the stage', () => {
    const project = read(`${head('serverless-api-gateway-throttling')}functions:
  list:
    handler: a.b
    events:
      - http: { path: a, method: get, throttling: { maxRequestsPerSecond: 5 } }
`);
    expect(project.apis[0]?.stages[0]?.throttles).toEqual([]);
  });

  it('serverless-iam-roles-per-function: a role of its own, with the shared statements when it inherits', () => {
    const project = read(`service: shop
plugins: [serverless-iam-roles-per-function]
provider:
  name: aws
  iamRoleStatements:
    - { Effect: Allow, Action: 's3:GetObject', Resource: '*' }
functions:
  own:
    handler: a.b
    iamRoleStatements:
      - { Effect: Allow, Action: 'dynamodb:GetItem', Resource: '*' }
  inheriting:
    handler: a.b
    iamRoleStatementsInherit: true
    iamRoleStatements: []
    events:
      - sqs: arn:aws:sqs:eu-west-1:123456789012:jobs
  shared:
    handler: a.b
`);
    const roleOf = (name: string) => value(project.functions.find((fn) => fn.name === name)?.role);
    expect(roleOf('own')).toEqual({ kind: 'local', id: 'OwnIamRoleLambdaExecution' });
    expect(roleOf('shared')).toEqual({ kind: 'local', id: 'IamRoleLambdaExecution' });
    const actions = (id: string) =>
      project.roles
        .find((role) => role.id === id)
        ?.statements.flatMap((statement) => statement.actions.map(value))
        .filter((action) => !String(action).startsWith('logs:'));
    expect(actions('OwnIamRoleLambdaExecution')).toEqual(['dynamodb:GetItem']);
    expect(actions('InheritingIamRoleLambdaExecution')).toEqual([
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      's3:GetObject',
    ]);
  });

  it('serverless-add-api-key: keys with their own plan, a named one, or one without limits', () => {
    const project = read(`${head('serverless-add-api-key')}custom:
  apiKeys:
    - name: first
      value: abcdefghijklmnopqrst
      usagePlan: { name: gold, throttle: { rateLimit: 5, burstLimit: 6 } }
    - name: second
      usagePlan: { name: gold }
    - third
${route}`);
    expect(project.apiKeys.map((key) => key.name)).toEqual(['first', 'second', 'third']);
    expect(project.usagePlans.map((plan) => [plan.name, value(plan.throttle?.rate), plan.keys.length])).toEqual([
      ['gold', 5, 2],
      ['third-usage-plan', undefined, 1],
    ]);
  });

  it('serverless-add-api-key: keys by stage', () => {
    const project = read(
      `${head('serverless-add-api-key')}custom: { apiKeys: { live: [{ name: a }], dev: [{ name: b }] } }\n${route}`,
    );
    expect(project.apiKeys.map((key) => key.name)).toEqual(['a']);
  });

  it('serverless-step-functions and serverless-apigateway-service-proxy: routes to AWS services', () => {
    const project = read(`${head('serverless-step-functions, serverless-apigateway-service-proxy')}custom:
  apiGatewayServiceProxies:
    - sqs: { path: /queue, method: post, queueName: jobs, private: true }
    - sns: { path: /topic, method: post, authorizationType: AWS_IAM }
stepFunctions:
  stateMachines:
    start:
      events:
        - http: { path: start, method: POST, authorizer: aws_iam }
        - http: POST open
      definition: {}
`);
    const routes = project.apis[0]?.routes.map((route) => [
      `${route.method} ${route.path}`,
      route.integration.kind === 'service' ? route.integration.service : route.integration.kind,
      route.authorization.kind === 'known' ? route.authorization.value.kind : route.authorization.kind,
      value(route.apiKeyRequired),
    ]);
    expect(routes).toEqual([
      ['POST /start', 'states', 'iam', false],
      ['POST /open', 'states', 'none', false],
      ['POST /queue', 'sqs', 'none', true],
      ['POST /topic', 'sns', 'iam', false],
    ]);
  });

  it.each([
    ['serverless-plugin-api-gateway-auth', 'useIAMAuth: true', 'iam'],
    ['serverless-plugin-cfauthorizer', 'cfAuthorizer: MyAuthorizer', 'unknown'],
    ['serverless-offline', 'useIAMAuth: true, cfAuthorizer: MyAuthorizer', 'none'],
  ])('%s: %s', (plugin, setting, expected) => {
    const project = read(
      `${head(plugin)}functions: { a: { handler: a.b, events: [{ http: { path: x, method: get, ${setting} } }] } }\n`,
    );
    const fact = project.apis[0]?.routes[0]?.authorization;
    expect(fact?.kind === 'known' ? fact.value.kind : fact?.kind).toBe(expected);
  });

  it('entrances that are not read are said', () => {
    const project = read(`${head('serverless-lift, serverless-appsync-plugin')}appSync: { name: api }
constructs: { hook: { type: webhook, path: /hook, insecure: true }, files: { type: storage } }
${route}`);
    expect(project.unread.map((unread) => unread.what)).toEqual(['AppSync API', 'construct hook']);
  });
});
