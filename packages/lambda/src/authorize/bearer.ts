import { type Challenge, type Credentials, type Refused, refuse, single } from './decision.ts';

export interface BearerOptions {
  /** The request header with the token; `authorization` if left out. */
  readonly header?: string;
  /** Also accept the token alone, without `Bearer` before it, as API Gateway's own authorizers do. */
  readonly bare?: boolean;
  /** The protection space that challenges name (RFC 9110 section 11.5); `api` if left out. */
  readonly realm?: string;
}

/** The token of RFC 6750 section 2.1. Tokens in the query or the body are not looked for: addresses end up in logs. */
export function bearerToken(credentials: Credentials, header: string, bare: boolean): string | Refused {
  const value = single(credentials, header);
  if (typeof value !== 'string') return value;
  const space = value.indexOf(' ');
  if (space < 0) return bare ? value : refuse('credentials_malformed');
  const token = value.slice(space + 1);
  return value.slice(0, space).toLowerCase() === 'bearer' && token !== '' && !/[\s,]/.test(token)
    ? token
    : refuse('credentials_malformed');
}

export const bearerChallenge = (realm: string, scope?: string): Challenge => ({
  scheme: 'Bearer',
  parameters: { realm, ...(scope ? { scope } : {}) },
  explains: true,
});
