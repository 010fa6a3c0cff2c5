import { describe, expect, it } from 'vitest';
import { apiWith, projectWith, resourceWith, routeWith, span } from '../../../test/support/project.ts';
import {
  type Api,
  type ApiKey,
  type IgnoredSetting,
  known,
  type MethodThrottle,
  type Node,
  type Project,
  type Route,
  type Throttle,
  type UsagePlan,
  unknown,
} from '../../project/index.ts';
import { literalValues, meantForHttpApi, planGate } from './facts.ts';

const limit: Throttle = { rate: known(50), burst: known(100), span };
const all: MethodThrottle = { ...limit, path: '*', method: '*' };

const route = routeWith({});
const withKey: Route = { ...route, apiKeyRequired: known(true) };

function apiOf(kind: Api['kind'], ...stages: readonly (readonly MethodThrottle[])[]): Api {
  const named = stages.map((throttles, index) => ({ id: `Stage${index}`, name: known(`s${index}`), span, throttles }));
  return apiWith({ kind, stages: named, routes: [route] });
}

function planOf(parts: Partial<UsagePlan> = {}): UsagePlan {
  return {
    id: 'Plan',
    name: undefined,
    span,
    stages: [{ api: known({ kind: 'local', id: 'Api' }), stage: known('s0'), throttles: [], span }],
    throttle: undefined,
    quota: undefined,
    keys: [],
    ...parts,
  };
}

const inFiles: Project['resources'] = new Map([['Api', resourceWith('Api', 'AWS::ApiGateway::RestApi')]]);

function gate(api: Api, own: Route, usagePlans: readonly UsagePlan[] = [], resources = inFiles) {
  return planGate(projectWith({ apis: [api], usagePlans, resources }), api, own);
}

const throttle = { rate: 50, burst: 100 };
const others: readonly MethodThrottle[] = ['/a', '/b'].map((path) => ({ ...limit, path, method: 'GET' }));
const inOneBranch = (value: number) =>
  ({ kind: 'either', condition: 'Live', options: [known(value), known(-1)] }) as const;

describe('how often a route may be called', () => {
  it.each<[string, ReturnType<typeof gate>, ReturnType<typeof gate>]>([
    ['nothing set', gate(apiOf('rest', []), route), { state: 'open', throttle: null, quota: null }],
    [
      'no stage in the files',
      gate(apiOf('rest'), route, [], new Map()),
      { state: 'unknown', throttle: null, quota: null },
    ],
    ['a stage with limits', gate(apiOf('http', [all]), route), { state: 'closed', throttle, quota: null }],
    ['a load balancer, which has none', gate(apiOf('alb'), route), { state: 'closed', throttle: null, quota: null }],
    [
      'limits for the path of the route among those of many',
      gate(apiOf('rest', [...others, { ...limit, path: `${route.path}/`, method: route.method }]), route),
      { state: 'closed', throttle, quota: null },
    ],
    ['limits for other paths only', gate(apiOf('rest', others), route), { state: 'open', throttle: null, quota: null }],
    [
      "the plan's limits for the path of the route",
      gate(apiOf('rest', []), withKey, [
        planOf({
          stages: [
            {
              api: known({ kind: 'local', id: 'Api' }),
              stage: known('s0'),
              throttles: [...others, { ...limit, path: route.path, method: '*' }],
              span,
            },
          ],
        }),
      ]),
      { state: 'closed', throttle, quota: null },
    ],
    [
      'one of two stages with limits',
      gate(apiOf('rest', [all], []), route),
      { state: 'open', throttle: null, quota: null },
    ],
    [
      'limits for another method',
      gate(apiOf('rest', [{ ...limit, path: '/orders', method: 'GET' }]), route),
      { state: 'open', throttle: null, quota: null },
    ],
    [
      'limits for this method that are switched off, and limits for all',
      gate(apiOf('rest', [{ ...all, rate: known(-1), burst: known(-1), path: '/orders', method: 'POST' }, all]), route),
      { state: 'open', throttle: null, quota: null },
    ],
    [
      'a plan, and a route that asks for no key',
      gate(apiOf('rest', []), route, [planOf({ throttle: limit })]),
      { state: 'open', throttle: null, quota: null },
    ],
    [
      'a plan with throttle and quota',
      gate(apiOf('rest', []), withKey, [
        planOf({ throttle: limit, quota: { limit: known(1000), period: known('DAY'), span } }),
      ]),
      { state: 'closed', throttle, quota: { limit: 1000, period: 'DAY' } },
    ],
    [
      'a plan without throttle',
      gate(apiOf('rest', []), withKey, [planOf()]),
      { state: 'half-open', throttle: null, quota: null },
    ],
    [
      'the looser of two plans counts',
      gate(apiOf('rest', []), withKey, [planOf({ throttle: limit }), planOf({ id: 'Loose' })]),
      { state: 'half-open', throttle: null, quota: null },
    ],
    ['a key and no plan', gate(apiOf('rest', []), withKey), { state: 'unknown', throttle: null, quota: null }],
    [
      'a key that nobody can ask for on an HTTP API',
      gate(apiOf('http', []), withKey, [planOf({ throttle: limit })]),
      { state: 'open', throttle: null, quota: null },
    ],
    [
      'a key that is not decided',
      gate(apiOf('rest', []), { ...route, apiKeyRequired: unknown('is a parameter') }),
      { state: 'unknown', throttle: null, quota: null },
    ],
    [
      "a limit that is not below the account's",
      gate(apiOf('rest', [{ ...all, rate: known(10_000), burst: known(50) }]), route),
      { state: 'half-open', throttle: { rate: 10_000, burst: 50 }, quota: null },
    ],
    [
      'the weaker of two stages counts',
      gate(apiOf('rest', [all], [{ ...all, rate: known(20_000) }]), route),
      { state: 'half-open', throttle: { rate: 20_000, burst: 100 }, quota: null },
    ],
    [
      'a limit in one branch',
      gate(apiOf('rest', [{ ...all, rate: inOneBranch(50), burst: inOneBranch(100) }]), route),
      { state: 'half-open', throttle: { rate: null, burst: null }, quota: null },
    ],
    [
      'a burst beside a rate in one branch',
      gate(apiOf('rest', [{ ...all, rate: inOneBranch(50) }]), route),
      { state: 'closed', throttle: { rate: null, burst: 100 }, quota: null },
    ],
    [
      'a plan that limits nothing on a stage that does',
      gate(apiOf('rest', [all]), withKey, [planOf({ throttle: { ...limit, rate: known(1_000_000) } })]),
      { state: 'closed', throttle, quota: null },
    ],
    [
      'a plan for another stage',
      gate(apiOf('rest', []), withKey, [
        planOf({
          throttle: limit,
          stages: [{ api: known({ kind: 'local', id: 'Api' }), stage: known('other'), throttles: [], span }],
        }),
      ]),
      { state: 'unknown', throttle: null, quota: null },
    ],
    [
      'a plan that may not cover the API',
      gate(apiOf('rest', []), withKey, [
        planOf({
          throttle: limit,
          stages: [
            {
              api: {
                kind: 'either',
                condition: 'Live',
                options: [known({ kind: 'local', id: 'Api' }), unknown('depends on the condition Live')],
              },
              stage: known('s0'),
              throttles: [],
              span,
            },
          ],
        }),
      ]),
      { state: 'unknown', throttle, quota: null },
    ],
    [
      'a limit that is decided when it is deployed',
      gate(apiOf('rest', [{ ...all, rate: unknown('is a parameter'), burst: undefined }]), route),
      { state: 'closed', throttle: { rate: null, burst: null }, quota: null },
    ],
  ])('%s', (_name, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe("a key's value in the file", () => {
  const scalar: Node = { kind: 'scalar', value: 'a1b2c3d4e5f60718293a', span };
  const from = (source: 'self' | 'env' | 'ssm' | 'parameter'): Node => ({
    ...scalar,
    from: [{ source, address: 'x', span }],
  });
  it.each<[string, Node | undefined, number]>([
    ['none', undefined, 0],
    ['a literal', scalar, 1],
    ['from another place of the file', from('self'), 1],
    ['the default of a parameter', from('parameter'), 1],
    ['from the environment', from('env'), 0],
    ['from Parameter Store', from('ssm'), 0],
    ['empty', { kind: 'scalar', value: ' ', span }, 0],
    ['known when it is deployed', { kind: 'unknown', source: 'ssm', reason: 'comes from Parameter Store', span }, 0],
    ['in one branch of a condition', { kind: 'either', condition: 'C', branches: [scalar, from('env')], span }, 1],
  ])('%s', (_name, value, places) => {
    const key: ApiKey = { id: 'Key', name: 'acme', span, enabled: known(true), value };
    expect(literalValues(key)).toHaveLength(places);
  });
});

describe('settings that only REST APIs read', () => {
  const setting = (path: string): IgnoredSetting => ({ step: 'usage-plans', path, span, reason: 'R', instead: 'I' });
  it.each<[string, readonly Api[], boolean]>([
    ['functions.a.events[0].httpApi.private', [], true],
    ['provider.httpApi.usagePlan', [], true],
    ['provider.apiGateway.apiKeys', [apiOf('http')], true],
    ['provider.apiGateway.usagePlan', [apiOf('http'), apiOf('rest')], false],
    ['provider.usagePlan', [apiOf('rest')], false],
    ['functions.a.events[0].private', [apiOf('http')], false],
  ])('%s', (path, apis, expected) => {
    expect(meantForHttpApi(projectWith({ apis }), setting(path))).toBe(expected);
  });
});
