import { createPublicKey, createSecretKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { type Algorithm, familyOf, isAlgorithm } from './algorithms.ts';
import { fromBase64url } from './base64url.ts';
import { isObject, type JsonObject, own } from './json.ts';

/** A key of an issuer with the one thing it may be used for. */
export interface VerificationKey {
  readonly kid: string | undefined;
  /** RFC 7517 section 4.4; where the issuer names none, the type of the key decides which algorithms fit. */
  readonly alg: Algorithm | undefined;
  readonly kty: 'RSA' | 'EC' | 'OKP' | 'oct';
  readonly curve: string | undefined;
  readonly key: KeyObject;
}

/** A key that stands in the set and must not be used; it still counts when a token names it. */
export interface UnusableKey {
  readonly kid: string | undefined;
  readonly key?: never;
  /** Whether it was meant for signatures, so that a second key of the same name is one too many. */
  readonly rival: boolean;
}

export type Key = VerificationKey | UnusableKey;

const smallestModulus = 2048;
const largestModulus = 8192;

/**
 * Reads one JSON Web Key (RFC 7517). RSA from 2048 (RFC 7518 section 3.3) to 8192 bits with an odd exponent above 1, no modulus of the ROCA kind
 * (CVE-2017-15361); curves as RFC 7518 section 3.4 pairs them; secrets not shorter than the hash (section 3.2). A key for encryption is
 * unusable here, as is a published private key: everybody could sign with it.
 */
export function importKey(jwk: unknown): Key {
  if (!isObject(jwk)) return { kid: undefined, rival: false };
  const text = (name: string) => {
    const value = own(jwk, name);
    return typeof value === 'string' ? value : undefined;
  };
  const kid = text('kid');
  const unusable: UnusableKey = { kid, rival: true };
  const foreign: UnusableKey = { kid, rival: false };
  const [use, operations, alg, kty] = [own(jwk, 'use'), own(jwk, 'key_ops'), own(jwk, 'alg'), text('kty')];

  if (use !== undefined && use !== 'sig') return foreign;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return foreign;
  if (alg !== undefined && !isAlgorithm(alg)) return foreign;
  if (alg !== undefined && familyOf(alg).kty !== kty) return unusable;
  if (kty === 'oct') return secretKey(jwk, kid, alg);
  if (kty !== 'RSA' && kty !== 'EC' && kty !== 'OKP') return unusable;
  if (own(jwk, 'd') !== undefined) return unusable;

  const curve = text('crv');
  if (kty === 'OKP' && curve !== 'Ed25519') return unusable;
  if (kty === 'EC' && curve !== 'P-256' && curve !== 'P-384' && curve !== 'P-521') return unusable;
  if (alg !== undefined && kty !== 'RSA' && familyOf(alg).curve !== curve) return unusable;

  const needed = kty === 'RSA' ? ['n', 'e'] : kty === 'EC' ? ['x', 'y'] : ['x'];
  const members: JsonWebKey = { kty, ...(curve === undefined ? {} : { crv: curve }) };
  for (const name of needed) {
    const value = text(name);
    if (value === undefined || value === '' || fromBase64url(value) === undefined) return unusable;
    members[name] = value;
  }
  if (kty === 'RSA' && isWeakRsa(members)) return unusable;
  try {
    // Node checks that a point lies on its curve.
    return {
      kid,
      alg,
      kty,
      curve: kty === 'RSA' ? undefined : curve,
      key: createPublicKey({ key: members, format: 'jwk' }),
    };
  } catch {
    return unusable;
  }
}

function secretKey(jwk: JsonObject, kid: string | undefined, alg: Algorithm | undefined): Key {
  const k = own(jwk, 'k');
  const bytes = typeof k === 'string' ? fromBase64url(k) : undefined;
  if (!bytes) return { kid, rival: true };
  if (bytes.length < (alg === undefined ? 32 : (familyOf(alg).length ?? 0))) return { kid, rival: true };
  return { kid, alg, kty: 'oct', curve: undefined, key: createSecretKey(bytes) };
}

function isWeakRsa({ n = '', e = '' }: JsonWebKey): boolean {
  const number = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
  const [modulus, exponent] = [number(n), number(e)];
  const bits = modulus.toString(2).length;
  return (
    bits < smallestModulus ||
    bits > largestModulus ||
    exponent < 3n ||
    exponent % 2n === 0n ||
    hasRocaFingerprint(modulus)
  );
}

const primes = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/** Nemec et al. 2017: such a modulus is a power of 65537 modulo every one of these primes; another one is so with a chance of about 2^-28. */
function hasRocaFingerprint(modulus: bigint): boolean {
  return primes.every((prime) => {
    const remainder = Number(modulus % BigInt(prime));
    for (let power = 1, step = 0; step < prime; step++, power = (power * 65537) % prime)
      if (power === remainder) return true;
    return false;
  });
}
