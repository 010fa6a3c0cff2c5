import { looksRandom } from './entropy.ts';
import { wordsOf } from './words.ts';

// Three kinds of values stand where a secret will stand:
// - a marked placeholder says so itself (YOUR-KEY-HERE, <token>, xxxx). It protects nothing and reveals nothing: never a secret.
// - a stand-in is an ordinary word (password, changeme, test). Where a resource is really created with it (a database
//   password, the default of a parameter) it is a working, guessable password; elsewhere people write it for local runs.
// - a guessable password (admin123, 123456) is in use wherever it is written: nobody marks a blank that way.

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const marks = set(`
  your yours placeholder replace replaceme replaced example examples sample dummy fake insert todo fixme tbd redacted masked hidden removed
  enter fill fillme fillin override overridden overwritten undefined null none nil na empty blank unset notset needed put paste
  goes here something whatever lorem ipsum mock mocked mocks xxx yyy zzz`);

const standIns = set(`
  password passwd pwd pass secret secrets token key apikey changeme changeit change changethis test tests testing tester foo bar baz
  foobar qux abc abcd abcde abcdef dev local demo default value string user username me my a b c x y z supersecret mysecret mypassword
  mytoken mykey myapikey super shh ssh the this is some very long and random alphanumeric characters please not real unsafe insecure prod staging development
  production localhost offline auth jwt session cookie client api app service access private db database keyboard cat passwort kennwort senha contrasena motdepasse
  wachtwoord haslo parola geheim geheimnis`);

const guessable = set(`
  admin administrator root postgres postgresql mysql mariadb mongo mongodb redis oracle sa guest letmein welcome qwerty qwertyuiop
  iloveyou master dragon monkey sunshine princess superman hunter trustno passw0rd pa55word p4ssw0rd p4ssword secure security hello
  world login manager toor system rabbitmq elastic minio minioadmin wordpress drupal magento laravel docker vagrant ubuntu`);

/** Text that stands for a value in angle, curly, square or other brackets, or is only filler characters. */
function isBracketed(value: string): boolean {
  return (
    /^(?:<[^<>]*>|\{\{?[^{}]*\}?\}|\[[^[\]]*\]|%[^%]*%|__.*__|@@?[A-Za-z_.-]+@@?|#\{[^}]*\})$/.test(value) ||
    /^([xX*.?#_-]|0|1)\1{2,}$/.test(value) ||
    /(?:x{4,}|X{4,}|\*{3,}|\.{3}$|…)/.test(value)
  );
}

/** True for texts that say themselves that the value is missing. */
export function isMarkedPlaceholder(value: string): boolean {
  const text = value.trim();
  if (text === '' || isBracketed(text)) return true;
  if (text.length > 80) return false;
  const lower = text.toLowerCase();
  if (lower === 'n/a' || lower === 'not-set' || lower === 'not set' || lower === 'to be defined') return true;
  if (/(?:replace|fill|update|set|put|add|edit)[-_ ]?(?:me|this|it|in)(?![a-z])/.test(lower)) return true;
  // Random text holds short words by accident.
  if (looksRandom(text))
    return /example|placeholder|replace|sample|insert/.test(lower) || /your[-_]|YOUR[-_]/.test(text);
  const words = wordsOf(text);
  if (words.length === 0 || words.length > 12) return false;
  if (words.some((word) => marks.has(word))) return letterShare(text) >= 0.6;
  return /^(?:your|insert|example|replace|dummy|placeholder|sample|fake|todo)/.test(lower) && letterShare(text) >= 0.8;
}

function letterShare(text: string): number {
  return text.replaceAll(/[^A-Za-z_ -]/g, '').length / text.length;
}

export type Guess = 'stand-in' | 'guessable';

/**
 * Tells ordinary words from chosen values. `key` is the name the value stands under: `orders: orders` is a stand-in too.
 * Undefined when the value is neither.
 */
export function guess(value: string, key: string): Guess | undefined {
  const text = value.trim().toLowerCase();
  if (text.length > 48) return undefined;
  if (/^(?:0?12345?6?7?8?9?0?|1234567890|(\d)\1{3,}|987654321|123123|112233|654321)$/.test(text)) return 'guessable';
  const core = text.replace(/[0-9!@#$.?*]{0,6}$/, '');
  const bare = core.replaceAll(/[^a-z0-9]/g, '');
  if (bare === '') return undefined;
  if (guessable.has(bare)) return 'guessable';
  if (/^change[-_ ]?(?:me|it|this)|(?:^|[^a-z])change[-_ ]?(?:me|it|this|in|for|before)(?![a-z])/.test(text))
    return 'stand-in';
  if (bare === key.toLowerCase().replaceAll(/[^a-z0-9]/g, '')) return 'stand-in';
  const suffixed = core.length < text.length;
  const words = wordsOf(core);
  if (standIns.has(bare) || (words.length > 0 && words.every((word) => standIns.has(word)))) {
    return suffixed && /^(?:password|passwd|pass|pwd|secret)$/.test(bare) ? 'guessable' : 'stand-in';
  }
  return undefined;
}
