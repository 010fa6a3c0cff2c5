import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JwtOptions, jwt } from '../src/index.ts';
import { bearer, goodClaims, mint, nowMs, outcome, publicJwk } from './support/tokens.ts';

// A real issuer on this machine: discovery document, keys, and everything that can go wrong between.
type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let root = '';
let discovery: Answer;
let keys: Answer;
let time = nowMs;
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  (request.url === '/.well-known/openid-configuration' ? discovery : keys)(request, response);
});
const json =
  (document: () => unknown, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document()));
  };
const published = json(() => ({ keys: [publicJwk('ES256')] }));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  discovery = json(() => ({ issuer: root, jwks_uri: `${root}/keys` }));
  keys = published;
  time = nowMs;
  asked.length = 0;
});

const make = (more: Partial<JwtOptions> = {}) =>
  jwt({
    issuer: root,
    audience: 'orders',
    allowHttpOnLoopback: true,
    keyCache: { timeoutSeconds: 10, maxBytes: 5_000 },
    ports: { nowMs: () => time },
    ...more,
  });
const token = (kid = 'k1') => bearer(mint({ ...goodClaims, iss: root }, { header: { kid } }));
const judge = async (check = make(), kid?: string) => outcome(await check.authenticate(token(kid)));

describe('an issuer', () => {
  it('is asked where its keys are, once', async () => {
    const check = make();
    expect([await judge(check), await judge(check)]).toEqual(['allowed', 'allowed']);
    expect(asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });
  it('need not be asked', async () => {
    expect(await judge(make({ jwksUri: `${root}/keys` }))).toBe('allowed');
    expect(asked).toEqual(['/keys']);
  });
  it('is not asked because of a token of somebody else', async () => {
    expect(outcome(await make().authenticate(bearer(mint())))).toBe('issuer_mismatch');
    expect(asked).toEqual([]);
  });

  it.each<[string, Answer]>([
    ['500', json(() => ({ keys: [publicJwk('ES256')] }), 500)],
    ['no JSON', (_request, response) => void response.end('<html>')],
    ['no UTF-8', (_request, response) => void response.end(Buffer.from([0x7b, 0xff, 0x7d]))],
    ['no key set', json(() => [publicJwk('ES256')])],
    ['too much', json(() => ({ keys: [publicJwk('ES256')], filler: 'x'.repeat(6_000) }))],
    ['no end', (_request, response) => void response.write('{"keys":[')],
    ['no answer', () => {}],
    ['a closed connection', (request) => void request.socket.destroy()],
    [
      'half a body',
      (request, response) => {
        response.writeHead(200, { 'content-length': '999' });
        response.write('{');
        setImmediate(() => request.socket.destroy());
      },
    ],
    ['a redirect', (_request, response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
  ])('that answers with %s is no pass, and is asked again', async (_name, answer) => {
    keys = answer;
    // Long enough for an answer on a busy machine, short enough to wait for none.
    const check = make({ keyCache: { timeoutSeconds: 2, maxBytes: 5_000 } });
    expect(await judge(check)).toBe('keys_unavailable');
    expect(asked).not.toContain('/elsewhere');
    keys = published;
    time += 1_000;
    expect(await judge(check)).toBe('allowed');
  });

  it.each<[string, () => unknown]>([
    ['another issuer', () => ({ issuer: `${root}/`, jwks_uri: `${root}/keys` })],
    ['keys elsewhere over http', () => ({ issuer: root, jwks_uri: 'http://keys.example/' })],
    ['no address', () => ({ issuer: root })],
    ['a file', () => ({ issuer: root, jwks_uri: 'file:///etc/passwd' })],
  ])('whose document names %s is not believed', async (_name, document) => {
    discovery = json(document);
    expect(await judge()).toBe('keys_unavailable');
    expect(asked).toEqual(['/.well-known/openid-configuration']);
  });

  it('may rotate its keys and move them', async () => {
    const check = make();
    expect(await judge(check)).toBe('allowed');
    keys = json(() => ({ keys: [publicJwk('ES256', 'k2')] }));
    time += 10_000;
    expect(await judge(check, 'k2')).toBe('allowed');
    expect(await judge(check, 'k1')).toBe('key_unknown');
  });

  it('is not flooded by forged names, and its keys survive that it falls silent', async () => {
    const check = make({ keyCache: { timeoutSeconds: 2 } });
    expect(await judge(check)).toBe('allowed');
    const forged = await Promise.all(Array.from({ length: 100 }, (_, index) => judge(check, `forged-${index}`)));
    expect(new Set(forged)).toEqual(new Set(['key_unknown']));
    expect(asked.filter((url) => url === '/keys').length).toBeLessThanOrEqual(2);
    keys = () => {};
    time += 3_600_000;
    const late = bearer(mint({ ...goodClaims, iss: root, exp: time / 1000 + 60 }));
    expect(outcome(await check.authenticate(late))).toBe('allowed');
  });
});
