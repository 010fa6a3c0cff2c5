/** Every reason for which a caller is refused. The codes are stable: programs, logs and alarms may compare them. */
export const refusalCodes = {
  credentials_missing: 'no credentials were sent',
  credentials_several: 'the same credential was sent with different values',
  credentials_malformed: 'the credentials are not of this scheme',
  token_too_long: 'the token is too long (16384 characters)',
  token_malformed: 'the token is not a JWS in compact form with a JSON header and JSON claims',
  token_critical_header: 'the token demands an extension (crit, b64)',
  token_type: 'the type of the token (typ, cty) is not accepted',
  algorithm_refused: 'the signature algorithm is not accepted',
  key_unknown: 'no key of the issuer fits the token',
  key_ambiguous: 'more than one key of the issuer fits the token',
  key_unusable: 'the key is too weak, has another purpose or another algorithm',
  signature_invalid: 'the signature is not valid',
  claim_missing: 'a claim that is required is missing',
  claim_mismatch: 'a claim has a value that is not accepted',
  claim_malformed: 'a claim has the wrong type',
  issuer_mismatch: 'the token comes from another issuer',
  audience_mismatch: 'the token was issued for another audience',
  client_mismatch: 'the token was issued to another client',
  token_use_mismatch: 'the token is of the other kind (ID, access)',
  token_expired: 'the token has expired',
  token_not_yet_valid: 'the token is not valid yet',
  token_from_the_future: 'the token was issued in the future',
  token_too_old: 'the token was issued too long ago',
  password_wrong: 'the user or the password is wrong',
  api_key_unknown: 'the API key is unknown',
  api_key_expired: 'the API key has expired',
  scope_insufficient: 'the caller lacks a scope or a group that is required',
  route_refused: 'the caller may not use this route',
  cache_key_incomplete: 'an input of the decision is not among the identity sources of the authorizer',
  keys_unavailable: 'the keys of the issuer could not be fetched',
  secret_unavailable: 'a secret could not be loaded or is not usable',
  check_failed: 'the check itself failed',
} as const;

export type RefusalCode = keyof typeof refusalCodes;

/**
 * Who calls, after the credentials were proven.
 * `expiresAt` is in milliseconds since 1970, as of `Date.now()`; `claims` are those of the token, empty for other schemes.
 */
export interface Principal {
  readonly id: string;
  readonly scheme: 'jwt' | 'cognito' | 'basic' | 'api-key';
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, unknown>>;
  readonly expiresAt?: number;
  /** With `allOf`: the principals of the further checks, in their order. */
  readonly also?: readonly Principal[];
}

export interface Allowed {
  readonly allowed: true;
  readonly principal: Principal;
}

/**
 * 400: the request cannot be judged as it stands. 401: prove who you are. 403: known, but not for this.
 * 500 and 503: the check could not be made, which is never a pass.
 */
export interface Refused {
  readonly allowed: false;
  readonly status: 400 | 401 | 403 | 500 | 503;
  readonly code: RefusalCode;
  /** One sentence part without anything the caller sent. */
  readonly reason: string;
  /** What would be needed, for `scope` in a challenge (RFC 6750 section 3). */
  readonly scope?: string;
}

export type Decision = Allowed | Refused;

/** A way to ask for credentials, as `WWW-Authenticate` (RFC 9110 section 11.6.1) carries it. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** RFC 6750 section 3: the scheme can say what is wrong with the token. */
  readonly explains: boolean;
}

/** What a check may look at. Whoever makes one from an event decides what stands for a header; see `requestOf`. */
export interface Credentials {
  /** All values of the header, whose name is in lower case. */
  header(name: string): readonly string[];
}

/** One way to prove who calls: `jwt`, `cognito`, `basic`, `apiKey`, or several of them composed. */
export interface Check {
  /** Never throws: what breaks inside is refused with `check_failed`. */
  authenticate(credentials: Credentials): Promise<Decision>;
  readonly challenges: readonly Challenge[];
  /**
   * The request headers, in lower case, that the decision depends on. A cache of results must have all of them in its key;
   * for API Gateway they are the identity sources of the authorizer.
   */
  readonly headers: readonly string[];
}

const statuses: Partial<Record<RefusalCode, Refused['status']>> = {
  credentials_several: 400,
  scope_insufficient: 403,
  route_refused: 403,
  cache_key_incomplete: 500,
  check_failed: 500,
  keys_unavailable: 503,
  secret_unavailable: 503,
};

export const refuse = (code: RefusalCode, scope?: string): Refused => ({
  allowed: false,
  status: statuses[code] ?? 401,
  code,
  reason: refusalCodes[code],
  ...(scope === undefined ? {} : { scope }),
});

/** The check with its exceptions turned into refusals: an engine that breaks never opens. */
export const closed = (check: Check): Check => ({
  ...check,
  authenticate: async (credentials) => {
    try {
      return await check.authenticate(credentials);
    } catch {
      return refuse('check_failed');
    }
  },
});

/** The only value of a header; several equal ones count as one, several different ones are refused. */
export function single(credentials: Credentials, header: string): string | Refused {
  const [first, ...more] = new Set(credentials.header(header));
  if (more.length > 0) return refuse('credentials_several');
  return first === undefined || first === '' ? refuse('credentials_missing') : first;
}

/** A header's name from the options, in the lower case in which names are compared. */
export const headerName = (name: string, where: string): string => {
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/.test(name))
    throw new TypeError(`${where}: ${JSON.stringify(name)} is not the name of a header`);
  return name.toLowerCase();
};

/** Options are written by people: a key that does not exist is a check that would silently not be made. */
export function knownKeys(options: object, known: readonly string[], where: string): void {
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new TypeError(`${where} has no option ${JSON.stringify(key)}; it has: ${known.join(', ')}`);
}

/** What a log line breaks must not open or shut anything. */
export function tell<A>(
  listener: ((refusal: Refused, about: A) => void) | undefined,
  refusal: Refused,
  about: A,
): void {
  try {
    listener?.(refusal, about);
  } catch {
    // The listener's own affair.
  }
}
