import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** Cost of scrypt (RFC 7914): memory is 128 * N * r bytes. */
interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

export interface PasswordHash extends Cost {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** One of the equal choices of OWASP's password storage cheat sheet; 32 MiB, which the smallest Lambda function has. */
const cost: Cost = { N: 2 ** 15, r: 8, p: 3 };
const hashBytes = 32;
const mostMemory = 256 * 2 ** 20;

/**
 * Texts that look alike compare equal: Unicode normalization form C, as RFC 7617 section 2.1 asks for through RFC 8265. Undefined where
 * the text has control characters or is too long to be a name or a password (1024 UTF-16 units).
 */
export function prepared(text: string): string | undefined {
  const normal = text.normalize('NFC');
  return normal.length > 1024 || /\p{Cc}/u.test(normal) ? undefined : normal;
}

const derive = (password: string, salt: Buffer, { N, r, p }: Cost, length: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N, r, p, maxmem: 128 * N * r + 2 ** 20 + 128 * r * p }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });

/** `scrypt$N$r$p$salt$hash`, the last two in base64url: what `basic` takes for a user. Throws where the password is empty or has control characters. */
export async function hashPassword(password: string): Promise<string> {
  const text = prepared(password);
  if (text === undefined || text === '')
    throw new TypeError('a password has at least one character and no control characters');
  const salt = randomBytes(16);
  const hash = await derive(text, salt, cost, hashBytes);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Reads what `hashPassword` writes. Throws where it is not that, too cheap to be safe, or dearer than a function can pay. */
export function parseHash(text: string): PasswordHash {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9_-]{22,128})\$([A-Za-z0-9_-]{43,128})$/.exec(
    text,
  );
  const [N = 0, r = 0, p = 0] = (match ?? []).slice(1, 4).map(Number);
  const memory = 128 * N * r;
  const isPower = N > 1 && (N & (N - 1)) === 0;
  if (!match || !isPower || p < 1 || r < 1 || memory < 16 * 2 ** 20 || memory > mostMemory)
    throw new TypeError(
      'a user has a hash of the form scrypt$N$r$p$salt$hash with 16 to 256 MiB; hashPassword makes one',
    );
  const [salt = '', hash = ''] = match.slice(4);
  return { N, r, p, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') };
}

/** For a user who does not exist: costs what `like` costs, matches nothing. */
export const dummyHash = (like: Cost = cost): PasswordHash => ({
  N: like.N,
  r: like.r,
  p: like.p,
  salt: randomBytes(16),
  hash: randomBytes(hashBytes),
});

export async function passwordFits(password: string, expected: PasswordHash): Promise<boolean> {
  const key = await derive(password, expected.salt, expected, expected.hash.length);
  return timingSafeEqual(key, expected.hash);
}
