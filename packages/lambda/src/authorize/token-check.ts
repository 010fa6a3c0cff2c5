import type { Algorithm } from '../token/algorithms.ts';
import { readScopes } from '../token/claims.ts';
import { type JsonObject, own } from '../token/json.ts';
import type { KeySource } from '../token/key-source.ts';
import { tokenVerifier } from '../token/verify.ts';
import { type BearerOptions, bearerChallenge, bearerToken } from './bearer.ts';
import { type Check, closed, headerName, type Principal, type Refused, refuse } from './decision.ts';
import { holds, type ScopeRule, scopeText } from './grants.ts';

/** What `jwt` and `cognito` let their user decide alike. */
export interface TokenOptions extends BearerOptions, ScopeRule {
  /** How far the clocks of issuer and function may differ; 5 if left out, at most 300. */
  readonly leewaySeconds?: number;
  /** Refuses tokens that were issued longer ago, whatever `exp` says, and tokens without `iat`. */
  readonly maxAgeSeconds?: number;
}

export const tokenOptionNames = ['header', 'bare', 'realm', 'scopes', 'anyScope', 'leewaySeconds', 'maxAgeSeconds'];

interface TokenCheckOptions extends TokenOptions {
  readonly issuer: string;
  readonly scopeClaims?: readonly string[] | undefined;
  readonly types: readonly string[] | undefined;
  readonly scheme: Principal['scheme'];
  readonly audience: readonly string[] | null;
  readonly algorithms: readonly Algorithm[];
  readonly keys: KeySource;
  readonly nowMs: () => number;
  /** What else must hold of proven claims: the code of what does not. */
  readonly judge: (claims: JsonObject) => Refused | undefined;
}

/** The check that `jwt` and `cognito` share: token, claims, the caller's name, scopes. */
export function tokenCheck(options: TokenCheckOptions): Check {
  const {
    scheme,
    issuer,
    scopeClaims = ['scope', 'scp'],
    leewaySeconds = 5,
    realm = 'api',
    bare = false,
    nowMs,
  } = options;
  if (!(leewaySeconds >= 0 && leewaySeconds <= 300)) throw new TypeError(`${scheme}: leewaySeconds is 0 to 300`);
  if (options.maxAgeSeconds !== undefined && !(options.maxAgeSeconds > 0))
    throw new TypeError(`${scheme}: maxAgeSeconds is above 0`);
  const header = headerName(options.header ?? 'authorization', scheme);
  const needed = scopeText(options);
  const verify = tokenVerifier(
    {
      issuer,
      audience: options.audience,
      leewaySeconds,
      maxAgeSeconds: options.maxAgeSeconds,
      algorithms: options.algorithms,
      types: options.types,
    },
    options.keys,
    nowMs,
  );
  return closed({
    challenges: [bearerChallenge(realm, needed)],
    headers: [header],
    async authenticate(credentials) {
      const token = bearerToken(credentials, header, bare);
      if (typeof token !== 'string') return token;
      const verified = await verify(token);
      if ('refused' in verified) return refuse(verified.refused);
      const { claims } = verified;
      const wrong = options.judge(claims);
      if (wrong) return wrong;
      const id = ['sub', 'client_id', 'azp'].map((name) => own(claims, name)).find((value) => value !== undefined);
      if (id === undefined) return refuse('claim_missing');
      const scopes = readScopes(claims, scopeClaims);
      if (typeof id !== 'string' || id === '' || !scopes) return refuse('claim_malformed');
      if (!holds(scopes, options)) return refuse('scope_insufficient', needed);
      return { allowed: true, principal: { id, scheme, scopes, claims, expiresAt: Number(own(claims, 'exp')) * 1000 } };
    },
  });
}

/** A list of at least one non-empty text; null stays null. Anything else is a mistake in the options. */
export function listOf(value: string | readonly string[] | null, where: string): readonly string[] | null {
  if (value === null) return null;
  const list = typeof value === 'string' ? [value] : value;
  if (!Array.isArray(list) || list.length === 0 || !list.every((one) => typeof one === 'string' && one !== ''))
    throw new TypeError(`${where} is a text or a list of texts`);
  return list;
}
