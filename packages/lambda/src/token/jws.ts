import { createHmac, timingSafeEqual, verify } from 'node:crypto';
import type { RefusalCode } from '../authorize/decision.ts';
import { type Algorithm, familyOf, isAlgorithm } from './algorithms.ts';
import { fromBase64url } from './base64url.ts';
import { type JsonObject, own, parseObject } from './json.ts';
import type { VerificationKey } from './key.ts';

/** Of a JWS in compact form (RFC 7515 section 7.1), split and decoded; nothing of it is proven yet. */
export interface ParsedToken {
  readonly header: Header;
  readonly signed: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

export interface Header {
  readonly alg: Algorithm;
  readonly kid: string | undefined;
  readonly typ: string | undefined;
  readonly cty: string | undefined;
}

/** API Gateway hands over at most 10,240 bytes of headers, a function URL somewhat more. */
const longestToken = 16_384;

/**
 * Splits a token and reads its header. `accepted` decides before anything is computed. Header members that point to a key
 * (`jwk`, `jku`, `x5c`, `x5u`) are never followed: keys come from the configuration alone.
 */
export function parseToken(token: string, accepted: ReadonlySet<string>): ParsedToken | RefusalCode {
  if (token.length > longestToken) return 'token_too_long';
  const first = token.indexOf('.');
  const second = token.indexOf('.', first + 1);
  if (first <= 0 || second < 0 || token.indexOf('.', second + 1) >= 0) return 'token_malformed';
  const header = readHeader(token.slice(0, first), accepted);
  if (typeof header === 'string') return header;
  const payload = fromBase64url(token.slice(first + 1, second));
  const signature = fromBase64url(token.slice(second + 1));
  if (!payload || !signature) return 'token_malformed';
  return { header, signed: token.slice(0, second), payload, signature };
}

function readHeader(text: string, accepted: ReadonlySet<string>): Header | RefusalCode {
  const bytes = fromBase64url(text);
  const header = bytes && parseObject(bytes);
  if (!header) return 'token_malformed';
  const alg = own(header, 'alg');
  if (!isAlgorithm(alg) || !accepted.has(alg)) return 'algorithm_refused';
  // RFC 7515 section 4.1.11: no extension is understood here, so whatever crit lists is not.
  if (own(header, 'crit') !== undefined || ![undefined, true].includes(own(header, 'b64') as boolean | undefined))
    return 'token_critical_header';
  const optional = ['kid', 'typ', 'cty'].map((name) => own(header, name));
  if (!optional.every((value): value is string | undefined => value === undefined || typeof value === 'string'))
    return 'token_malformed';
  const [kid, typ, cty] = optional;
  return { alg, kid, typ, cty };
}

/** Whether the signature over the first two parts is the key's. The key must be one that was selected for the algorithm. */
export function hasValidSignature({ header, signed, signature }: ParsedToken, { key }: VerificationKey): boolean {
  const { kty, hash, length, padding } = familyOf(header.alg);
  if (length !== undefined && signature.length !== length) return false;
  if (kty === 'oct')
    return hash !== undefined && timingSafeEqual(createHmac(hash, key).update(signed).digest(), signature);
  const given = {
    key,
    // RFC 7518 section 3.4: R and S side by side; section 3.5: the salt is as long as the hash.
    ...(kty === 'EC' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
    ...(padding === undefined ? {} : { padding, saltLength: Number(hash?.slice(3)) / 8 }),
  };
  return verify(hash, Buffer.from(signed), given, signature);
}

/** The claims of a token whose signature was proven (RFC 7519 section 7.2). */
export const readClaims = (payload: Buffer): JsonObject | undefined => parseObject(payload);
