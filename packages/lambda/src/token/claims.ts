import type { RefusalCode } from '../authorize/decision.ts';
import { type JsonObject, own } from './json.ts';

/** What the claims must say. Durations are in seconds, as NumericDate is (RFC 7519 section 2). */
export interface ClaimRules {
  readonly issuer: string;
  /** One of these must be in `aud`; null where the claim is not looked at. */
  readonly audience: readonly string[] | null;
  readonly leewaySeconds: number;
  /** With a number, `iat` is required and not older. */
  readonly maxAgeSeconds: number | undefined;
}

/** What is wrong with the claims first, or undefined. `nowMs` is milliseconds since 1970. */
export function judgeClaims(claims: JsonObject, rules: ClaimRules, nowMs: number): RefusalCode | undefined {
  const issuer = own(claims, 'iss');
  if (issuer === undefined) return 'claim_missing';
  // Compared exactly, with a trailing slash or without (RFC 7519 section 4.1.1, OpenID Connect Core section 3.1.3.7).
  if (issuer !== rules.issuer) return 'issuer_mismatch';
  return judgeAudience(own(claims, 'aud'), rules.audience) ?? judgeTimes(claims, rules, nowMs / 1000);
}

function judgeAudience(audience: unknown, expected: readonly string[] | null): RefusalCode | undefined {
  if (expected === null) return undefined;
  if (audience === undefined) return 'claim_missing';
  const named: unknown[] = Array.isArray(audience) ? audience : [audience];
  if (!named.every((name) => typeof name === 'string')) return 'claim_malformed';
  return named.some((name) => expected.includes(name)) ? undefined : 'audience_mismatch';
}

function judgeTimes(
  claims: JsonObject,
  { leewaySeconds, maxAgeSeconds }: ClaimRules,
  now: number,
): RefusalCode | undefined {
  const [expires, notBefore, issued] = ['exp', 'nbf', 'iat'].map((name) => own(claims, name));
  if (expires === undefined) return 'claim_missing';
  const isDate = (value: unknown): value is number | undefined =>
    value === undefined || (typeof value === 'number' && Number.isFinite(value));
  if (!isDate(expires) || !isDate(notBefore) || !isDate(issued)) return 'claim_malformed';
  if (expires === undefined || now >= expires + leewaySeconds) return 'token_expired';
  if (notBefore !== undefined && now < notBefore - leewaySeconds) return 'token_not_yet_valid';
  if (issued !== undefined && now < issued - leewaySeconds) return 'token_from_the_future';
  if (maxAgeSeconds === undefined) return undefined;
  if (issued === undefined) return 'claim_missing';
  return now > issued + maxAgeSeconds + leewaySeconds ? 'token_too_old' : undefined;
}

/**
 * The scopes that the named claims grant: a string is a list separated by spaces (RFC 6749 section 3.3), a list holds one scope per
 * entry. Undefined where a claim is neither.
 */
export function readScopes(claims: JsonObject, names: readonly string[]): readonly string[] | undefined {
  const scopes = new Set<string>();
  for (const name of names) {
    const value = own(claims, name);
    if (value === undefined) continue;
    const listed: unknown = typeof value === 'string' ? value.split(' ') : value;
    if (!Array.isArray(listed)) return undefined;
    for (const scope of listed) {
      if (typeof scope !== 'string') return undefined;
      if (scope !== '') scopes.add(scope);
    }
  }
  return [...scopes];
}

/**
 * Whether a media type in `typ` or `cty` is the accepted one: without regard to case, and `application/` may be left out (RFC 7515
 * section 4.1.9).
 */
export function isMediaType(value: string, accepted: readonly string[]): boolean {
  const short = (name: string) => name.toLowerCase().replace(/^application\//, '');
  return accepted.some((name) => short(name) === short(value));
}
