import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksRandom, surpriseOf } from './entropy.ts';
import { judge } from './judge.ts';
import { findProvider } from './providers.ts';

const word = fc.constantFrom(
  ...'orders customer payment invoice table bucket queue topic stream lambda gateway worker service report archive metric session catalogue shipment courier mobile backend public staging region feature ledger'.split(
    ' ',
  ),
);
const words = (separator: string) => fc.array(word, { minLength: 1, maxLength: 5 }).map((list) => list.join(separator));
const plainKey = fc.constantFrom(
  'TABLE',
  'bucketName',
  'log_level',
  'Handler',
  'queue-url',
  'REGION',
  'Description',
  'STAGE',
  'FunctionName',
);
const secretKey = fc.constantFrom(
  'DB_PASSWORD',
  'apiKey',
  'JWT_SECRET',
  'client_secret',
  'accessToken',
  'ENCRYPTION_KEY',
  'privateKey',
);
const key = fc.oneof(plainKey, secretKey);

const arn = fc
  .tuple(fc.constantFrom('dynamodb', 's3', 'secretsmanager', 'ssm', 'kms', 'lambda'), words('-'), words('/'))
  .map(([service, name, path]) => `arn:aws:${service}:eu-west-1:123456789012:${name}/${path}`);
const path = words('/').map((text) => `/${text}/value`);
const reference = fc.oneof(
  words('-').map((name) => `\${ssm:/${name}}`),
  words('_').map((name) => `\${env:${name.toUpperCase()}}`),
  words('/').map((name) => `{{resolve:secretsmanager:${name}:SecretString:password}}`),
  words('.').map((name) => `\${self:custom.${name}, '\${opt:stage}'}`),
);
const url = fc.tuple(words('.'), words('/')).map(([host, rest]) => `https://${host}.io/${rest}`);

/** Drawn evenly: arrays of fast-check prefer few characters, which no issuer does. */
const pick = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.tuple(fc.integer(), fc.integer({ min: minLength, max: maxLength })).map(([seed, length]) => {
    let state = seed >>> 0;
    let text = '';
    while (text.length < length) {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
      text += alphabet.charAt((state >>> 8) % alphabet.length);
    }
    return text;
  });
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const hex = '0123456789abcdef';

/** Not all that the alphabet allows occurs: a repeated letter or a word from a manual is no token. */
const varied = (text: string) => new Set(text).size > 12 && !/(.)\1{3}|example|abcdef|012345|123456/i.test(text);
const issued = fc.oneof(
  pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16)
    .filter((text) => new Set(text).size > 9)
    .map((text) => `AK${'IA'}${text}`),
  pick(base62, 36)
    .filter(varied)
    .map((text) => `gh${'p_'}${text}`),
  pick(base62, 24, 90)
    .filter(varied)
    .map((text) => `sk_${'live_'}${text}`),
  pick(base62, 36)
    .filter(varied)
    .map((text) => `npm${'_'}${text}`),
  pick(hex, 64)
    .filter((text) => new Set(text).size > 12)
    .map((text) => `do${'p_v1_'}${text}`),
  pick(base62, 35)
    .filter(varied)
    .map((text) => `AI${'za'}${text}`),
);

describe('judge, for any value', () => {
  it('never throws, and says nothing of the value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(key, fc.string({ unit: 'binary' })), { maxLength: 6 }),
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 400 }),
          fc.string({ unit: 'grapheme' }),
          reference,
          url,
          issued,
        ),
        fc.record({ deployed: fc.boolean(), environment: fc.boolean() }),
        (keys, value, context) => {
          const verdict = judge(keys, value, context);
          expect(verdict === undefined || verdict.what.length < 80).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('takes references, ARNs, paths and plain addresses for no secrets under any name', () => {
    fc.assert(
      fc.property(key, fc.oneof(arn, path, reference, url), fc.boolean(), (name, value, deployed) => {
        expect(judge(['provider', 'environment', name], value, { deployed, environment: true })).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('takes ordinary words under ordinary names for no secrets', () => {
    fc.assert(
      fc.property(plainKey, fc.oneof(words('-'), words('_'), words(' '), words('.'), words(':')), (name, value) => {
        expect(
          judge(['Resources', 'X', 'Properties', name], value, { deployed: true, environment: true }),
        ).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('finds issued tokens under any name and inside any text', () => {
    fc.assert(
      fc.property(key, issued, fc.constantFrom('', 'token=', 'export X="', 'Bearer '), (name, token, before) => {
        expect(judge(['custom', name], `${before}${token}`)).toMatchObject({
          confidence: 'certain',
          evidence: 'pattern',
        });
        expect(findProvider(`${before}${token}`)).toMatchObject({
          start: before.length,
          end: before.length + token.length,
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nearly all random values under names of secrets', () => {
    const samples = fc.sample(fc.tuple(secretKey, fc.oneof(pick(hex, 32, 64), pick(base62, 24, 48))), {
      seed: 11,
      numRuns: 4000,
    });
    const found = samples.filter(([name, value]) => judge(['provider', 'environment', name], value) !== undefined);
    expect(found.length / samples.length).toBeGreaterThan(0.995);
  });
});

describe('looksRandom', () => {
  it('tells made values from words for nearly all of them', () => {
    const rate = (values: readonly string[]) => values.filter(looksRandom).length / values.length;
    const seed = { seed: 7, numRuns: 1000 };
    expect(rate(fc.sample(pick(base62, 20), seed))).toBeGreaterThan(0.97);
    expect(rate(fc.sample(pick(hex, 32), seed))).toBeGreaterThan(0.97);
    expect(rate(fc.sample(pick(base62, 12), seed))).toBeGreaterThan(0.85);
    expect(rate(fc.sample(words('-'), seed))).toBe(0);
  });

  it('rests on how letters follow each other', () => {
    expect(surpriseOf('customer')).toBeLessThan(surpriseOf('xkqzvjwp'));
  });
});
