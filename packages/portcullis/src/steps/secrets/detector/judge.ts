import { judgeAddresses, judgeAssignments } from './addresses.ts';
import { judgeCommands } from './commands.ts';
import { isUnreadable, looksRandom, shannon, textureOf } from './entropy.ts';
import { classifyName, classifyPath, isPointerName, type NameVerdict } from './key-names.ts';
import { guess, isMarkedPlaceholder } from './placeholders.ts';
import { findProvider } from './providers.ts';
import {
  isAddress,
  isEncrypted,
  isIsoDate,
  isNameLike,
  isProse,
  isPublicMaterial,
  isReference,
  isUuid,
  isVariableName,
  withoutHoles,
} from './shapes.ts';
import type { JudgeContext, Verdict } from './verdict.ts';
import { wordsOf } from './words.ts';

/** Longest value that is looked at whole; of longer ones the first part is. Real secrets are far shorter. */
const longest = 262_144;

const ignoredTails = new Set([
  'description',
  'desc',
  'comment',
  'documentation',
  'docs',
  'doc',
  'summary',
  'note',
  'notes',
  'example',
  'examples',
]);

/**
 * Decides whether a configuration value is a secret written out. `path` are the keys from the root of the document to the value,
 * the last one being its own name; `value` is the text with variables left in place (`${...}`, `{{resolve:...}}`).
 * Undefined means no secret. Never throws; time is linear in the length of the value.
 */
export function judge(path: readonly string[], value: string, context: JudgeContext = {}): Verdict | undefined {
  const text = (value.length > longest ? value.slice(0, longest) : value).trim();
  if (text.length < 3) return undefined;
  const name = classifyPath(path);
  // Nothing below speaks of a short value without a telling name: most values are done here.
  if (!name && text.length < 18 && !/[=:]/.test(text)) return undefined;
  const key = path.at(-1) ?? '';
  if (!name && text.length < 64) return judgeRemembered(path, key, text, context);
  return judgeText(name, path, key, text, context);
}

/** The same few values (addresses of services, names of actions) stand under the same names in thousands of places. */
const harmless = new Set<string>();
const mostHarmless = 8192;

/** What the judgement of a short value without a telling name depends on is in the key. */
function judgeRemembered(
  path: readonly string[],
  key: string,
  text: string,
  context: JudgeContext,
): Verdict | undefined {
  if (key.length > 64) return judgeText(undefined, path, key, text, context);
  const circumstances = `${context.deployed ? 'd' : ''}${context.environment ? 'e' : ''}`;
  const seen = `${circumstances}\n${key}\n${text}`;
  if (harmless.has(seen)) return undefined;
  const verdict = judgeText(undefined, path, key, text, context);
  if (!verdict) {
    if (harmless.size >= mostHarmless) harmless.clear();
    harmless.add(seen);
  }
  return verdict;
}

function judgeText(
  name: NameVerdict | undefined,
  path: readonly string[],
  key: string,
  text: string,
  context: JudgeContext,
): Verdict | undefined {
  if (isReference(text)) return undefined;
  const provider = findProvider(text);
  if (provider) return { what: provider.what, confidence: 'certain', evidence: 'pattern' };
  if (isPublicMaterial(text) || isEncrypted(path, text)) return undefined;
  if (text.includes('://')) {
    const address = judgeAddresses(text, context);
    if (address) return address;
  }
  if (ignoredTails.has(wordsOf(key).at(-1) ?? '')) return undefined;
  const inside = path.at(-2) === 'data' ? decoded(text) : undefined;
  if (name && inside !== undefined) return judgeKubernetesData(name, key, inside.trim(), context) ?? judgeEncoded(text);
  return (
    (name && judgeNamed(name, key, text, context)) ??
    judgePair(text, context) ??
    judgeCommands(text) ??
    judgeAssignments(text, context) ??
    judgeEncoded(text) ??
    (context.environment && !name && !isPointerName(key) ? judgeUnnamed(key, text) : undefined)
  );
}

/** Only Secrets keep their values in base64, and they hold values, no names of values. */
function judgeKubernetesData(name: NameVerdict, key: string, text: string, context: JudgeContext): Verdict | undefined {
  if (isReference(text)) return undefined;
  const strength = name.strength === 'medium' ? 'strong' : name.strength;
  const verdict = judgeNamed({ ...name, strength }, key, text, context);
  return verdict && { ...verdict, what: `${verdict.what} in base64` };
}

/** An entry of a list that is a name and a value: `MYSQL_PASSWORD=...` in the environment of a container, `--password=...`. */
function judgePair(text: string, context: JudgeContext): Verdict | undefined {
  const [, name = '', value = ''] = /^-{0,2}([A-Za-z][\w.-]{1,63})=(\S{3,1024})$/.exec(text) ?? [];
  const verdict = name === '' ? undefined : classifyName(name);
  return verdict && !isReference(value) ? judgeNamed(verdict, name, value, context) : undefined;
}

function judgeNamed(name: NameVerdict, key: string, whole: string, context: JudgeContext): Verdict | undefined {
  // `API_TOKEN: Bearer ...`: the scheme is no part of the secret.
  const text = name.class === 'credential' ? whole : whole.replace(/^(?:Bearer|Basic|Token) +(?=\S+$)/i, '');
  const plain = withoutHoles(text);
  if (plain !== text) return judgePartlyWritten(name, plain);
  if (
    isMarkedPlaceholder(text) ||
    /^(?:true|false|yes|no|on|off|null|none|enabled|disabled|required|optional)$/i.test(text)
  )
    return undefined;
  if (isAddress(text) || isVariableName(text) || isIsoDate(text)) {
    return undefined;
  }
  // A sentence under such a name explains it; in an environment it is what signs, and a recovery phrase is made of words.
  if (
    isProse(text) &&
    name.what !== 'recovery phrase' &&
    !(context.environment && name.class === 'secret' && name.strength === 'strong')
  )
    return undefined;
  const likely: Verdict = { what: name.what, confidence: 'likely', evidence: 'name' };
  const random = looksRandom(text) || isUuid(text);
  if (name.class === 'credential') return judgeCredential(text, random, likely);
  if (
    /^[0-9.]+(?:[smhdwy]|ms|min)?$/.test(text) &&
    !(name.class === 'password' && /^\d{4,}$/.test(text)) &&
    text.length < 16
  )
    return undefined;
  if (name.strength === 'weak') return random && text.length >= 12 ? likely : undefined;
  if (random) return likely;
  const kind = guess(text, key);
  if (name.strength === 'medium') {
    if (kind) return undefined;
    return isUnreadable(text) || (!isNameLike(text) && isChosen(text)) ? likely : undefined;
  }
  if (kind === 'stand-in' && !context.deployed) return undefined;
  if (kind) return { ...likely, confidence: 'weak' };
  if (name.class === 'password') return isTechnicalWord(text) ? undefined : likely;
  return text.length >= 6 && !/^(?:x-|method\.|\$)/i.test(text) && !isNameOfSecret(text) ? likely : undefined;
}

/** Something chosen by a person to be hard: several kinds of characters, no spaces, eight or more. */
function isChosen(text: string): boolean {
  if (text.length < 8 || /\s/.test(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text)).length;
  return kinds >= 3 || (kinds >= 2 && /[0-9]/.test(text) && textureOf(text).wordShare < 0.9);
}

/** `secretKey: db-password`: which entry of a secret, by its name. */
function isNameOfSecret(text: string): boolean {
  return (
    /^[A-Za-z]+(?:[._-][A-Za-z]+)+$/.test(text) &&
    /^(?:password|passwd|pass|secret|token|key|credentials?)$/.test(wordsOf(text).at(-1) ?? '')
  );
}

/** Header names, types and settings that stand under names like `password` in schemas and plugin options. */
function isTechnicalWord(text: string): boolean {
  return (
    /^(?:string|password|number|boolean|object|integer|text|hidden|SecureString|String|String!|bearer|basic|plaintext|prompt|required|sensitive)$/.test(
      text,
    ) || /^[xX]-[\w-]+$/.test(text)
  );
}

/** `prefix-${stage}` is a name; a long random piece beside the hole is not. */
function judgePartlyWritten(name: NameVerdict, plain: string): Verdict | undefined {
  if (name.class === 'credential' || isAddress(plain)) return undefined;
  const pieces = plain.split(/[\uFFFC\s]+/);
  return pieces.some((piece) => piece.length >= 12 && looksRandom(piece))
    ? { what: name.what, confidence: 'likely', evidence: 'name' }
    : undefined;
}

function judgeCredential(text: string, random: boolean, likely: Verdict): Verdict | undefined {
  const scheme = /^(?:Basic|Bearer|Token|Digest) +([A-Za-z0-9._~+/=-]{8,2000})$/i.exec(text);
  if (scheme) {
    const token = scheme[1] ?? '';
    return isMarkedPlaceholder(token) || (isNameLike(token) && !/=$/.test(token) && !looksRandom(token))
      ? undefined
      : { ...likely, confidence: 'certain' };
  }
  const pair = /^[\w.@+-]{2,64}:([^\s:/]{4,128})$/.exec(text);
  if (pair) {
    const password = pair[1] ?? '';
    return !/^\d+$/.test(password) && (looksRandom(password) || isChosen(password)) && !isMarkedPlaceholder(password)
      ? likely
      : undefined;
  }
  return random && text.length >= 16 ? likely : undefined;
}

/** Base64 around one of the forms above: a key file, a JSON document with a password. */
function judgeEncoded(text: string): Verdict | undefined {
  if (text.length < 40 || text.length > 65_536 || !/^[A-Za-z0-9+/\r\n]+={0,2}$/.test(text)) return undefined;
  const content = decoded(text);
  if (content === undefined) return undefined;
  const provider = findProvider(content);
  if (provider) return { what: `${provider.what} in base64`, confidence: 'certain', evidence: 'pattern' };
  const inside = judgeAssignments(content, {});
  return inside && { ...inside, what: `${inside.what} in base64` };
}

/** What base64 text holds, when that is printable; below `data` of a Kubernetes Secret it is the value itself. */
function decoded(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/\r\n]+={0,2}$/.test(text) || text.replaceAll(/\s/g, '').length % 4 !== 0) return undefined;
  const content = Buffer.from(text, 'base64').toString('latin1');
  return /^[\t\n\r\x20-\x7e]+$/.test(content) ? content : undefined;
}

const digestWords = new Set([
  'hash',
  'sha',
  'sha1',
  'sha256',
  'digest',
  'checksum',
  'fingerprint',
  'commit',
  'revision',
  'rev',
  'etag',
  'version',
  'layer',
  'pool',
  'integrity',
  'thumbprint',
  'build',
  'image',
  'client',
  'public',
  'pub',
  'publishable',
  'site',
  'sitekey',
  'certificate',
  'cert',
  'ca',
  'nonce',
  'address',
  'contract',
  'wallet',
]);

/** Without a name that speaks of a secret only a value that can hardly be anything else counts. */
function judgeUnnamed(key: string, text: string): Verdict | undefined {
  if (text.length < 32 || text.length > 512 || !/^[A-Za-z0-9+/=_-]+$/.test(text) || isUuid(text)) return undefined;
  if (wordsOf(key).some((word) => digestWords.has(word)) || /^[0-9a-f]+$/i.test(text)) return undefined;
  const { lower, upper, digits } = textureOf(text);
  if (!lower || !upper || digits < 2 || !looksRandom(text) || shannon(text) < 4.3) return undefined;
  return { what: 'random value of the kind that opens something', confidence: 'likely', evidence: 'entropy' };
}
