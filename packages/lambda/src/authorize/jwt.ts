import { createSecretKey } from 'node:crypto';
import { loaded, type Source } from '../secret/source.ts';
import { type Algorithm, asymmetric, familyOf, isAlgorithm, isSymmetric } from '../token/algorithms.ts';
import { safeUrl } from '../token/fetch-json.ts';
import { type JsonObject, own } from '../token/json.ts';
import { readKeySet } from '../token/key-set.ts';
import { fixedKeys, type KeySource } from '../token/key-source.ts';
import { type RemoteOptions, remoteKeys } from '../token/remote-keys.ts';
import { type Check, knownKeys, type Refused, refuse } from './decision.ts';
import { listOf, type TokenOptions, tokenCheck, tokenOptionNames } from './token-check.ts';

export interface JwtOptions extends TokenOptions, RemoteOptions {
  /** The issuer exactly as it stands in `iss`, with its trailing slash where it has one (Auth0 has one). */
  readonly issuer: string;
  /** What must stand in `aud`: one, or a list of which one is enough. null turns the check off: tokens for any other API of the issuer pass then. */
  readonly audience: string | readonly string[] | null;
  /** Signature algorithms; every asymmetric one if left out. Symmetric ones only beside `secret`, and never both kinds. */
  readonly algorithms?: readonly Algorithm[];
  /** The claims that hold scopes; `scope` and `scp` if left out. Auth0 with role-based access control: `['permissions']`. */
  readonly scopeClaims?: readonly string[];
  /** Requires `typ` and one of these, `at+jwt` (RFC 9068) for example. If left out: none, `JWT` or `at+jwt`. */
  readonly typ?: string | readonly string[];
  /** Further claims with the values that are accepted: `{ azp: ['web', 'app'] }`. A claim that is a list needs one of them in it. */
  readonly claims?: Readonly<Record<string, string | readonly string[]>>;
  /** Where the keys are; found by OpenID Connect Discovery if left out. */
  readonly jwksUri?: string;
  /** The keys themselves, instead of an address. */
  readonly jwks?: unknown;
  /** The key of HS256, HS384 or HS512 in bytes, or as text that stands for its UTF-8 bytes. */
  readonly secret?: Source<string | Uint8Array>;
}

const optionNames = [
  ...tokenOptionNames,
  'issuer',
  'audience',
  'algorithms',
  'scopeClaims',
  'typ',
  'claims',
  'jwksUri',
  'jwks',
  'secret',
  'keyCache',
  'allowHttpOnLoopback',
  'ports',
];

/**
 * Accepts JSON Web Tokens of one OpenID Connect provider. Several providers: `anyOf(jwt(...), jwt(...))`.
 * Throws a TypeError where the options contradict each other or leave a check open.
 */
export function jwt(options: JwtOptions): Check {
  knownKeys(options, optionNames, 'jwt');
  const nowMs = options.ports?.nowMs ?? Date.now;
  const algorithms = acceptedAlgorithms(options);
  return tokenCheck({
    ...options,
    scheme: 'jwt',
    algorithms,
    audience: listOf(options.audience, 'jwt: audience (null turns the check off)'),
    types: options.typ === undefined ? undefined : (listOf(options.typ, 'jwt: typ') ?? undefined),
    keys: keySource(options, algorithms, nowMs),
    nowMs,
    judge: (claims) => claimsAgree(claims, options.claims ?? {}),
  });
}

function claimsAgree(
  claims: JsonObject,
  expected: Readonly<Record<string, string | readonly string[]>>,
): Refused | undefined {
  for (const [name, accepted] of Object.entries(expected)) {
    const value = own(claims, name);
    if (value === undefined) return refuse('claim_missing');
    const held: readonly unknown[] = Array.isArray(value) ? value : [value];
    const wanted: readonly unknown[] = typeof accepted === 'string' ? [accepted] : accepted;
    if (!held.some((one) => wanted.includes(one)))
      return refuse(name === 'client_id' || name === 'azp' ? 'client_mismatch' : 'claim_mismatch');
  }
  return undefined;
}

function acceptedAlgorithms({ algorithms, secret }: JwtOptions): readonly Algorithm[] {
  const accepted = algorithms ?? (secret === undefined ? asymmetric : []);
  if (accepted.length === 0) throw new TypeError('jwt: secret needs algorithms');
  for (const name of accepted)
    if (!isAlgorithm(name)) throw new TypeError(`jwt: the algorithm ${JSON.stringify(name)} is not supported`);
  if (accepted.some(isSymmetric) !== (secret !== undefined) || (secret !== undefined && !accepted.every(isSymmetric)))
    throw new TypeError('jwt: HS256, HS384, HS512 go with secret, the others with keys of the issuer, never both');
  return accepted;
}

function keySource(options: JwtOptions, algorithms: readonly Algorithm[], nowMs: () => number): KeySource {
  const { issuer, jwks, jwksUri, secret, allowHttpOnLoopback = false } = options;
  if (typeof issuer !== 'string' || issuer === '') throw new TypeError('jwt: issuer is missing');
  if ([jwks, jwksUri, secret].filter((given) => given !== undefined).length > 1)
    throw new TypeError('jwt: jwks, jwksUri and secret exclude each other');
  if (secret !== undefined) return secretSource(secret, algorithms, nowMs);
  if (jwks !== undefined) {
    const set = readKeySet(jwks);
    if (!set) throw new TypeError('jwt: jwks is no JSON Web Key Set');
    return fixedKeys(set);
  }
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  if (!safeUrl(jwksUri ?? discovery, allowHttpOnLoopback))
    throw new TypeError(
      `jwt: keys come from an https address; ${jwksUri === undefined ? 'issuer' : 'jwksUri'} is none`,
    );
  return remoteKeys(jwksUri ?? { discovery, issuer }, options, nowMs);
}

function secretSource(
  secret: Source<string | Uint8Array>,
  algorithms: readonly Algorithm[],
  nowMs: () => number,
): KeySource {
  const shortest = Math.max(...algorithms.map((name) => familyOf(name).length ?? 0));
  const load = loaded(
    secret,
    (value) => {
      const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
      // RFC 7518 section 3.2.
      if (!(bytes instanceof Uint8Array) || bytes.length < shortest)
        throw new TypeError(`jwt: secret must have ${shortest} bytes or more`);
      return createSecretKey(bytes);
    },
    nowMs,
  );
  return {
    async find() {
      const key = await load();
      return key ? { kid: undefined, alg: undefined, kty: 'oct', curve: undefined, key } : 'secret_unavailable';
    },
  };
}
