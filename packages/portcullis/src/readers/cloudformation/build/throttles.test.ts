import { expect, test } from 'vitest';
import { plain, readTemplate } from '../../../../test/support/template.ts';
import type { MethodThrottle } from '../../../project/index.ts';

const line = ({ method, path, rate, burst }: MethodThrottle) => `${method} ${path} ${plain(rate)}/${plain(burst)}`;

test.each<readonly [string, readonly string[]]>([
  ["{ '/pets/{id}/GET': { RateLimit: 1, BurstLimit: 2 } }", ['GET /pets/{id} 1/2']],
  ["{ '/pets': { RateLimit: 1 } }", ['* /pets 1/undefined']],
  ["{ '//GET': { BurstLimit: 2 } }", ['GET / undefined/2']],
  ["{ '/a/GET': { RateLimit: -1, BurstLimit: -1 } }", []],
  [
    "{ '/a/GET': { RateLimit: !Ref Rate } }",
    ['GET /a ? is the parameter Rate, which is given when it is deployed/undefined'],
  ],
])('throttles of one stage in a plan: %s', (throttle, expected) => {
  const { usagePlans } = readTemplate(`Parameters: { Rate: { Type: Number } }
Resources:
  Plan: { Type: AWS::ApiGateway::UsagePlan, Properties: { ApiStages: [{ ApiId: a, Stage: b, Throttle: ${throttle} }] } }
`);
  expect(usagePlans[0]?.stages[0]?.throttles.map(line)).toEqual(expected);
});

test.each<readonly [string, string, readonly string[]]>([
  ['{ ThrottlingRateLimit: 5 }', '{}', ['* * 5/undefined']],
  ['{ DetailedMetricsEnabled: true }', "{ 'GET /a': { ThrottlingBurstLimit: 2 } }", ['GET /a undefined/2']],
  [
    '{ ThrottlingRateLimit: 5 }',
    "{ 'GET /a': { ThrottlingRateLimit: -1 } }",
    ['* * 5/undefined', 'GET /a undefined/undefined'],
  ],
  ['{}', '{ sendMessage: { ThrottlingRateLimit: 1 } }', ['ANY sendMessage 1/undefined']],
])('route settings %s and %s', (defaults, routes, expected) => {
  const [api] = readTemplate(`Resources:
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  Stage: { Type: AWS::ApiGatewayV2::Stage, Properties: { ApiId: !Ref Api, StageName: $default, DefaultRouteSettings: ${defaults}, RouteSettings: ${routes} } }
`).apis;
  expect(api?.stages[0]?.throttles.map(line)).toEqual(expected);
});
