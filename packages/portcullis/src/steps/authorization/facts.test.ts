import { describe, expect, it } from 'vitest';
import {
  apiWith,
  callOf,
  projectWith,
  resourceWith,
  routeWith,
  scalar,
  span,
  statementWith,
} from '../../../test/support/project.ts';
import {
  type Api,
  type Authorizer,
  type Fact,
  known,
  type Link,
  type Project,
  type Route,
  type RouteAuthorization,
  unknown,
} from '../../project/index.ts';
import { standingOf } from './facts.ts';

const none: Fact<RouteAuthorization> = known({ kind: 'none' });

const pool: Authorizer = {
  id: 'Pool',
  name: 'customers',
  span,
  api: known({ kind: 'local', id: 'Api' }),
  type: 'cognito',
  function: undefined,
  userPools: [],
  issuer: undefined,
  audiences: known([]),
  identitySources: known([]),
  validationExpression: undefined,
  ttl: undefined,
  simpleResponses: known(false),
};

function standing(route: Partial<Route>, api: Partial<Api> = {}, parts: Partial<Project> = {}) {
  const own = routeWith(route);
  const owner = apiWith({ ...api, routes: [own, ...(api.routes ?? [])] });
  const project = projectWith({
    apis: [owner],
    authorizers: [pool],
    resources: new Map([['Api', resourceWith('Api', 'AWS::ApiGateway::RestApi')]]),
    ...parts,
  });
  const { verdict, state, kind, name } = standingOf(project, owner, own);
  return { verdict, state, kind, name };
}

const byAuthorizer = (link: Parameters<typeof known<{ kind: 'local'; id: string }>>[0] | undefined) =>
  known<RouteAuthorization>({
    kind: 'authorizer',
    type: 'cognito',
    authorizer: link ? known(link) : unknown('is imported from another stack'),
  });

describe('how a route stands', () => {
  it.each<[string, Partial<Route>, Partial<Api>, ReturnType<typeof standing>]>([
    ['nothing before it', {}, {}, { verdict: 'open', state: 'open', kind: 'none', name: null }],
    [
      'an authorizer of the project',
      { authorization: byAuthorizer({ kind: 'local', id: 'Pool' }) },
      {},
      { verdict: 'guarded', state: 'closed', kind: 'cognito', name: 'customers' },
    ],
    [
      'an authorizer of another stack',
      { authorization: byAuthorizer(undefined) },
      {},
      { verdict: 'guarded', state: 'closed', kind: 'cognito', name: null },
    ],
    [
      'an authorizer that is not there',
      { authorization: byAuthorizer({ kind: 'local', id: 'Missing' }) },
      {},
      { verdict: 'missing-authorizer', state: 'unknown', kind: 'cognito', name: 'Missing' },
    ],
    [
      'a value that is not decided',
      { authorization: unknown('comes from Parameter Store') },
      {},
      { verdict: 'undecided', state: 'unknown', kind: 'unknown', name: null },
    ],
    [
      'IAM in one branch of a condition and nothing in the other',
      {
        authorization: {
          kind: 'either',
          condition: 'IsProd',
          options: [known<RouteAuthorization>({ kind: 'iam' }), none],
        },
      },
      {},
      { verdict: 'question', state: 'half-open', kind: 'iam', name: null },
    ],
    [
      'IAM in one branch of a condition and an undecided value in the other',
      {
        authorization: {
          kind: 'either',
          condition: 'IsProd',
          options: [known<RouteAuthorization>({ kind: 'iam' }), unknown('is a parameter')],
        },
      },
      {},
      { verdict: 'undecided', state: 'unknown', kind: 'iam', name: null },
    ],
    ['a key', { apiKeyRequired: known(true) }, {}, { verdict: 'key', state: 'half-open', kind: 'none', name: null }],
    [
      'a key on an HTTP API, which does not check it',
      { apiKeyRequired: known(true) },
      { kind: 'http' },
      { verdict: 'open', state: 'open', kind: 'none', name: null },
    ],
    [
      'preflight',
      { method: 'OPTIONS', preflight: true },
      {},
      { verdict: 'preflight', state: 'closed', kind: 'preflight', name: null },
    ],
    [
      'a private API',
      {},
      { endpoint: known('PRIVATE') },
      { verdict: 'question', state: 'half-open', kind: 'none', name: null },
    ],
    [
      'a resource policy that is not decided',
      {},
      { resourcePolicy: unknown('comes from a file that is not read') },
      { verdict: 'undecided', state: 'unknown', kind: 'none', name: null },
    ],
    [
      'IAM behind a policy that lets every account sign',
      { authorization: known({ kind: 'iam' }) },
      { resourcePolicy: known([statementWith({})]) },
      { verdict: 'guarded', state: 'half-open', kind: 'iam', name: null },
    ],
    ['a function URL', { path: '/' }, { kind: 'url' }, { verdict: 'url', state: 'open', kind: 'none', name: null }],
    [
      'a WebSocket route when $connect has an authorizer',
      { path: 'send', method: 'ANY' },
      {
        kind: 'websocket',
        routes: [routeWith({ path: '$connect', method: 'ANY', authorization: known({ kind: 'iam' }) })],
      },
      { verdict: 'follows-connect', state: 'closed', kind: 'iam', name: null },
    ],
    [
      'a WebSocket route when there is no $connect',
      { path: 'send', method: 'ANY' },
      { kind: 'websocket' },
      { verdict: 'follows-connect', state: 'open', kind: 'none', name: null },
    ],
    [
      'containers behind a public load balancer',
      { integration: { kind: 'containers', targetGroups: [], span } },
      { kind: 'alb' },
      { verdict: 'question', state: 'half-open', kind: 'none', name: null },
    ],
    [
      'a login at the load balancer',
      { authorization: known({ kind: 'listener', type: 'oidc' }) },
      { kind: 'alb' },
      { verdict: 'guarded', state: 'closed', kind: 'oidc', name: null },
    ],
  ])('%s', (_name, route, api, expected) => {
    expect(standing(route, api)).toEqual(expected);
  });

  it('does not take the settings of an API that lies in another stack for private', () => {
    const api = { endpoint: unknown('lies elsewhere'), resourcePolicy: unknown('lies elsewhere') };
    expect(standing({}, api, { resources: new Map() }).verdict).toBe('open');
  });
});

describe('what a path or a name says of the route', () => {
  it.each([
    ['POST', '/login', 'question'],
    ['POST', '/v1/users/sign-in', 'question'],
    ['GET', '/auth/github/callback', 'question'],
    ['POST', '/auth/token', 'question'],
    ['POST', '/users/register', 'question'],
    ['POST', '/webhooks/stripe', 'question'],
    ['POST', '/stripe-webhook', 'question'],
    ['POST', '/hooks/github', 'question'],
    ['POST', '/fishing-hooks', 'open'],
    ['GET', '/.well-known/jwks.json', 'question'],
    ['ANY', '/{proxy+}', 'question'],
    ['ANY', '/api/{proxy+}', 'question'],
    ['ANY', '$default', 'question'],
    ['DELETE', '/login', 'open'],
    ['PUT', '/webhooks/{id}', 'open'],
    ['GET', '/login-history', 'open'],
    ['GET', '/logins', 'open'],
    ['GET', '/tokens', 'open'],
    ['POST', '/cards/token', 'open'],
    ['POST', '/devices/register', 'open'],
    ['GET', '/orders/callbacks', 'open'],
    ['ANY', '/orders', 'open'],
    ['ANY', '/', 'open'],
    ['POST', '/authors', 'open'],
  ])('%s %s is %s', (method, path, verdict) => {
    expect(standing({ method, path }).verdict).toBe(verdict);
  });

  it('takes `/` for a part of the router beside it, when both lead to the same function', () => {
    const integration = callOf('App');
    const other = callOf('Other');
    const routes = [routeWith({ method: 'ANY', path: '/{proxy+}', integration })];
    expect(standing({ method: 'ANY', path: '/', integration }, { routes }).verdict).toBe('question');
    expect(standing({ method: 'ANY', path: '/', integration: other }, { routes }).verdict).toBe('open');
  });

  it('sees an API that manages webhooks as a resource', () => {
    const routes = [routeWith({ method: 'DELETE', path: '/webhooks/{id}' })];
    expect(standing({ method: 'POST', path: '/webhooks' }, { routes }).verdict).toBe('open');
    expect(standing({ method: 'POST', path: '/webhooks' }).verdict).toBe('question');
  });

  it.each([
    ['stripeWebhook', 'question'],
    ['handle-webhook', 'question'],
    ['userLogin', 'question'],
    ['signUp', 'question'],
    ['oauthCallback', 'question'],
    ['listWebhooks', 'open'],
    ['loginHistory', 'open'],
    ['createOrder', 'open'],
    ['authorizePayment', 'open'],
  ])('a function called %s is %s', (name, verdict) => {
    const fn = {
      id: 'Fn',
      name,
      span,
      role: unknown('is elsewhere'),
      environment: [],
      kmsKey: undefined,
      handler: undefined,
    } as const;
    const integration = callOf('Fn');
    expect(standing({ integration, path: '/things' }, {}, { functions: [fn] }).verdict).toBe(verdict);
  });
});

describe('a health check', () => {
  const fn = {
    id: 'Fn',
    name: 'health',
    span,
    role: known<Link>({ kind: 'local', id: 'Role' }),
    environment: [],
    kmsKey: undefined,
    handler: undefined,
  };
  const role = { id: 'Role', name: undefined, span, statements: [], managedPolicies: [] };
  const writes = statementWith({
    actions: [known('dynamodb:PutItem')],
    resources: [scalar('arn:aws:dynamodb:eu-west-1:123456789012:table/orders')],
    principals: undefined,
  });

  it.each([
    ['GET', '/health', role, true],
    ['GET', '/api/v1/ping', role, true],
    ['GET', '/health', { ...role, statements: [writes] }, false],
    ['GET', '/orders/status', role, false],
    ['POST', '/health', role, false],
  ])('%s %s (case %#) is harmless: %s', (method, path, ownRole, harmless) => {
    const own = routeWith({ method, path, integration: callOf('Fn') });
    const api = apiWith({ kind: 'http', routes: [own] });
    const project = projectWith({ apis: [api], functions: [fn], roles: [ownRole] });
    const found = standingOf(project, api, own);
    expect([found.state, found.harmless]).toEqual(['open', harmless]);
  });
});
