/** A value beside a name that speaks of secrets: `DB_PASSWORD=x`, `"token": "x"`, `Authorization: Bearer x`. */
const assignment =
  /((?:\bpw|passw|passphrase|pwd|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth)[\w.-]{0,40}["']?[ \t]{0,4}[=:][ \t]{0,4}["']?(?:(?:bearer|basic|token)[ \t]{1,4})?)[^\s"',;}]{3,512}/gi;

/** Lines of a failing program that are shown. */
const SHOWN = 8;
const LONGEST = 300;

/** The last lines that a program printed, without Node's own notices and empty lines, each cut to a length that can be read. */
export function lastLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !/ExperimentalWarning: Permission|^\(Use `node --trace-warnings/.test(line))
    .slice(-SHOWN)
    .map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
}

/**
 * A text that a program made, without what may be a secret: the given values, values beside names that speak of secrets, credentials in
 * addresses, and long runs of letters and digits.
 */
export function masked(text: string, values: readonly string[]): string {
  let result = text;
  for (const value of values) if (value.length >= 4) result = result.replaceAll(value, '[secret]');
  return result
    .replace(/(:\/\/[^\s:/@]{1,100}:)[^\s/@]{1,200}@/g, '$1[secret]@')
    .replace(assignment, '$1[secret]')
    .replace(/[A-Za-z0-9+_=-]{20,}/g, (word) => (isRandom(word) ? '[secret]' : word));
}

/** Letters and digits mixed, as tokens are and words are not. */
function isRandom(word: string): boolean {
  const digits = word.replace(/\D/g, '').length;
  return digits >= 3 && /[A-Za-z]/.test(word) && !/^[0-9a-f]{8}-/.test(word);
}
