import { isUtf8 } from 'node:buffer';
import { createHmac, randomBytes } from 'node:crypto';
import { dummyHash, type PasswordHash, parseHash, passwordFits, prepared } from '../secret/password.ts';
import { loaded, type Source } from '../secret/source.ts';
import { type Check, closed, headerName, knownKeys, type Principal, type Refused, refuse, single } from './decision.ts';
import { holds, type ScopeRule, scopeText } from './grants.ts';

/** A hash that `hashPassword` made, alone or with the scopes of the user. */
export type User = string | { readonly hash: string; readonly scopes?: readonly string[] };

export interface BasicOptions extends ScopeRule {
  /** Names with their hashes, or a function that fetches them; a fetched text is read as JSON. */
  readonly users: Source<Readonly<Record<string, User>> | string>;
  /** The protection space that the browser's dialog shows; `api` if left out. */
  readonly realm?: string;
  /** The request header with the credentials; `authorization` if left out. */
  readonly header?: string;
  /** How long a password that was right need not be derived again, in seconds; 60 if left out, 0 derives it every time. */
  readonly rememberSeconds?: number;
  readonly ports?: { readonly nowMs?: () => number };
}

interface Entry {
  readonly hash: PasswordHash;
  readonly text: string;
  readonly scopes: readonly string[];
}

const mostRemembered = 1_000;

/**
 * Basic authentication (RFC 7617) in UTF-8 against scrypt hashes. A user who does not exist costs as much time as one who does. Passwords that were right are
 * remembered as a digest under a key of this process, because scrypt is slow by intent.
 * Throws a TypeError where the options are not usable.
 */
export function basic(options: BasicOptions): Check {
  knownKeys(options, ['users', 'realm', 'header', 'rememberSeconds', 'ports', 'scopes', 'anyScope'], 'basic');
  const { realm = 'api', rememberSeconds = 60, ports } = options;
  const nowMs = ports?.nowMs ?? Date.now;
  const header = headerName(options.header ?? 'authorization', 'basic');
  const load = loaded(options.users, readUsers, nowMs);
  const processKey = randomBytes(32);
  const remembered = new Map<string, number>();
  const needed = scopeText(options);

  const isRight = async (name: string, password: string, entry: Entry | undefined, like: PasswordHash | undefined) => {
    if (!entry) {
      await passwordFits(password, dummyHash(like));
      return false;
    }
    // The hash is part of it, so a changed password is not remembered.
    const digest = createHmac('sha256', processKey)
      .update(JSON.stringify([name, password, entry.text]))
      .digest('base64');
    const until = remembered.get(digest);
    if (until !== undefined && nowMs() < until && until - nowMs() <= rememberSeconds * 1000) return true;
    if (!(await passwordFits(password, entry.hash))) return false;
    if (remembered.size >= mostRemembered) remembered.clear();
    if (rememberSeconds > 0) remembered.set(digest, nowMs() + rememberSeconds * 1000);
    return true;
  };

  return closed({
    challenges: [{ scheme: 'Basic', parameters: { realm, charset: 'UTF-8' }, explains: false }],
    headers: [header],
    async authenticate(credentials) {
      const value = single(credentials, header);
      if (typeof value !== 'string') return value;
      const sent = readCredentials(value);
      if ('code' in sent) return sent;
      const users = await load();
      if (!users) return refuse('secret_unavailable');
      const entry = users.get(sent.name);
      if (!(await isRight(sent.name, sent.password, entry, users.values().next().value?.hash)) || !entry)
        return refuse('password_wrong');
      if (!holds(entry.scopes, options)) return refuse('scope_insufficient', needed);
      const principal: Principal = { id: sent.name, scheme: 'basic', scopes: entry.scopes, claims: {} };
      return { allowed: true, principal };
    },
  });
}

/** RFC 7617 section 2: `Basic`, then `user-id:password` in base64. The first colon ends the name, so a name has none. */
function readCredentials(value: string): { readonly name: string; readonly password: string } | Refused {
  const malformed = refuse('credentials_malformed');
  const match = value.length > 4096 ? null : /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(value);
  const bytes = Buffer.from(match?.[1] ?? '', 'base64');
  if (!match || bytes.toString('base64') !== match[1] || !isUtf8(bytes)) return malformed;
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return malformed;
  const [name, password] = [prepared(text.slice(0, colon)), prepared(text.slice(colon + 1))];
  return name === undefined || password === undefined || password === '' ? malformed : { name, password };
}

function readUsers(given: Readonly<Record<string, User>> | string): ReadonlyMap<string, Entry> {
  const users: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  if (typeof users !== 'object' || users === null || Array.isArray(users))
    throw new TypeError('basic: users is an object of names and hashes');
  const entries = Object.entries(users).map(([name, user]: [string, unknown]): [string, Entry] => {
    const normal = prepared(name);
    if (!normal || normal.includes(':'))
      throw new TypeError('basic: the name of a user has no colon and no control characters');
    const given = typeof user === 'string' ? { hash: user } : user;
    if (typeof given !== 'object' || given === null || !('hash' in given) || typeof given.hash !== 'string')
      throw new TypeError('basic: a user has a hash that hashPassword made');
    const scopes: unknown = 'scopes' in given ? given.scopes : [];
    if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === 'string'))
      throw new TypeError('basic: scopes is a list of texts');
    return [normal, { hash: parseHash(given.hash), text: given.hash, scopes }];
  });
  const map = new Map(entries);
  if (map.size !== entries.length) throw new TypeError('basic: two users have the same name');
  return map;
}
