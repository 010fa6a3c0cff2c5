import type { RefusalCode } from '../authorize/decision.ts';
import type { Algorithm } from './algorithms.ts';
import { type ClaimRules, isMediaType, judgeClaims } from './claims.ts';
import { type JsonObject, own } from './json.ts';
import { type Header, hasValidSignature, parseToken, readClaims } from './jws.ts';
import type { KeySource } from './key-source.ts';

export interface TokenRules extends ClaimRules {
  readonly algorithms: readonly Algorithm[];
  /** With a list, `typ` is required and one of these; undefined accepts what plain tokens carry. */
  readonly types: readonly string[] | undefined;
}

/** JWT of RFC 7519, access tokens of RFC 9068; a token without `typ` too. Logout, DPoP and event tokens have other types. */
const plainTypes = ['JWT', 'at+jwt'];

/**
 * Verifies tokens against the rules: form, algorithm, key, signature, then the claims. Only `iss` is looked at before the signature, to
 * refuse the token of another issuer without asking this one for its keys.
 */
export function tokenVerifier(
  rules: TokenRules,
  keys: KeySource,
  nowMs: () => number,
): (token: string) => Promise<{ readonly claims: JsonObject } | { readonly refused: RefusalCode }> {
  const accepted = new Set<string>(rules.algorithms);
  return async function verifyToken(token) {
    const parsed = parseToken(token, accepted);
    if (typeof parsed === 'string') return { refused: parsed };
    if (!isAcceptedType(parsed.header, rules.types)) return { refused: 'token_type' };
    const claims = readClaims(parsed.payload);
    if (!claims) return { refused: 'token_malformed' };
    const issuer = own(claims, 'iss');
    if (issuer !== undefined && issuer !== rules.issuer) return { refused: 'issuer_mismatch' };

    const key = await keys.find(parsed.header.kid, parsed.header.alg);
    if (typeof key === 'string') return { refused: key };
    if (!hasValidSignature(parsed, key)) return { refused: 'signature_invalid' };
    const refused = judgeClaims(claims, rules, nowMs());
    return refused ? { refused } : { claims };
  };
}

function isAcceptedType({ typ, cty }: Header, types: readonly string[] | undefined): boolean {
  // A content type says that the payload is no set of claims, but a nested token for example (RFC 7519 section 5.2).
  if (cty !== undefined) return false;
  if (types) return typ !== undefined && isMediaType(typ, types);
  return typ === undefined || isMediaType(typ, plainTypes);
}
