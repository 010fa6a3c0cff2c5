import { describe, expect, it } from 'vitest';
import {
  anyOf,
  basic,
  type Check,
  hashPassword,
  jwt,
  type Principal,
  type RefusalResponse,
  type WithAuthorizationOptions,
  withAuthorization,
} from '../src/index.ts';
import { requestEvent, urlEvent } from './support/events.ts';
import { goodClaims, issuer, mint, nowMs, publicJwk } from './support/tokens.ts';

const ports = { nowMs: () => nowMs };
const check = jwt({
  issuer,
  audience: 'orders',
  realm: 'the "orders" API',
  jwks: { keys: [publicJwk('ES256')] },
  ports,
});
const good = { authorization: `Bearer ${mint()}` };
const guarded = (options: WithAuthorizationOptions = {}, by: Check = check) =>
  withAuthorization(
    by,
    (_event: unknown, _context, caller: Principal) => ({ statusCode: 200, headers: {}, body: caller.id }),
    options,
  );
const answer = async (event: unknown, options?: WithAuthorizationOptions, by?: Check) =>
  (await guarded(options, by)(event)) as RefusalResponse;
const realm = 'Bearer realm="the \\"orders\\" API"';

describe('a guarded handler', () => {
  it.each([
    ['function URL', urlEvent(good)],
    ['HTTP API', urlEvent(good, 'GET', '/orders', 'GET /orders')],
    ['REST API', requestEvent(good)],
  ])('runs with the caller as its third argument: %s', async (_name, event) => {
    expect(await answer(event)).toEqual({ statusCode: 200, headers: {}, body: 'alice' });
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['no credentials: no error (RFC 6750 section 3.1)', {}, 401, realm],
    [
      'expired',
      { authorization: `Bearer ${mint({ ...goodClaims, exp: 1 })}` },
      401,
      `${realm}, error="invalid_token", error_description="the token has expired"`,
    ],
    [
      'garbage',
      { authorization: 'Bearer x' },
      401,
      `${realm}, error="invalid_token", error_description="the token is not a JWS in compact form with a JSON header and JSON claims"`,
    ],
    [
      'two different tokens',
      { authorization: 'Bearer a', Authorization: 'Bearer b' },
      400,
      `${realm}, error="invalid_request", error_description="the same credential was sent with different values"`,
    ],
  ])('%s', async (_name, headers, status, challenge) => {
    const { statusCode, headers: sent, body } = await answer(urlEvent(headers));
    expect([statusCode, sent['www-authenticate'], sent['cache-control']]).toEqual([status, challenge, 'no-store']);
    expect(JSON.parse(body)).toEqual({ message: status === 401 ? 'Unauthorized' : 'Bad Request' });
  });

  it('says which scope is missing', async () => {
    const scoped = jwt({
      issuer,
      audience: 'orders',
      scopes: ['orders/delete'],
      jwks: { keys: [publicJwk('ES256')] },
      ports,
    });
    const { statusCode, headers } = await answer(urlEvent(good), {}, scoped);
    expect(statusCode).toBe(403);
    expect(headers['www-authenticate']).toBe(
      'Bearer realm="api", scope="orders/delete", error="insufficient_scope", error_description="the caller lacks a scope or a group that is required"',
    );
  });

  it('asks for Basic in UTF-8 (RFC 7617 section 2.1), and for both where both will do', async () => {
    const staff = basic({ users: { alice: await hashPassword('wonder') }, realm: 'staff', ports });
    expect((await answer(urlEvent({}), {}, staff)).headers['www-authenticate']).toBe(
      'Basic realm="staff", charset="UTF-8"',
    );
    expect((await answer(urlEvent({}), {}, anyOf(check, staff))).headers['www-authenticate']).toBe(
      `${realm}, Basic realm="staff", charset="UTF-8"`,
    );
  });

  it('answers 503 without a challenge while keys cannot be had, and 500 to what is no request', async () => {
    const away = jwt({
      issuer,
      audience: 'orders',
      ports: { ...ports, fetch: async () => Promise.reject(new Error('away')) },
    });
    const { statusCode, headers } = await answer(urlEvent(good), {}, away);
    expect([statusCode, headers['retry-after'], headers['www-authenticate']]).toEqual([503, '5', undefined]);
    for (const event of [null, {}, { version: '2.0' }, { Records: [] }])
      expect((await answer(event)).statusCode).toBe(500);
  });

  it('lets the errors of the handler through', async () => {
    const failing = withAuthorization(check, () => {
      throw new Error('mine');
    });
    await expect(failing(urlEvent(good))).rejects.toThrow('mine');
  });
});

const routes = {
  'GET /orders': {},
  'GET /orders/{id}': { scopes: ['orders/read'] },
  'GET /admin': { scopes: ['admin'] },
  'ANY /{proxy+}': {},
  'DELETE /{proxy+}': 'nobody',
} as const;

describe('routes of a function URL', () => {
  it.each<[string, string, number]>([
    ['GET', '/orders', 200],
    ['GET', '/orders/', 200],
    ['GET', '/orders/7', 200],
    ['GET', '/admin', 403],
    ['GET', '/Admin', 403],
    ['GET', '/%61dmin', 403],
    ['GET', '/admin/', 403],
    ['GET', '//admin', 403],
    ['GET', '/x/../admin', 403],
    ['GET', '/x/%2e%2e/admin', 403],
    ['GET', '/x%2fadmin', 403],
    ['GET', '/x%5cadmin', 403],
    ['GET', '/%2561dmin', 403],
    ['GET', '/%ff', 403],
    ['GET', '/other/thing', 200],
    ['DELETE', '/other', 403],
    ['TRACE', '/orders', 403],
    ['GET', '/', 403],
  ])('%s %s: %d', async (method, path, status) => {
    expect((await answer(urlEvent(good, method, path), { routes })).statusCode).toBe(status);
  });
  it('are taken from the route of an HTTP API where it has one', async () => {
    expect((await answer(urlEvent(good, 'GET', '/prod/admin', 'GET /admin'), { routes })).statusCode).toBe(403);
    expect((await answer(urlEvent(good, 'GET', '/prod/orders', 'GET /orders'), { routes })).statusCode).toBe(200);
  });
});
