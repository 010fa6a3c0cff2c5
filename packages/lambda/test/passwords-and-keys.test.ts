import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  apiKey,
  type BasicOptions,
  basic,
  type Check,
  hashPassword,
  makeApiKey,
  refusalCodes,
} from '../src/index.ts';
import { dummyHash, parseHash, passwordFits } from '../src/secret/password.ts';
import { nowMs, outcome, withHeaders } from './support/tokens.ts';

const ports = { nowMs: () => nowMs };
const base64 = (text: string) => Buffer.from(text).toString('base64');
const say = (text: string) => withHeaders({ authorization: `Basic ${base64(text)}` });
const hash = await hashPassword('wonder:land é');
const weak = 'scrypt$16384$8$1$';

const staff = (more: Partial<BasicOptions> = {}) =>
  basic({ users: { alice: { hash, scopes: ['staff'] }, Zoë: hash }, ports, ...more });

describe('Basic authentication', () => {
  it.each<[string, ReturnType<typeof withHeaders>, string]>([
    ['right, with a colon in the password', say('alice:wonder:land é'), 'allowed'],
    ['right, decomposed accents', say('alice:wonder:land e\u0301'), 'allowed'],
    ['right, a name beyond ASCII', say('Zoe\u0308:wonder:land é'), 'allowed'],
    ['scheme in another case', withHeaders({ authorization: `bAsIc ${base64('alice:wonder:land é')}` }), 'allowed'],
    ['wrong password', say('alice:wonder'), 'password_wrong'],
    ['unknown user', say('mallory:wonder:land é'), 'password_wrong'],
    ['a user that every object has', say('constructor:x'), 'password_wrong'],
    ['another case of the name', say('Alice:wonder:land é'), 'password_wrong'],
    [
      'latin-1',
      withHeaders({ authorization: `Basic ${Buffer.from('alice:wonder:land \xe9', 'latin1').toString('base64')}` }),
      'credentials_malformed',
    ],
    ['no colon', say('alice'), 'credentials_malformed'],
    ['no name', say(':x'), 'credentials_malformed'],
    ['no password', say('alice:'), 'credentials_malformed'],
    ['a control character', say('alice:a\u0000'), 'credentials_malformed'],
    [
      'padding left out',
      withHeaders({ authorization: `Basic ${base64('alice:ab').replace(/=+$/, '')}` }),
      'credentials_malformed',
    ],
    ['base64url', withHeaders({ authorization: 'Basic YTr_' }), 'credentials_malformed'],
    ['a token', withHeaders({ authorization: 'Bearer abc' }), 'credentials_malformed'],
    ['huge', withHeaders({ authorization: `Basic ${'A'.repeat(8000)}` }), 'credentials_malformed'],
    ['nothing', withHeaders({}), 'credentials_missing'],
  ])('%s', async (_name, credentials, code) => {
    expect(outcome(await staff().authenticate(credentials))).toBe(code);
  });

  it('remembers what was right, until the hash changes', async () => {
    let time = nowMs;
    let users: Record<string, string> = { alice: hash };
    const check = basic({ users: async () => users, ports: { nowMs: () => time } });
    expect(outcome(await check.authenticate(say('alice:wonder:land é')))).toBe('allowed');
    expect(outcome(await check.authenticate(say('alice:wonder:land é')))).toBe('allowed');
    users = { alice: await hashPassword('changed') };
    time += 300_000;
    expect(outcome(await check.authenticate(say('alice:wonder:land é')))).toBe('password_wrong');
    expect(outcome(await check.authenticate(say('alice:changed')))).toBe('allowed');
  });

  it('asks for scopes of the user', async () => {
    expect(outcome(await staff({ scopes: ['staff'] }).authenticate(say('alice:wonder:land é')))).toBe('allowed');
    expect(outcome(await staff({ scopes: ['staff'] }).authenticate(say('Zoë:wonder:land é')))).toBe(
      'scope_insufficient',
    );
  });

  it('refuses while the users cannot be had', async () => {
    const failing = [
      async () => Promise.reject(new Error('denied')),
      () => 'no json',
      () => ({ alice: 'plain' }),
      () => [] as never,
    ];
    for (const users of failing)
      expect(outcome(await staff({ users }).authenticate(say('alice:x')))).toBe('secret_unavailable');
    expect(
      outcome(await staff({ users: () => JSON.stringify({ alice: hash }) }).authenticate(say('alice:wonder:land é'))),
    ).toBe('allowed');
  });

  it.each<[string, unknown]>([
    ['a password in plain text', { users: { alice: 'wonder' } }],
    ['a colon in a name', { users: { 'a:b': hash } }],
    ['two spellings of one name', { users: { 'Zo\u00eb': hash, 'Zoe\u0308': hash } }],
    ['a wrong option', { users: {}, scope: ['a'] }],
  ])('is refused when it is made: %s', (_name, options) => {
    expect(() => basic(options as BasicOptions)).toThrow(TypeError);
  });
});

describe('a hash', () => {
  it('is never made twice alike', async () => {
    expect(await hashPassword('a')).not.toBe(await hashPassword('a'));
    expect(hash).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    await expect(hashPassword('')).rejects.toThrow(TypeError);
  });
  it('of nobody costs what that of a user costs, and fits nothing', async () => {
    const real = parseHash(hash);
    const dummy = dummyHash(real);
    expect([dummy.N, dummy.r, dummy.p, dummy.salt.length, dummy.hash.length]).toEqual([real.N, real.r, real.p, 16, 32]);
    expect(await passwordFits('wonder:land é', dummy)).toBe(false);
  });
  it.each([
    [
      '',
      'bcrypt$2b$10',
      `${weak}short$short`,
      hash.replace('32768', '1024'),
      hash.replace('32768', '32767'),
      hash.replace('32768', '4194304'),
      hash.replace('$3$', '$0$'),
    ],
  ])('of another form or cost is refused', (...texts) => {
    for (const text of texts) expect(() => parseHash(text)).toThrow('scrypt$N$r$p$salt$hash');
  });
  it('is read whatever else is sent, or refused with the same words', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseHash(text)).toThrow('hashPassword');
      }),
    );
  });
});

describe('API keys', () => {
  const pepper = 'p'.repeat(32);
  const acme = makeApiKey({ pepper, id: 'acme', scopes: ['orders/read'] });
  const old = makeApiKey({ pepper, id: 'old', expires: new Date(nowMs) });
  const keys = [acme.record, old.record];
  const check = apiKey({ keys, pepper, ports });
  const send = (key: string) => withHeaders({ 'x-api-key': key });

  it('have 256 bits, and are stored as a digest', () => {
    expect(Buffer.from(acme.key, 'base64url')).toHaveLength(32);
    expect(JSON.stringify(acme.record)).not.toContain(acme.key);
    expect(acme.record.hash).toMatch(/^hmac-sha256\$[\w-]{43}$/);
  });
  it('let in their owner', async () => {
    expect(await check.authenticate(send(acme.key))).toEqual({
      allowed: true,
      principal: { id: 'acme', scheme: 'api-key', scopes: ['orders/read'], claims: {} },
    });
  });
  it.each<[string, string, string]>([
    ['expired', old.key, 'api_key_expired'],
    ['unknown', makeApiKey({ pepper }).key, 'api_key_unknown'],
    ['of another pepper', makeApiKey({ pepper: 'q'.repeat(32), id: 'acme' }).key, 'api_key_unknown'],
    ['the stored digest', acme.record.hash, 'api_key_unknown'],
    ['short', acme.key.slice(0, 20), 'credentials_malformed'],
    ['with a space', `${acme.key} `, 'credentials_malformed'],
    ['huge', 'a'.repeat(600), 'credentials_malformed'],
    ['missing', '', 'credentials_missing'],
  ])('%s', async (_name, key, code) => {
    expect(outcome(await check.authenticate(send(key)))).toBe(code);
  });
  it('are not checked without their secrets', async () => {
    const rejecting = async () => Promise.reject(new Error('denied'));
    expect(outcome(await apiKey({ keys: rejecting, pepper, ports }).authenticate(send(acme.key)))).toBe(
      'secret_unavailable',
    );
    expect(outcome(await apiKey({ keys, pepper: rejecting, ports }).authenticate(send(acme.key)))).toBe(
      'secret_unavailable',
    );
    expect(
      outcome(
        await apiKey({ keys: () => JSON.stringify(keys), pepper: () => pepper, ports }).authenticate(send(acme.key)),
      ),
    ).toBe('allowed');
  });
  it.each<[string, unknown]>([
    ['a short pepper', { keys, pepper: 'short' }],
    ['a date that is none', { keys: [{ ...acme.record, expires: 'never' }], pepper }],
    ['a key in plain text', { keys: [{ id: 'a', hash: acme.key }], pepper }],
    ['two of one id', { keys: [acme.record, { ...old.record, id: 'acme' }], pepper }],
    ['one twice', { keys: [acme.record, { ...acme.record, id: 'b' }], pepper }],
  ])('are refused when the check is made: %s', (_name, options) => {
    expect(() => apiKey(options as Parameters<typeof apiKey>[0])).toThrow(TypeError);
  });
});

describe('composed checks', () => {
  const pepper = 'p'.repeat(32);
  const { key, record } = makeApiKey({ pepper, id: 'acme', expires: new Date(nowMs + 1000) });
  const byKey = apiKey({ keys: [record], pepper, ports });
  const broken: Check = {
    challenges: [],
    headers: [],
    authenticate: async () => ({
      allowed: false,
      status: 500,
      code: 'check_failed',
      reason: refusalCodes.check_failed,
    }),
  };
  const throwing: Check = { challenges: [], headers: [], authenticate: () => Promise.reject(new Error('broken')) };
  const both = { authorization: `Basic ${base64('alice:wonder:land é')}`, 'x-api-key': key };
  const wrong = { authorization: `Basic ${base64('alice:no')}` };

  it.each<[string, Check, Record<string, string>, string]>([
    ['anyOf, the second', anyOf(staff(), byKey), { 'x-api-key': key }, 'allowed'],
    ['anyOf, none', anyOf(staff(), byKey), {}, 'credentials_missing'],
    ['anyOf, one wrong', anyOf(byKey, staff()), wrong, 'password_wrong'],
    ['anyOf, one broken', anyOf(broken, staff()), wrong, 'check_failed'],
    ['anyOf, one throws', anyOf(throwing, byKey), { 'x-api-key': key }, 'check_failed'],
    ['allOf, both', allOf(staff(), byKey), both, 'allowed'],
    ['allOf, one', allOf(staff(), byKey), wrong, 'password_wrong'],
    ['allOf, one missing', allOf(byKey, staff()), { 'x-api-key': key }, 'credentials_missing'],
    ['allOf, one broken', allOf(byKey, broken), both, 'check_failed'],
  ])('%s', async (_name, check, headers, code) => {
    expect(outcome(await check.authenticate(withHeaders(headers)))).toBe(code);
  });
  it('keep all callers, and the earliest end', async () => {
    const decision = await allOf(staff(), byKey).authenticate(withHeaders(both));
    expect(decision.allowed && decision.principal).toMatchObject({
      id: 'alice',
      expiresAt: nowMs + 1000,
      also: [{ id: 'acme' }],
    });
  });
  it('of nothing are a mistake', () => {
    expect(() => anyOf()).toThrow(TypeError);
    expect(() => allOf()).toThrow(TypeError);
  });
});
