import { looksRandom } from './entropy.ts';
import { classifyName } from './key-names.ts';
import { guess, isMarkedPlaceholder } from './placeholders.ts';
import { isReference, withoutHoles } from './shapes.ts';
import type { JudgeContext, Verdict } from './verdict.ts';

const localHosts =
  /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|[a-z0-9-]{1,40}\.local|example\.(?:com|org|net))(?::|$)/i;

/** Query parameters whose value opens something. */
const queryNames =
  /^(?:access_?token|auth_?token|token|api_?key|key|apikey|secret|client_?secret|sig|signature|code|password|passwd|pwd|auth|x-amz-signature|x-amz-security-token|subscription-key)$/i;

/** Credentials inside URLs: `scheme://user:password@host`, `?token=...`. Looks at every URL in the text. */
export function judgeAddresses(text: string, context: JudgeContext): Verdict | undefined {
  let at = text.indexOf('://');
  for (let count = 0; at !== -1 && count < 200; count += 1) {
    const rest = text.slice(at + 3, at + 3 + 2048);
    const stop = rest.search(/[\s"'`<>]/);
    const body = stop === -1 ? rest : rest.slice(0, stop);
    const verdict = judgeUserInfo(body, context) ?? judgeQuery(body);
    if (verdict) return verdict;
    at = text.indexOf('://', at + 3 + Math.max(1, body.length));
  }
  return undefined;
}

function judgeUserInfo(body: string, context: JudgeContext): Verdict | undefined {
  const plain = withoutHoles(body);
  const authority = plain.slice(0, firstOf(plain, '/?#'));
  // A password may hold a slash, although it should not: look for the @ further on when user and colon are there.
  const at = authority.includes('@') ? authority.lastIndexOf('@') : authority.includes(':') ? slashedAt(plain) : -1;
  if (at <= 0) return undefined;
  const colon = plain.indexOf(':');
  const host = plain.slice(at + 1);
  if (colon === -1 || colon > at) {
    const user = plain.slice(0, at);
    // Only a user name: Sentry's public keys look so, tokens for git hosts too.
    return /^(?:www\.)?(?:github|gitlab|bitbucket)\./.test(host) && looksRandom(user) && user.length >= 20
      ? { what: 'token in a URL', confidence: 'certain', evidence: 'address' }
      : undefined;
  }
  const user = plain.slice(0, colon);
  const password = plain.slice(colon + 1, at);
  if (password === '' || (/^\d{1,5}$/.test(password) && !user)) return undefined;
  return judgePasswordInAddress(password, user, host, context);
}

function slashedAt(plain: string): number {
  const at = plain.lastIndexOf('@', 256);
  return at > 0 && /^[^/:@]{0,64}:[^@]{3,128}$/.test(plain.slice(0, at)) && !/^[^:]*:\d{1,5}\//.test(plain) ? at : -1;
}

function judgePasswordInAddress(
  password: string,
  user: string,
  host: string,
  context: JudgeContext,
): Verdict | undefined {
  const literal = password.replaceAll('\uFFFC', '');
  if (literal.length < 3 || (password.includes('\uFFFC') && literal.length < 6)) return undefined;
  if (isReference(password) || isMarkedPlaceholder(password) || /^[$%@]/.test(password)) return undefined;
  const what = 'password in a URL';
  if (looksRandom(password)) return { what, confidence: 'certain', evidence: 'address' };
  const kind = guess(password, user);
  if (localHosts.test(host))
    return kind || context.deployed === false ? undefined : { what, confidence: 'weak', evidence: 'address' };
  if (kind === 'stand-in' && !context.deployed) return undefined;
  if (kind) return { what, confidence: 'weak', evidence: 'address' };
  return { what, confidence: 'certain', evidence: 'address' };
}

function judgeQuery(body: string): Verdict | undefined {
  const mark = body.indexOf('?');
  if (mark === -1) return undefined;
  for (const pair of body.slice(mark + 1).split(/[&#]/, 40)) {
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const name = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    if (!queryNames.test(name) || withoutHoles(value) !== value || isMarkedPlaceholder(value)) continue;
    if (/^pass|^pwd/i.test(name) && value.length >= 4 && !guess(value, name)) {
      return { what: 'password in a URL', confidence: 'likely', evidence: 'address' };
    }
    if (value.length < 12) continue;
    if (looksRandom(value.replaceAll(/%[0-9A-Fa-f]{2}/g, '')))
      return { what: 'token in a URL', confidence: 'likely', evidence: 'address' };
  }
  return undefined;
}

function firstOf(text: string, characters: string): number {
  for (let index = 0; index < text.length; index += 1) if (characters.includes(text.charAt(index))) return index;
  return text.length;
}

const assignment =
  /(--)?([A-Za-z][\w.-]{1,63})(\\?["'])?\]?(?:\s{0,4}(?:[=:]|=>)\s{0,4}|(?=\s)(?<=--[\w.-]{2,64})\s{1,4})(\\?["'])?([^\s"'`;&,\\]{3,512})/g;

/**
 * Secrets assigned inside a text: connection strings (`Password=...;`), libpq strings, JSON in a string, shell commands, lines
 * of an `.env` block. Values without quotes must look chosen, because code reads values with the same signs.
 */
export function judgeAssignments(text: string, context: JudgeContext): Verdict | undefined {
  if (!/[=:]|--/.test(text)) return undefined;
  for (const match of text.slice(0, 262_144).matchAll(assignment)) {
    const [, , name = '', quoteAfterName, quote, value = ''] = match;
    const verdict = classifyName(name);
    if (!verdict || verdict.strength === 'weak') continue;
    const plain = withoutHoles(value);
    if (plain.includes('\uFFFC') || /^[$%@<{[(&*]/.test(value) || isMarkedPlaceholder(value)) continue;
    const random = looksRandom(value);
    if (
      /[(){}[\]<>]|=>|\$\.|^(?:event|context|process|this|self|os|env|params|req|request|config|await|new|null|true|false|string|required)\b/i.test(
        value,
      ) &&
      !(random && quote)
    )
      continue;
    const chosen = /[0-9]/.test(value) && /[A-Za-z]/.test(value) && !/^[\w]+\.[\w.]+$/.test(value);
    const { what } = verdict;
    if (random) return { what, confidence: 'likely', evidence: 'text' };
    if (verdict.class !== 'password' && verdict.strength !== 'strong') continue;
    if (!quote && !quoteAfterName && !chosen && !isConnectionString(text)) continue;
    const kind = guess(value, name);
    if (kind === 'stand-in' && !context.deployed) continue;
    if (kind) return { what, confidence: 'weak', evidence: 'text' };
    if (/^[/.~]/.test(value)) continue;
    return { what, confidence: 'likely', evidence: 'text' };
  }
  return undefined;
}

/** `Server=...;Database=...;Password=...` and `host=... user=... password=...`. */
function isConnectionString(text: string): boolean {
  return (
    text.length < 1024 &&
    /(?:^|[;\s])(?:server|data source|host|addr|address|endpoint|dbname|database|initial catalog|accountname|defaultendpointsprotocol)=/i.test(
      text,
    ) &&
    /[;\s][\w ]{2,40}=/.test(text)
  );
}
