import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type JwtOptions, jwt } from '../src/index.ts';
import {
  bearer,
  goodClaims,
  issuer,
  mint,
  nowMs,
  nowSeconds,
  outcome,
  pairFor,
  publicJwk,
  segment,
  signatureOf,
} from './support/tokens.ts';

const rsa = pairFor('RS256');
const check = (more: Partial<JwtOptions> = {}) =>
  jwt({
    issuer,
    audience: 'orders',
    jwks: { keys: [publicJwk('ES256'), publicJwk('RS256', 'r1')] },
    ports: { nowMs: () => nowMs },
    ...more,
  });
const judge = async (token: string, more?: Partial<JwtOptions>) =>
  outcome(await check(more).authenticate(bearer(token)));

const good = mint();
const [head = '', body = '', signature = ''] = good.split('.');
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const attacker = pairFor('ES256', 'attacker');
const withClaims = (more: Record<string, unknown>) => mint({ ...goodClaims, ...more });
const without = (name: string) => mint(Object.fromEntries(Object.entries(goodClaims).filter(([key]) => key !== name)));
const other = (index: number) =>
  `${signature.slice(0, index)}${signature[index] === 'A' ? 'B' : 'A'}${signature.slice(index + 1)}`;
/** Two texts for the same bytes differ in the last character alone. */
const trailing = (text: string) => text.slice(0, -1) + String.fromCharCode((text.at(-1)?.charCodeAt(0) ?? 0) + 1);

describe('a good token', () => {
  it('is let in, with the caller, the scopes and the end of the token', async () => {
    expect(await check().authenticate(bearer(good))).toEqual({
      allowed: true,
      principal: {
        id: 'alice',
        scheme: 'jwt',
        scopes: ['orders/read', 'orders/write'],
        claims: goodClaims,
        expiresAt: (nowSeconds + 300) * 1000,
      },
    });
  });
});

const table: [string, string, string][] = [
  ['alg none without signature', `${segment({ alg: 'none', kid: 'k1' })}.${body}.`, 'algorithm_refused'],
  ['alg None', `${segment({ alg: 'None', kid: 'k1' })}.${body}.${signature}`, 'algorithm_refused'],
  ['no alg', `${segment({ kid: 'k1' })}.${body}.${signature}`, 'algorithm_refused'],
  [
    'alg that every object has',
    `${segment({ alg: 'constructor', kid: 'k1' })}.${body}.${signature}`,
    'algorithm_refused',
  ],
  ['signature stripped', `${head}.${body}.`, 'signature_invalid'],
  ['signature and dot stripped', `${head}.${body}`, 'token_malformed'],
  [
    'HS256 with the public key as PEM',
    mint(goodClaims, { algorithm: 'HS256', header: { kid: 'r1' }, key: createSecretKey(Buffer.from(pem)) }),
    'algorithm_refused',
  ],
  ['RS256 said of an EC key', mint(goodClaims, { algorithm: 'RS256' }), 'key_unusable'],
  ['kid of a path', mint(goodClaims, { header: { kid: '../../dev/null' } }), 'key_unknown'],
  ['kid of a prototype', mint(goodClaims, { header: { kid: '__proto__' } }), 'key_unknown'],
  ['kid that is a number', mint(goodClaims, { header: { kid: 1 } }), 'token_malformed'],
  [
    'embedded jwk of an attacker',
    mint(goodClaims, { key: attacker.privateKey, header: { jwk: attacker.publicKey.export({ format: 'jwk' }) } }),
    'signature_invalid',
  ],
  [
    'jku of an attacker',
    mint(goodClaims, { key: attacker.privateKey, header: { jku: 'https://evil.example/jwks.json' } }),
    'signature_invalid',
  ],
  [
    'x5u and x5c of an attacker',
    mint(goodClaims, { key: attacker.privateKey, header: { x5u: 'https://evil.example/x', x5c: ['AAAA'] } }),
    'signature_invalid',
  ],
  ['one bit of the signature', `${head}.${body}.${other(10)}`, 'signature_invalid'],
  [
    'other claims under the signature',
    `${head}.${segment({ ...goodClaims, sub: 'root' })}.${signature}`,
    'signature_invalid',
  ],
  ['signature of zeros', `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`, 'signature_invalid'],
  [
    'signature in DER',
    `${head}.${body}.${Buffer.concat([Buffer.from([0x30, 0x44]), Buffer.alloc(68)]).toString('base64url')}`,
    'signature_invalid',
  ],
  ['crit', mint(goodClaims, { header: { crit: ['exp'], exp: 1 } }), 'token_critical_header'],
  ['crit, empty', mint(goodClaims, { header: { crit: [] } }), 'token_critical_header'],
  ['b64 false', mint(goodClaims, { header: { b64: false } }), 'token_critical_header'],
  [
    'duplicate member in the header',
    mint(goodClaims, { header: '{"alg":"none","alg":"ES256","kid":"k1"}' }),
    'token_malformed',
  ],
  [
    'duplicate member, escaped',
    mint(goodClaims, { header: '{"alg":"ES256","kid":"k1","\\u006bid":"k1"}' }),
    'token_malformed',
  ],
  [
    'duplicate member in the claims',
    mint(`${JSON.stringify(goodClaims).slice(0, -1)},"sub":"root"}`),
    'token_malformed',
  ],
  ['claims that are a list', mint([]), 'token_malformed'],
  ['claims that are no JSON', mint('foo'), 'token_malformed'],
  [
    'header with a byte order mark',
    mint(goodClaims, { header: `\ufeff${JSON.stringify({ alg: 'ES256', kid: 'k1' })}` }),
    'token_malformed',
  ],
  [
    'claims that are no UTF-8',
    `${head}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.${signature}`,
    'token_malformed',
  ],
  ['padding', `${head}=.${body}.${signature}`, 'token_malformed'],
  ['trailing bits in the signature', `${head}.${body}.${trailing(signature)}`, 'token_malformed'],
  ['the other alphabet', `${head}.${body}.${signature.slice(0, -2)}+/`, 'token_malformed'],
  ['five parts', `${good}.a.b`, 'token_malformed'],
  ['empty parts', '..', 'token_malformed'],
  ['a huge token', `${head}.${body}.${'A'.repeat(20_000)}`, 'token_too_long'],
  ['deep nesting', mint(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`), 'claim_missing'],
  ['another issuer', withClaims({ iss: 'https://issuer.example' }), 'issuer_mismatch'],
  ['an issuer in a list', withClaims({ iss: [issuer] }), 'issuer_mismatch'],
  ['no issuer', without('iss'), 'claim_missing'],
  ['another audience', withClaims({ aud: 'payments' }), 'audience_mismatch'],
  ['an audience that begins alike', withClaims({ aud: ['orders2', 'Orders'] }), 'audience_mismatch'],
  ['an empty audience', withClaims({ aud: [] }), 'audience_mismatch'],
  ['an audience that is no text', withClaims({ aud: ['orders', 7] }), 'claim_malformed'],
  ['no audience', without('aud'), 'claim_missing'],
  ['no exp', without('exp'), 'claim_missing'],
  ['exp as text', withClaims({ exp: String(nowSeconds + 60) }), 'claim_malformed'],
  ['exp null', withClaims({ exp: null }), 'claim_malformed'],
  ['exp beyond the leeway', withClaims({ exp: nowSeconds - 5 }), 'token_expired'],
  ['nbf beyond the leeway', withClaims({ nbf: nowSeconds + 6 }), 'token_not_yet_valid'],
  ['iat in the future', withClaims({ iat: nowSeconds + 6 }), 'token_from_the_future'],
  ['iat as text', withClaims({ iat: 'now' }), 'claim_malformed'],
  ['typ of a logout token', mint(goodClaims, { header: { typ: 'logout+jwt' } }), 'token_type'],
  ['cty of a nested token', mint(goodClaims, { header: { cty: 'JWT' } }), 'token_type'],
  ['scopes that are no text', withClaims({ scope: [7] }), 'claim_malformed'],
  ['nobody', without('sub'), 'claim_missing'],
  ['somebody who is a number', withClaims({ sub: 7 }), 'claim_malformed'],
];

describe('forged and foreign tokens', () => {
  it.each(table)('%s', async (_name, token, code) => {
    expect(await judge(token)).toBe(code);
  });
  it('are as many as they were', () => expect(table.length).toBe(55));
});

describe('what must pass', () => {
  it.each([
    ['typ JWT', mint(goodClaims, { header: { typ: 'JWT' } })],
    ['typ application/at+jwt', mint(goodClaims, { header: { typ: 'application/AT+JWT' } })],
    ['exp within the leeway', withClaims({ exp: nowSeconds - 4 })],
    ['nbf within the leeway', withClaims({ nbf: nowSeconds + 5 })],
    ['exp with a fraction', withClaims({ exp: nowSeconds + 0.5 })],
    ['one of several audiences', withClaims({ aud: ['x', 'orders'] })],
    ['white space in the header', mint(goodClaims, { header: ' { "alg" : "ES256",\n"kid":"k1" } ' })],
    ['the same name in two objects', withClaims({ a: { sub: 1 }, b: [{ sub: 2 }, { sub: 3 }] })],
    ['RS256', mint(goodClaims, { algorithm: 'RS256', header: { kid: 'r1' } })],
    ['jku of the issuer, ignored', mint(goodClaims, { header: { jku: `${issuer}jwks` } })],
  ])('%s', async (_name, token) => {
    expect(await judge(token)).toBe('allowed');
  });
});

describe('options that ask for more', () => {
  it.each<[string, string, Partial<JwtOptions>, string]>([
    ['typ asked for', good, { typ: 'at+jwt' }, 'token_type'],
    ['typ asked for and there', mint(goodClaims, { header: { typ: 'at+jwt' } }), { typ: ['at+jwt'] }, 'allowed'],
    ['too old', good, { maxAgeSeconds: 54 }, 'token_too_old'],
    ['young enough', good, { maxAgeSeconds: 60 }, 'allowed'],
    ['maxAge without iat', without('iat'), { maxAgeSeconds: 60 }, 'claim_missing'],
    ['scope missing', good, { scopes: ['orders/read', 'orders/delete'] }, 'scope_insufficient'],
    ['one scope of several', good, { anyScope: ['orders/delete', 'orders/read'] }, 'allowed'],
    ['no scope of several', good, { anyScope: [] }, 'scope_insufficient'],
    ['scope by part of a name', good, { scopes: ['orders'] }, 'scope_insufficient'],
    [
      'permissions not asked for',
      withClaims({ scope: '', permissions: ['admin'] }),
      { scopes: ['admin'] },
      'scope_insufficient',
    ],
    [
      'permissions of Auth0',
      withClaims({ permissions: ['admin'] }),
      { scopes: ['admin'], scopeClaims: ['permissions'] },
      'allowed',
    ],
    ['scp of Okta', withClaims({ scp: ['admin'] }), { scopes: ['admin'] }, 'allowed'],
    ['a claim', withClaims({ azp: 'web' }), { claims: { azp: ['app', 'web'] } }, 'allowed'],
    ['another client', withClaims({ azp: 'evil' }), { claims: { azp: 'web' } }, 'client_mismatch'],
    ['a claim in a list', withClaims({ groups: ['a', 'b'] }), { claims: { groups: 'b' } }, 'allowed'],
    ['a claim with another value', withClaims({ tenant: 'b' }), { claims: { tenant: 'a' } }, 'claim_mismatch'],
    ['algorithm not on the list', good, { algorithms: ['RS256'] }, 'algorithm_refused'],
    ['audience turned off', withClaims({ aud: 'x' }), { audience: null }, 'allowed'],
    ['no kid, one key that fits', mint(goodClaims, { header: { kid: undefined } }), {}, 'allowed'],
    [
      'no kid, two keys that fit',
      mint(goodClaims, { header: { kid: undefined } }),
      { jwks: { keys: [publicJwk('ES256'), publicJwk('ES256', 'k2', 'b')] } },
      'key_ambiguous',
    ],
    [
      'one kid for two keys',
      good,
      { jwks: { keys: [publicJwk('ES256'), publicJwk('ES256', 'k1', 'b')] } },
      'key_ambiguous',
    ],
    ['key for encryption', good, { jwks: { keys: [{ ...publicJwk('ES256'), use: 'enc' }] } }, 'key_unusable'],
  ])('%s', async (_name, token, options, code) => {
    expect(await judge(token, options)).toBe(code);
  });
});

describe('a secret', () => {
  const secret = 's'.repeat(32);
  const token = mint(goodClaims, { algorithm: 'HS256', key: createSecretKey(Buffer.from(secret)) });
  const base = { issuer, audience: 'orders', algorithms: ['HS256'] as const, ports: { nowMs: () => nowMs } };
  it('verifies HS256 where the options say so', async () => {
    expect(outcome(await jwt({ ...base, secret: async () => secret }).authenticate(bearer(token)))).toBe('allowed');
    expect(outcome(await jwt({ ...base, secret: 't'.repeat(32) }).authenticate(bearer(token)))).toBe(
      'signature_invalid',
    );
    expect(outcome(await jwt({ ...base, secret }).authenticate(bearer(good)))).toBe('algorithm_refused');
  });
  it('that cannot be loaded or is too short is no pass', async () => {
    const failing = jwt({ ...base, secret: async () => Promise.reject(new Error('denied')) });
    expect(outcome(await failing.authenticate(bearer(token)))).toBe('secret_unavailable');
    expect(() => jwt({ ...base, secret: 'short' })).toThrow('32 bytes');
  });
});

describe('options that would leave a check open', () => {
  const base = { issuer, audience: 'orders', jwks: { keys: [] } };
  it.each<[string, unknown, string]>([
    ['a wrong name', { ...base, audiance: 'orders' }, 'audiance'],
    ['no audience', { issuer, jwks: { keys: [] } }, 'audience'],
    ['an empty audience', { ...base, audience: [] }, 'audience'],
    ['alg none', { ...base, algorithms: ['none'] }, 'none'],
    ['HS256 without secret', { ...base, algorithms: ['HS256', 'RS256'] }, 'HS256'],
    [
      'HS256 and RS256 with secret',
      { issuer, audience: 'a', secret: 's'.repeat(64), algorithms: ['HS256', 'RS256'] },
      'HS256',
    ],
    ['keys over http', { issuer: 'http://issuer.example', audience: 'a' }, 'https'],
    [
      'keys over http on this machine, without the flag',
      { issuer, audience: 'a', jwksUri: 'http://127.0.0.1/jwks' },
      'https',
    ],
    ['an hour of leeway', { ...base, leewaySeconds: 3600 }, 'leeway'],
    ['no key set', { ...base, jwks: [] }, 'jwks'],
    ['a header that is none', { ...base, header: 'a b' }, 'header'],
  ])('%s', (_name, options, said) => {
    expect(() => jwt(options as JwtOptions)).toThrow(said);
  });
});

describe('how the token is sent', () => {
  it.each<[string, Record<string, string | string[]>, Partial<JwtOptions>, string]>([
    ['not at all', {}, {}, 'credentials_missing'],
    ['empty', { authorization: '' }, {}, 'credentials_missing'],
    ['bearer in lower case', { authorization: `bearer ${good}` }, {}, 'allowed'],
    ['another scheme', { authorization: `Basic ${good}` }, {}, 'credentials_malformed'],
    ['bare', { authorization: good }, {}, 'credentials_malformed'],
    ['bare where that is wanted', { authorization: good }, { bare: true }, 'allowed'],
    ['twice the same', { authorization: [`Bearer ${good}`, `Bearer ${good}`] }, {}, 'allowed'],
    ['two different ones', { authorization: [`Bearer ${good}`, 'Bearer x'] }, {}, 'credentials_several'],
    ['two joined by a comma', { authorization: `Bearer ${good},Bearer ${good}` }, {}, 'credentials_malformed'],
    ['in another header', { 'x-token': `Bearer ${good}` }, { header: 'X-Token' }, 'allowed'],
    ['two spaces', { authorization: `Bearer  ${good}` }, {}, 'credentials_malformed'],
  ])('%s', async (_name, headers, options, code) => {
    const credentials = { header: (name: string) => [headers[name] ?? []].flat() };
    expect(outcome(await check(options).authenticate(credentials))).toBe(code);
  });
});

describe('a broken check', () => {
  it('refuses', async () => {
    const broken = check({
      ports: {
        nowMs: () => {
          throw new Error('no clock');
        },
      },
    });
    expect(outcome(await broken.authenticate(bearer(good)))).toBe('check_failed');
  });
  it('has signed what it says', () => expect(signatureOf('a', 'EdDSA', pairFor('EdDSA').privateKey)).toHaveLength(86));
});
