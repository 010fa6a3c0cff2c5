/** Endings that people glue to another word: `dbpassword`, `authtoken`, `APIKEY`. Longest first, so that `secretkey` wins over `key`. */
const glued = [
  'connectionstring',
  'credentials',
  'credential',
  'passphrase',
  'encryptionkey',
  'accesskey',
  'secretkey',
  'signingkey',
  'masterkey',
  'privatekey',
  'publickey',
  'authtoken',
  'password',
  'passwort',
  'passcode',
  'authkey',
  'apikeys',
  'apikey',
  'appkey',
  'secrets',
  'secret',
  'passwd',
  'tokens',
  'token',
  'pswd',
  'pwd',
] as const;

const pairs: Readonly<Record<string, readonly string[]>> = {
  connectionstring: ['connection', 'string'],
  encryptionkey: ['encryption', 'key'],
  signingkey: ['signing', 'key'],
  masterkey: ['master', 'key'],
  accesskey: ['access', 'key'],
  secretkey: ['secret', 'key'],
  privatekey: ['private', 'key'],
  publickey: ['public', 'key'],
  authtoken: ['auth', 'token'],
  authkey: ['auth', 'key'],
  apikeys: ['api', 'keys'],
  apikey: ['api', 'key'],
  appkey: ['app', 'key'],
};

/** `bypass`, `compass` and the like end in a word for a password without meaning one. */
const gluedPass =
  /^(?:db|sql|user|usr|mail|email|smtp|ftp|admin|root|redis|mongo|mysql|auth|login|my|key|proxy|ssh|es)pass$/;

const pieces = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

/** The same few names stand at thousands of places. */
const remembered = new Map<string, readonly string[]>();
const mostRemembered = 4096;

/**
 * The lower-case words of a name in camelCase, PascalCase, snake_case, kebab-case or SCREAMING_CASE: `stripeAPIKey_2` is
 * stripe, api, key, 2. Letters outside A-Z (after accents are removed) and punctuation separate words.
 */
export function wordsOf(name: string): readonly string[] {
  const known = remembered.get(name);
  if (known) return known;
  const plain = /^[ -~]*$/.test(name) ? name.slice(0, 200) : withoutAccents(name.slice(0, 200));
  const words = (plain.match(pieces) ?? []).flatMap((piece) => unglue(piece.toLowerCase()));
  if (name.length <= 64) {
    if (remembered.size >= mostRemembered) remembered.clear();
    remembered.set(name, words);
  }
  return words;
}

function withoutAccents(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{Mn}/gu, '');
}

function unglue(word: string): readonly string[] {
  if (word === 'oauth' || word.length < 6) return [word];
  for (const ending of glued) {
    if (!word.endsWith(ending)) continue;
    const before = word.slice(0, -ending.length);
    const after = pairs[ending] ?? [ending];
    return before.length > 0 ? [before, ...after] : after;
  }
  return gluedPass.test(word) ? [word.slice(0, -4), 'pass'] : [word];
}
