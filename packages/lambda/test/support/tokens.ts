import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Credentials, Decision } from '../../src/index.ts';
import { type Algorithm, familyOf } from '../../src/token/algorithms.ts';

/** 2026-11-22 12:00:00 UTC, in milliseconds: tests have no other clock. */
export const nowMs = 1_795_348_800_000;
export const nowSeconds = nowMs / 1000;
export const issuer = 'https://issuer.example/';

const curves: Record<string, string> = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };
const pairs = new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>();

/** One key pair for each algorithm and name; RSA keys are slow to make. */
export function pairFor(algorithm: Algorithm, name = ''): { publicKey: KeyObject; privateKey: KeyObject } {
  const { kty, curve } = familyOf(algorithm);
  const id = `${kty} ${curve} ${name}`;
  const made =
    pairs.get(id) ??
    (kty === 'RSA'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : kty === 'OKP'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: curves[curve ?? ''] ?? '' }));
  pairs.set(id, made);
  return made;
}

export const publicJwk = (algorithm: Algorithm, kid = 'k1', name = ''): Record<string, unknown> => ({
  ...pairFor(algorithm, name).publicKey.export({ format: 'jwk' }),
  kid,
  alg: algorithm,
  use: 'sig',
});

export const segment = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function signatureOf(input: string, algorithm: Algorithm, key: KeyObject): string {
  const { kty, hash, padding } = familyOf(algorithm);
  if (kty === 'oct')
    return createHmac(hash ?? '', key)
      .update(input)
      .digest('base64url');
  return sign(hash, Buffer.from(input), {
    key,
    ...(kty === 'EC' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
    ...(padding === undefined ? {} : { padding, saltLength: Number(hash?.slice(3)) / 8 }),
  }).toString('base64url');
}

export const goodClaims = {
  iss: issuer,
  aud: 'orders',
  sub: 'alice',
  iat: nowSeconds - 60,
  exp: nowSeconds + 300,
  scope: 'orders/read orders/write',
};

/** A compact token; header and claims may be given as raw text. */
export function mint(
  claims: unknown = goodClaims,
  { algorithm = 'ES256', header = {}, key }: { algorithm?: Algorithm; header?: unknown; key?: KeyObject } = {},
): string {
  const head = typeof header === 'string' ? header : { alg: algorithm, kid: 'k1', ...Object(header) };
  const input = `${segment(head)}.${segment(claims)}`;
  return `${input}.${signatureOf(input, algorithm, key ?? pairFor(algorithm).privateKey)}`;
}

export const withHeaders = (headers: Record<string, string | string[]>): Credentials => ({
  header: (name) => [headers[name] ?? []].flat(),
});

export const bearer = (token: string): Credentials => withHeaders({ authorization: `Bearer ${token}` });

/** `allowed`, or the code of the refusal. */
export const outcome = (decision: Decision): string => (decision.allowed ? 'allowed' : decision.code);
