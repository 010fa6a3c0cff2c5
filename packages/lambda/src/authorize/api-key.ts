import { createHmac, createSecretKey, type KeyObject, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { loaded, type Source } from '../secret/source.ts';
import { type Check, closed, headerName, knownKeys, refuse, single } from './decision.ts';
import { holds, type ScopeRule, scopeText } from './grants.ts';

/** What is stored of a key. The key itself is shown once, to its owner, and kept nowhere. */
export interface ApiKeyRecord {
  /** Names the key in logs and as `principalId`; no secret. */
  readonly id: string;
  /** `hmac-sha256$` and the digest in base64url, under the pepper. */
  readonly hash: string;
  /** ISO 8601, as `new Date().toISOString()` writes it. */
  readonly expires?: string;
  readonly scopes?: readonly string[];
}

export interface ApiKeyOptions extends ScopeRule {
  /** The records, or a function that fetches them; a fetched text is read as JSON. */
  readonly keys: Source<readonly ApiKeyRecord[] | string>;
  /** A secret of 32 bytes or more that is stored elsewhere than the records: who reads the records alone cannot test guesses. */
  readonly pepper: Source<string | Uint8Array>;
  /** The request header with the key; `x-api-key` if left out. */
  readonly header?: string;
  readonly realm?: string;
  readonly ports?: { readonly nowMs?: () => number };
}

interface Entry {
  readonly id: string;
  readonly digest: Buffer;
  readonly expiresMs: number | undefined;
  readonly scopes: readonly string[];
}

const prefix = 'hmac-sha256$';

/**
 * Makes a key of 256 random bits. Give `key` to the client and store `record`.
 * Throws where the pepper is shorter than 32 bytes.
 */
export function makeApiKey(options: {
  readonly pepper: string | Uint8Array;
  readonly id?: string;
  readonly expires?: Date;
  readonly scopes?: readonly string[];
}): { readonly key: string; readonly record: ApiKeyRecord } {
  const key = randomBytes(32).toString('base64url');
  const { id = randomUUID(), expires, scopes } = options;
  const hash = prefix + digestOf(readPepper(options.pepper), key).toString('base64url');
  return {
    key,
    record: { id, hash, ...(expires ? { expires: expires.toISOString() } : {}), ...(scopes ? { scopes } : {}) },
  };
}

/**
 * API keys of one's own, where the usage plans of API Gateway are not at hand (HTTP APIs, function URLs) or are not enough: a usage plan counts, it does not
 * authenticate. Throws a TypeError where the options are not usable.
 */
export function apiKey(options: ApiKeyOptions): Check {
  knownKeys(options, ['keys', 'pepper', 'header', 'realm', 'ports', 'scopes', 'anyScope'], 'apiKey');
  const nowMs = options.ports?.nowMs ?? Date.now;
  const header = headerName(options.header ?? 'x-api-key', 'apiKey');
  // The index is under a key of this process: how long a look-up takes says nothing about the digests.
  const blind = createSecretKey(randomBytes(32));
  const loadKeys = loaded(options.keys, (given) => readRecords(given, blind), nowMs);
  const loadPepper = loaded(options.pepper, readPepper, nowMs);
  const needed = scopeText(options);

  return closed({
    challenges: [{ scheme: 'ApiKey', parameters: { realm: options.realm ?? 'api', header }, explains: false }],
    headers: [header],
    async authenticate(credentials) {
      const key = single(credentials, header);
      if (typeof key !== 'string') return key;
      // 22 characters of base64url hold 128 bits.
      if (!/^[\x21-\x7e]{22,512}$/.test(key)) return refuse('credentials_malformed');
      const [records, pepper] = await Promise.all([loadKeys(), loadPepper()]);
      if (!records || !pepper) return refuse('secret_unavailable');
      const digest = digestOf(pepper, key);
      const entry = records.get(indexOf(blind, digest));
      if (!entry || !timingSafeEqual(entry.digest, digest)) return refuse('api_key_unknown');
      if (entry.expiresMs !== undefined && nowMs() >= entry.expiresMs) return refuse('api_key_expired');
      if (!holds(entry.scopes, options)) return refuse('scope_insufficient', needed);
      const expiry = entry.expiresMs === undefined ? {} : { expiresAt: entry.expiresMs };
      return {
        allowed: true,
        principal: { id: entry.id, scheme: 'api-key', scopes: entry.scopes, claims: {}, ...expiry },
      };
    },
  });
}

const digestOf = (pepper: KeyObject, key: string): Buffer => createHmac('sha256', pepper).update(key).digest();
const indexOf = (blind: KeyObject, digest: Buffer): string =>
  createHmac('sha256', blind).update(digest).digest('base64');

function readPepper(pepper: string | Uint8Array): KeyObject {
  const bytes = typeof pepper === 'string' ? Buffer.from(pepper, 'utf8') : pepper;
  if (!(bytes instanceof Uint8Array) || bytes.length < 32)
    throw new TypeError('apiKey: pepper must have 32 bytes or more');
  return createSecretKey(bytes);
}

function readRecords(given: readonly ApiKeyRecord[] | string, blind: KeyObject): ReadonlyMap<string, Entry> {
  const records: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  if (!Array.isArray(records)) throw new TypeError('apiKey: keys is a list of records that makeApiKey made');
  const entries = records.map((record: ApiKeyRecord): [string, Entry] => {
    const { id, hash, expires, scopes = [] } = record;
    const digest = Buffer.from(
      typeof hash === 'string' && hash.startsWith(prefix) ? hash.slice(prefix.length) : '',
      'base64url',
    );
    const expiresMs = expires === undefined ? undefined : Date.parse(expires);
    if (typeof id !== 'string' || id === '' || digest.length !== 32)
      throw new TypeError('apiKey: a record has an id and a hash that makeApiKey made');
    // A date that cannot be read must not mean "for ever".
    if (Number.isNaN(expiresMs)) throw new TypeError(`apiKey: expires of ${id} is no date`);
    if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string'))
      throw new TypeError('apiKey: scopes is a list of texts');
    return [indexOf(blind, digest), { id, digest, expiresMs, scopes }];
  });
  const map = new Map(entries);
  if (map.size !== entries.length || new Set(records.map(({ id }) => id)).size !== records.length)
    throw new TypeError('apiKey: two records have the same id or the same key');
  return map;
}
