import { looksRandom } from './entropy.ts';
import { guess, isMarkedPlaceholder } from './placeholders.ts';
import type { Verdict } from './verdict.ts';

/** Commands that take a password as an argument without naming it: sshpass, mysql, docker login, curl, redis-cli. */
const argument =
  /\b(?:sshpass[ \t]{1,4}-p[ \t]{0,4}|mysql(?:dump|admin)?[ \t][^|;&\n]{0,120}?[ \t]-p|docker[ \t]{1,4}login[ \t][^|;&\n]{0,160}?(?:-p[ \t]{1,4}|--password[ \t=])|curl[ \t][^|;&\n]{0,200}?(?:-u|--user)[ \t]{1,4}["']?[\w.@-]{1,64}:|redis-cli[ \t][^|;&\n]{0,120}?-a[ \t]{1,4})["']?([^\s"'`;&|]{3,128})/g;

/** A password that a command in the text gives away to everybody who reads the file or lists processes. */
export function judgeCommands(text: string): Verdict | undefined {
  if (!/sshpass|mysql|docker|curl|redis-cli/.test(text)) return undefined;
  for (const [, value = ''] of text.slice(0, 65_536).matchAll(argument)) {
    if (/^[$%@<{[(&*-]/.test(value) || /[(){}]/.test(value) || isMarkedPlaceholder(value)) continue;
    const kind = guess(value, '');
    if (kind === 'stand-in' || (!kind && !looksRandom(value) && !/[0-9]/.test(value))) continue;
    return { what: 'password in a command', confidence: kind ? 'weak' : 'likely', evidence: 'text' };
  }
  return undefined;
}
