import type { RefusalCode } from '../authorize/decision.ts';
import { type Algorithm, familyOf } from './algorithms.ts';
import { isObject, own } from './json.ts';
import { importKey, type Key, type VerificationKey } from './key.ts';

export type KeySet = readonly Key[];

const largestSet = 200;

/** The keys of a JSON Web Key Set (RFC 7517 section 5), or undefined if it is none. Keys that must not be used stay in it, marked. */
export function readKeySet(document: unknown): KeySet | undefined {
  const keys = isObject(document) ? own(document, 'keys') : undefined;
  if (!Array.isArray(keys) || keys.length > largestSet) return undefined;
  const set = keys.map(importKey);
  // One document with secrets and public keys invites the confusion of both (RFC 8725 section 2.1): no key of it is used.
  const kinds = new Set(set.flatMap((key) => (key.key ? [key.kty === 'oct'] : [])));
  return kinds.size > 1 ? set.map(({ kid }) => ({ kid, rival: true })) : set;
}

const fits = (key: VerificationKey, algorithm: Algorithm): boolean => {
  const { kty, curve } = familyOf(algorithm);
  return (
    key.kty === kty && (key.alg === undefined || key.alg === algorithm) && (curve === undefined || key.curve === curve)
  );
};

/**
 * The one key for a token. A token with `kid` takes the key of that name, without one the only key that fits its algorithm. The same name
 * twice is allowed only for keys of different types (RFC 7517 section 4.5).
 */
export function selectKey(set: KeySet, kid: string | undefined, algorithm: Algorithm): VerificationKey | RefusalCode {
  const named = kid === undefined ? set : set.filter((key) => key.kid === kid);
  if (named.length === 0) return 'key_unknown';
  const [first, second] = named.filter((key): key is VerificationKey => key.key !== undefined && fits(key, algorithm));
  if (second || (first && kid !== undefined && named.some((key) => !key.key && key.rival))) return 'key_ambiguous';
  if (first) return first;
  return kid === undefined ? 'key_unknown' : 'key_unusable';
}
