import { describe, expect, it } from 'vitest';
import { type CognitoOptions, cognito } from '../src/index.ts';
import { bearer, mint, nowMs, nowSeconds, outcome, publicJwk } from './support/tokens.ts';

const userPoolId = 'eu-central-1_AbCdEf123';
const claims = {
  iss: `https://cognito-idp.eu-central-1.amazonaws.com/${userPoolId}`,
  sub: 'u-1',
  iat: nowSeconds,
  exp: nowSeconds + 300,
};
const access = { ...claims, token_use: 'access', client_id: 'app', scope: 'orders/read', 'cognito:groups': ['staff'] };
const id = { ...claims, token_use: 'id', aud: 'app', email: 'a@example.com' };
const base = {
  userPoolId,
  clientId: 'app',
  tokenUse: 'access' as const,
  jwks: { keys: [publicJwk('RS256'), publicJwk('ES256', 'e')] },
  ports: { nowMs: () => nowMs },
};
const rs256 = (given: unknown) => mint(given, { algorithm: 'RS256' });

describe('tokens of a user pool', () => {
  it.each<[string, string, Partial<CognitoOptions>, string]>([
    ['access token', rs256(access), {}, 'allowed'],
    ['ID token', rs256(id), { tokenUse: 'id' }, 'allowed'],
    ['either, access', rs256(access), { tokenUse: 'any' }, 'allowed'],
    ['either, ID', rs256(id), { tokenUse: 'any' }, 'allowed'],
    ['one of several clients', rs256(access), { clientId: ['web', 'app'] }, 'allowed'],
    ['every client', rs256({ ...access, client_id: 'other' }), { clientId: null }, 'allowed'],
    ['a group', rs256(access), { groups: ['admin', 'staff'] }, 'allowed'],
    ['a scope', rs256(access), { scopes: ['orders/read'] }, 'allowed'],
    ['ID token where access is asked for', rs256(id), {}, 'token_use_mismatch'],
    ['access token where ID is asked for', rs256(access), { tokenUse: 'id' }, 'token_use_mismatch'],
    ['another client', rs256({ ...access, client_id: 'other' }), {}, 'client_mismatch'],
    [
      'the client in the claim of the other kind',
      rs256({ ...claims, token_use: 'access', aud: 'app' }),
      {},
      'claim_missing',
    ],
    ['a list of audiences', rs256({ ...id, aud: ['app'] }), { tokenUse: 'id' }, 'client_mismatch'],
    ['neither kind', rs256({ ...access, token_use: 'refresh' }), { tokenUse: 'any' }, 'token_use_mismatch'],
    ['no kind', rs256({ ...claims, client_id: 'app' }), { tokenUse: 'any' }, 'claim_missing'],
    ['no group', rs256(access), { groups: ['admin'] }, 'scope_insufficient'],
    [
      'groups that are no list',
      rs256({ ...access, 'cognito:groups': 'admin' }),
      { groups: ['admin'] },
      'scope_insufficient',
    ],
    ['no scope', rs256(access), { scopes: ['orders/write'] }, 'scope_insufficient'],
    ['another pool', rs256({ ...access, iss: claims.iss.replace('123', '124') }), {}, 'issuer_mismatch'],
    ['another algorithm', mint(access, { header: { kid: 'e' } }), {}, 'algorithm_refused'],
    ['expired', rs256({ ...access, exp: nowSeconds - 60 }), {}, 'token_expired'],
  ])('%s', async (_name, token, options, code) => {
    expect(outcome(await cognito({ ...base, ...options }).authenticate(bearer(token)))).toBe(code);
  });

  it('fetches the keys from the pool alone', async () => {
    const asked: string[] = [];
    const { jwks, ...remote } = base;
    const ports = {
      nowMs: () => nowMs,
      fetch: async (url: string) => {
        asked.push(url);
        return Response.json(jwks);
      },
    };
    expect(outcome(await cognito({ ...remote, ports }).authenticate(bearer(rs256(access))))).toBe('allowed');
    const china = 'cn-north-1_AbC';
    await cognito({ ...remote, userPoolId: china, ports }).authenticate(
      bearer(rs256({ ...access, iss: `https://cognito-idp.cn-north-1.amazonaws.com.cn/${china}` })),
    );
    expect(asked).toEqual([
      `https://cognito-idp.eu-central-1.amazonaws.com/${userPoolId}/.well-known/jwks.json`,
      `https://cognito-idp.cn-north-1.amazonaws.com.cn/${china}/.well-known/jwks.json`,
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a pool that is an address', { userPoolId: 'evil.example/eu-central-1_A' }],
    ['no client', { clientId: undefined }],
    ['no use', { tokenUse: undefined }],
    ['no groups in the list', { groups: [] }],
    ['a wrong name', { clientIds: ['app'] }],
  ])('are not checked with %s', (_name, options) => {
    expect(() => cognito({ ...base, ...options } as unknown as CognitoOptions)).toThrow(TypeError);
  });
});
