/** Names of what opens something. A word that is a secret by its name alone (`DB_PASSWORD=sunshine`) has no shape of its own. */
const secretName =
  /pass|pwd|pw\b|_pw|secret|token|key|cred|auth|private|\bpin\b|_pin|salt|sign|session|cookie|dsn|conn|cert|seed/i;

/** A word, a small number, or a word with a short number at its end: `prod`, `443`, `v2`. */
const word = /^(?:[a-z]{1,14}|[A-Z]{1,14}|[A-Z]?[a-z]{1,13}(?:[A-Z][a-z]{1,13}){0,3}|[A-Za-z]{1,10}\d{1,3}|\d{1,5})$/;

const longest = 40;
const mostWords = 4;

/**
 * Whether a value from outside the files (environment, .env, --param) is plainly a setting: a stage, a region, a switch, a name or path of
 * a few words. Only such values are used, every other one stays undecided. Whoever writes the files decides where a value ends, in a path, in
 * a name, cut and joined again by intrinsics, and on a build machine the environment holds secrets that are not theirs to read: what
 * never enters the model cannot be printed. A secret that is an ordinary word under an innocent name is not told from a setting.
 */
export function isPlainSetting(name: string, value: string): boolean {
  if (value === '') return true;
  if (value.length > longest || secretName.test(name)) return false;
  const words = value.split(/[-_./: ]/).filter((part) => part !== '');
  return words.length > 0 && words.length <= mostWords && words.every((part) => word.test(part));
}
