import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../test/support/read.ts';

const service = (text: string, more: Readonly<Record<string, string>> = {}) =>
  readFiles({ 'serverless.yml': `service: shop\n${text}`, ...more });

const functions = `functions:
  list:
    handler: a.b
    events:
      - http: GET /orders
`;

const ignoredPaths = (text: string, more?: Readonly<Record<string, string>>) =>
  service(text, more).project?.ignored.map((setting) => setting.path);

/** [what it is, file, paths that are reported] */
const cases: readonly [string, string, readonly string[]][] = [
  [
    'a plan of v2 spelling',
    `provider: { name: aws, usagePlan: { throttle: { rateLimit: 1 } } }\n${functions}`,
    ['provider.usagePlan'],
  ],
  [
    'keys and policy of v2 spelling',
    `provider:\n  name: aws\n  apiKeys: [a]\n  resourcePolicy: [{ Effect: Deny }]\n${functions}`,
    ['provider.apiKeys', 'provider.resourcePolicy'],
  ],
  ['the same with v2', `frameworkVersion: '2'\nprovider: { name: aws, apiKeys: [a] }\n${functions}`, []],
  [
    'the same with a range below v3',
    `frameworkVersion: '>=1.0.0 <3.0.0'\nprovider: { name: aws, apiKeys: [a] }\n${functions}`,
    [],
  ],
  [
    'a range without an end',
    `frameworkVersion: '>=1.0.0'\nprovider: { name: aws, apiKeys: [a] }\n${functions}`,
    ['provider.apiKeys'],
  ],
  [
    'where it belongs',
    `provider: { name: aws, apiGateway: { apiKeys: [a], usagePlan: { quota: { limit: 1 } } } }\n${functions}`,
    [],
  ],
  [
    'limits beside the plan',
    `provider:\n  name: aws\n  apiGateway:\n    usagePlan:\n      rateLimit: 5\n      quota: { limit: 3, period: DAY }\n${functions}`,
    ['provider.apiGateway.usagePlan.rateLimit'],
  ],
  [
    'limits beside the name of a plan',
    `provider:\n  name: aws\n  apiGateway:\n    usagePlan:\n      - gold:\n        quota: { limit: 3, period: DAY }\n${functions}`,
    ['provider.apiGateway.usagePlan[0].quota'],
  ],
  [
    'plans of a service with an HTTP API only',
    'provider: { name: aws, apiGateway: { usagePlan: { quota: { limit: 1 } } } }\nfunctions: { a: { handler: a.b, events: [{ httpApi: GET /a }] } }\n',
    ['provider.apiGateway.usagePlan'],
  ],
  [
    'authorizer beside http',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - http: { path: a, method: get }\n        authorizer: aws_iam\n        private: true\n',
    ['functions.a.events[0].authorizer', 'functions.a.events[0].private'],
  ],
  [
    'authorizer beside the short form',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - httpApi: GET /a\n        authorizer: jwt\n',
    ['functions.a.events[0].authorizer'],
  ],
  [
    'private and authorizer of the function',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    private: true\n    authorizer: aws_iam\n    events:\n      - http: GET /a\n',
    ['functions.a.private', 'functions.a.authorizer'],
  ],
  [
    'CloudFormation names inside an event',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - http: { path: a, method: get, apiKeyRequired: true, authorizationType: AWS_IAM }\n',
    ['functions.a.events[0].http.apiKeyRequired', 'functions.a.events[0].http.authorizationType'],
  ],
  [
    'a key for an HTTP API',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - httpApi: { path: /a, method: get, private: true }\n',
    ['functions.a.events[0].httpApi.private'],
  ],
  [
    'an authorizer of a URL in capitals',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    url: { authorizer: AWS_IAM }\n',
    ['functions.a.url.authorizer'],
  ],
  [
    'an authorizer of a URL',
    'provider: { name: aws }\nfunctions: { a: { handler: a.b, url: { authorizer: aws_iam } } }\n',
    [],
  ],
  [
    'the WAF plugin is missing',
    `custom: { associateWaf: { name: acl } }\nprovider: { name: aws }\n${functions}`,
    ['custom.associateWaf'],
  ],
  [
    'the WAF plugin is there',
    `plugins: [serverless-associate-waf]\ncustom: { associateWaf: { name: acl } }\nprovider: { name: aws }\n${functions}`,
    [],
  ],
  [
    'a WAF for an HTTP API',
    'plugins: [serverless-associate-waf]\ncustom: { associateWaf: { name: acl } }\nprovider: { name: aws }\nfunctions: { a: { handler: a.b, events: [{ httpApi: GET /a }] } }\n',
    ['custom.associateWaf'],
  ],
  [
    'throttling without its plugin',
    `custom: { apiGatewayThrottling: { maxRequestsPerSecond: 5 } }\nprovider: { name: aws }\n${functions}`,
    ['custom.apiGatewayThrottling'],
  ],
  [
    'throttling of one event without its plugin',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - http: { path: a, method: get, throttling: { maxRequestsPerSecond: 5 } }\n',
    ['functions.a.events[0].http.throttling'],
  ],
  [
    'keys below custom that a variable takes',
    `custom: { apiKeys: [a] }\nprovider: { name: aws, apiGateway: { apiKeys: '\${self:custom.apiKeys}' } }\n${functions}`,
    [],
  ],
  [
    'keys below custom that nobody takes',
    `custom: { apiKeys: [a] }\nprovider: { name: aws }\n${functions}`,
    ['custom.apiKeys'],
  ],
  [
    'the block without the plugin',
    `portcullis: { authorization: {} }\nprovider: { name: aws }\n${functions}`,
    ['portcullis'],
  ],
  [
    'the block with the plugin',
    `plugins: [portcullis/plugin]\nportcullis: { authorization: {} }\nprovider: { name: aws }\n${functions}`,
    [],
  ],
  [
    'roles per function without the plugin',
    'provider: { name: aws }\nfunctions: { a: { handler: a.b, iamRoleStatements: [] } }\n',
    ['functions.a.iamRoleStatements'],
  ],
  ['a plan at the root', `usagePlan: { quota: { limit: 1 } }\nprovider: { name: aws }\n${functions}`, ['usagePlan']],
  [
    'an anchor and a value that a variable takes',
    `authorizers: { a: aws_iam }\nauthorizer: &iam aws_iam\nprovider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - http: { path: a, method: get, authorizer: *iam }\n      - http: { path: b, method: get, authorizer: '\${self:authorizers.a}' }\n`,
    [],
  ],
  [
    'an undecided list of plugins',
    `plugins: '\${file(plugins.js)}'\ncustom: { associateWaf: { name: acl } }\nprovider: { name: aws }\n${functions}`,
    [],
  ],
  [
    'events whose settings stand beside them',
    'provider: { name: aws }\nfunctions:\n  a:\n    handler: a.b\n    events:\n      - http:\n        path: a\n        method: get\n        authorizer: aws_iam\n      - httpApi:\n        path: /b\n        method: get\n      - websocket:\n        route: $connect\n',
    ['functions.a.events[0].http', 'functions.a.events[1].httpApi', 'functions.a.events[2].websocket'],
  ],
  [
    'an event without anything',
    'provider: { name: aws }\nfunctions: { a: { handler: a.b, events: [{ http: }] } }\n',
    [],
  ],
  ['an ordinary service', `provider: { name: aws, runtime: nodejs20.x }\n${functions}`, []],
];

describe('settings without effect', () => {
  it.each(cases)('%s', (_name, text, expected) => {
    expect(ignoredPaths(text, { 'plugins.js': 'module.exports = [];' })).toEqual(expected);
  });

  it('are reported at their key, with a step and a way out', () => {
    const [setting] = service('provider:\n  name: aws\n  usagePlan: {}\n  apiKeys:\n    - a\n').project?.ignored ?? [];
    expect(setting?.path).toBe('provider.usagePlan');
    expect(setting?.span.file.text.slice(setting.span.start, setting.span.end)).toBe('usagePlan');
    expect(setting?.step).toBe('usage-plans');
    expect(setting?.instead).toContain('provider.apiGateway');
  });

  it('v2 named by package.json reads the old spelling', () => {
    const text = `provider: { name: aws, apiKeys: [a], usagePlan: { quota: { limit: 1 } } }\n${functions}`;
    const { project } = service(text, { 'package.json': '{"devDependencies":{"serverless":"^2.72.0"}}' });
    expect(project?.ignored).toEqual([]);
    expect(project?.apiKeys.map((key) => key.name)).toEqual(['a']);
    expect(project?.usagePlans).toHaveLength(1);
  });
});
