import { type JsonObject, own } from '../token/json.ts';
import { readKeySet } from '../token/key-set.ts';
import { fixedKeys } from '../token/key-source.ts';
import { type RemoteOptions, remoteKeys } from '../token/remote-keys.ts';
import { type Check, knownKeys, type Refused, refuse } from './decision.ts';
import { listOf, type TokenOptions, tokenCheck, tokenOptionNames } from './token-check.ts';

export interface CognitoOptions extends TokenOptions, RemoteOptions {
  /** `eu-central-1_AbCdEf123`: the region stands in it. */
  readonly userPoolId: string;
  /** The app clients whose tokens are accepted. null accepts every client of the pool. */
  readonly clientId: string | readonly string[] | null;
  /** Access tokens carry scopes and are meant for APIs; ID tokens say who signed in. `any` accepts both. */
  readonly tokenUse: 'access' | 'id' | 'any';
  /** At least one of these groups of the pool (`cognito:groups`). */
  readonly groups?: readonly string[];
  /** The pool's keys, instead of fetching them. */
  readonly jwks?: unknown;
}

const optionNames = [
  ...tokenOptionNames,
  'userPoolId',
  'clientId',
  'tokenUse',
  'groups',
  'jwks',
  'keyCache',
  'allowHttpOnLoopback',
  'ports',
];

/**
 * Accepts tokens of an Amazon Cognito user pool, by the rules of "Verifying JSON web tokens" in the Cognito developer guide: RS256 with a
 * key of the pool, `iss` of the pool, `token_use`, the app client in `aud` (ID token) or `client_id` (access token).
 * Throws a TypeError where the options are not usable.
 */
export function cognito(options: CognitoOptions): Check {
  knownKeys(options, optionNames, 'cognito');
  const { userPoolId, tokenUse, groups, jwks, ports } = options;
  const region = /^([a-z]{2}(?:-[a-z]+){1,3}-\d)_[A-Za-z0-9]{1,46}$/.exec(userPoolId)?.[1];
  if (region === undefined) throw new TypeError('cognito: userPoolId looks like eu-central-1_AbCdEf123');
  if (!['access', 'id', 'any'].includes(tokenUse)) throw new TypeError('cognito: tokenUse is access, id or any');
  if (options.clientId === undefined)
    throw new TypeError('cognito: clientId must be given; null accepts every client of the pool');
  const clients = listOf(options.clientId, 'cognito: clientId');
  const accepted = groups === undefined ? undefined : listOf(groups, 'cognito: groups');
  const nowMs = ports?.nowMs ?? Date.now;
  const issuer = `https://cognito-idp.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/${userPoolId}`;
  const set = jwks === undefined ? undefined : readKeySet(jwks);
  if (jwks !== undefined && !set) throw new TypeError('cognito: jwks is no JSON Web Key Set (an object with keys)');
  return tokenCheck({
    ...options,
    scheme: 'cognito',
    issuer,
    audience: null,
    algorithms: ['RS256'],
    types: undefined,
    scopeClaims: ['scope'],
    keys: set ? fixedKeys(set) : remoteKeys(`${issuer}/.well-known/jwks.json`, options, nowMs),
    nowMs,
    judge: (claims) => judgeUse(claims, tokenUse, clients) ?? judgeGroups(claims, accepted ?? undefined),
  });
}

function judgeUse(
  claims: JsonObject,
  expected: CognitoOptions['tokenUse'],
  clients: readonly string[] | null,
): Refused | undefined {
  const use = own(claims, 'token_use');
  if (use === undefined) return refuse('claim_missing');
  if ((use !== 'access' && use !== 'id') || (expected !== 'any' && use !== expected))
    return refuse('token_use_mismatch');
  if (clients === null) return undefined;
  const client = own(claims, use === 'id' ? 'aud' : 'client_id');
  if (client === undefined) return refuse('claim_missing');
  return typeof client === 'string' && clients.includes(client) ? undefined : refuse('client_mismatch');
}

function judgeGroups(claims: JsonObject, groups: readonly string[] | undefined): Refused | undefined {
  if (!groups) return undefined;
  const held = own(claims, 'cognito:groups');
  return Array.isArray(held) && held.some((group) => groups.includes(group)) ? undefined : refuse('scope_insufficient');
}
