import { JwtVerifier } from 'aws-jwt-verify';
import fc from 'fast-check';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { jwt } from '../src/index.ts';
import { asymmetric } from '../src/token/algorithms.ts';
import { bearer, issuer, mint, nowMs, nowSeconds, outcome, publicJwk } from './support/tokens.ts';

const algorithms = asymmetric.filter((name) => name !== 'Ed25519');
const jwks = { keys: algorithms.map((name) => publicJwk(name, name)) };
const ours = jwt({ issuer, audience: ['orders', 'more'], jwks, ports: { nowMs: () => nowMs } });
const josesKeys = createLocalJWKSet(jwks as JSONWebKeySet);

const josesVerdict = (token: string) =>
  jwtVerify(token, josesKeys, {
    issuer,
    audience: ['orders', 'more'],
    clockTolerance: 5,
    currentDate: new Date(nowMs),
    requiredClaims: ['exp', 'sub'],
    algorithms: [...algorithms],
  }).then(
    () => true,
    () => false,
  );

const near = fc.integer({ min: -8, max: 8 }).map((offset) => nowSeconds + offset);
const claims = fc.record(
  {
    iss: fc.constantFrom(issuer, issuer, issuer, 'https://issuer.example'),
    aud: fc.constantFrom('orders', 'orders', ['x', 'more'], [], 'x', 7),
    sub: fc.constantFrom('alice', 'Zoë', ''),
    exp: fc.oneof(near, fc.constant(nowSeconds + 60), fc.constant('soon')),
    nbf: fc.oneof(near, fc.constant(nowSeconds - 60), fc.constant(null)),
    iat: near,
    extra: fc.jsonValue(),
  },
  { requiredKeys: ['iss', 'aud', 'exp', 'sub'] },
);

describe('beside jose', () => {
  it('judges generated tokens alike, and is stricter only by the listed rules', async () => {
    const seen = { allowed: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(claims, fc.constantFrom(...algorithms), async (given, algorithm) => {
        const token = mint(given, { algorithm, header: { kid: algorithm } });
        const decision = outcome(await ours.authenticate(bearer(token)));
        const accepted = await josesVerdict(token);
        // jose looks at iat only with maxTokenAge, and a caller without a name is none.
        const stricter = ['token_from_the_future', 'claim_malformed'].includes(decision);
        seen[decision === 'allowed' ? 'allowed' : 'refused']++;
        if (!stricter) expect({ decision, accepted }).toEqual({ decision, accepted: decision === 'allowed' });
      }),
      { numRuns: 400 },
    );
    expect(seen.allowed).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(20);
  });

  it('lets nothing through that jose refuses, whatever is changed in a good token', async () => {
    const good = new Map(algorithms.map((name) => [name, mint(undefined, { algorithm: name, header: { kid: name } })]));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...algorithms),
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.constantFrom(...'AZaz09-_.=+/ "\u0000ä'),
        fc.constantFrom('replace', 'insert', 'delete'),
        async (algorithm, where, character, how) => {
          const token = good.get(algorithm) ?? '';
          const at = Math.floor(where * token.length);
          const changed =
            token.slice(0, at) + (how === 'delete' ? '' : character) + token.slice(how === 'insert' ? at : at + 1);
          const decision = outcome(await ours.authenticate(bearer(changed)));
          if (changed === token) expect(decision).toBe('allowed');
          else expect(decision).not.toBe('allowed');
        },
      ),
      { numRuns: 600 },
    );
  });
});

describe('beside aws-jwt-verify', () => {
  it('accepts what it accepts of the algorithms that both know', async () => {
    vi.useFakeTimers({ now: nowMs, toFake: ['Date'] });
    try {
      const theirs = JwtVerifier.create({ issuer, audience: 'orders', jwksUri: 'https://issuer.example/jwks' });
      const both = algorithms.filter((name) => !name.startsWith('PS'));
      theirs.cacheJwks({ keys: both.map((name) => ({ kty: '', ...publicJwk(name, name) })) });
      for (const algorithm of both) {
        const token = mint(undefined, { algorithm, header: { kid: algorithm } });
        expect(theirs.verifySync(token)['sub']).toBe('alice');
        expect(outcome(await ours.authenticate(bearer(token)))).toBe('allowed');
      }
      expect(both).toHaveLength(7);
    } finally {
      vi.useRealTimers();
    }
  });
});
