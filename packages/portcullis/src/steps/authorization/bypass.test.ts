import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiWith, callOf, projectWith, resourceWith, routeWith, span } from '../../../test/support/project.ts';
import { type Api, known, type Route, type RouteAuthorization, unknown } from '../../project/index.ts';
import { bypassOf } from './bypass.ts';
import { standingOf } from './facts.ts';

const iam = known<RouteAuthorization>({ kind: 'iam' });
const guarded = (method: string, path: string, fn = 'App') =>
  routeWith({ method, path, authorization: iam, integration: callOf(fn) });
const open = (method: string, path: string, fn = 'App') => routeWith({ method, path, integration: callOf(fn) });

function around(route: Route, others: readonly Route[], kind: Api['kind'] = 'http') {
  const bypass = bypassOf(apiWith({ kind, routes: [route, ...others] }), route);
  return bypass && { paths: bypass.around.map(({ method, path }) => `${method} ${path}`), certain: bypass.certain };
}

describe('an open route for every path', () => {
  it.each<[string, Route, readonly Route[], ReturnType<typeof around>]>([
    ['beside a guarded one', open('ANY', '/{proxy+}'), [guarded('GET', '/a')], { paths: ['GET /a'], certain: true }],
    ['$default', open('ANY', '$default'), [guarded('GET', '/a')], { paths: ['GET /a'], certain: true }],
    ['$default and a greedy path', open('ANY', '$default'), [guarded('ANY', '/{proxy+}')], undefined],
    [
      'below the same prefix',
      open('ANY', '/v1/{proxy+}'),
      [guarded('GET', '/v1/a'), guarded('GET', '/v2/a'), guarded('GET', '/v1')],
      { paths: ['GET /v1/a'], certain: true },
    ],
    [
      'below a variable',
      open('ANY', '/{tenant}/{rest+}'),
      [guarded('GET', '/{tenant}/a')],
      { paths: ['GET /{tenant}/a'], certain: true },
    ],
    [
      'around a subtree',
      open('ANY', '/{proxy+}'),
      [guarded('ANY', '/admin/{proxy+}')],
      { paths: ['ANY /admin/{proxy+}'], certain: false },
    ],
    ['of the same path', open('GET', '/{proxy+}'), [guarded('ANY', '/{proxy+}')], undefined],
    ['of another method', open('GET', '/{proxy+}'), [guarded('POST', '/a')], undefined],
    ['of the same method', open('GET', '/{proxy+}'), [guarded('GET', '/a')], { paths: ['GET /a'], certain: true }],
    ['that leads elsewhere', open('ANY', '/{proxy+}', 'Web'), [guarded('GET', '/a')], undefined],
    ['for preflights', open('OPTIONS', '/{proxy+}'), [guarded('ANY', '/a')], undefined],
    ['beside the guarded root', open('ANY', '/{proxy+}'), [guarded('ANY', '/')], undefined],
    ['that is none', open('ANY', '/a'), [guarded('GET', '/a')], undefined],
  ])('%s', (_name, route, others, expected) => {
    expect(around(route, others)).toEqual(expected);
  });

  it('counts what is undecided or guarded on a condition for no guard', () => {
    const later = routeWith({ path: '/a', authorization: unknown('is a parameter'), integration: callOf('App') });
    const either = routeWith({
      path: '/b',
      authorization: { kind: 'either', condition: 'Prod', options: [iam, known({ kind: 'none' })] },
      integration: callOf('App'),
    });
    expect(around(open('ANY', '/{proxy+}'), [later, either])).toBeUndefined();
  });

  it('compares programs behind addresses by their host', () => {
    const http = (uri: string, more: Partial<Route>) =>
      routeWith({
        ...more,
        integration: {
          kind: 'http',
          uri: known(uri),
          loadBalancer: undefined,
          private: known(false),
          headers: [],
          span,
        },
      });
    const route = http('https://app.example.com/{proxy}', { method: 'ANY', path: '/{proxy+}' });
    const same = http('https://APP.example.com/orders', { method: 'GET', path: '/orders', authorization: iam });
    const other = http('https://other.example.com/x', { method: 'GET', path: '/x', authorization: iam });
    expect(around(route, [same, other])?.paths).toEqual(['GET /orders']);
  });

  it.each(['alb', 'url', 'websocket'] as const)('means nothing to %s', (kind) => {
    expect(around(open('ANY', '/{proxy+}'), [guarded('GET', '/a')], kind)).toBeUndefined();
  });

  const method = fc.constantFrom('GET', 'POST', 'ANY', 'OPTIONS', 'HEAD');
  const path = fc.constantFrom('/', '/a', '/a/{id}', '/a/b', '/{proxy+}', '/a/{rest+}', '$default', '/A');
  const one = fc.tuple(method, path, fc.boolean(), fc.constantFrom('App', 'Web'));

  it('goes around guarded routes of its own program and nothing else, and is then never called closed', () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), (written) => {
        const routes = written.map(([verb, where, closed, fn]) => (closed ? guarded : open)(verb, where, fn));
        const api = apiWith({ kind: 'http', routes });
        const project = projectWith({
          apis: [api],
          resources: new Map([['Api', resourceWith('Api', 'AWS::ApiGatewayV2::Api')]]),
        });
        for (const route of routes) {
          const bypass = bypassOf(api, route);
          for (const other of bypass?.around ?? []) {
            expect(other.authorization).toBe(iam);
            expect(other.integration).toEqual(route.integration);
            expect(other.method).not.toBe('OPTIONS');
          }
          if (route.authorization === iam) continue;
          expect(standingOf(project, api, route).state === 'closed').toBe(false);
          if (bypass) expect(standingOf(project, api, route).verdict).toBe('bypass');
        }
      }),
    );
  });
});

describe('client certificates', () => {
  const routes = [open('GET', '/a')];
  const standing = (disabled: boolean, mutualTls: readonly boolean[]) => {
    const api = apiWith({ kind: 'http', routes, defaultEndpointDisabled: known(disabled) });
    const project = projectWith({
      apis: [api],
      resources: new Map([['Api', resourceWith('Api', 'AWS::ApiGatewayV2::Api')]]),
      customDomains: mutualTls.map((demanded, index) => ({
        id: `Domain${index}`,
        name: undefined,
        span,
        mutualTls: known(demanded),
        securityPolicy: undefined,
        securityPolicySpan: span,
        apis: [known({ kind: 'local', id: 'Api' })],
      })),
    });
    const [route] = routes;
    return route && standingOf(project, api, route).state;
  };

  it.each<[string, boolean, readonly boolean[], string]>([
    ['close an API that is reached in no other way', true, [true], 'closed'],
    ["leave the API's own address open", false, [true], 'open'],
    ['leave another domain open', true, [true, false], 'open'],
    ['are not there without a domain', true, [], 'open'],
  ])('%s', (_name, disabled, mutualTls, expected) => {
    expect(standing(disabled, mutualTls)).toBe(expected);
  });
});
