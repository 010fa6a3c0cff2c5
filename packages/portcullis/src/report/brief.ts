import type { Finding, ReportError } from '../contract/index.ts';

/** Longer words are names, paths and values of the user, not ours. */
const longestWord = 200;
const longestText = 2000;

/**
 * A sentence that stays readable whatever names are in it: a word of more than 200 characters is cut in its middle, the whole after
 * 2,000. Only for texts whose secrets are masked already; half a secret is not found any more.
 */
export function brief(text: string): string {
  if (text.length <= longestWord) return text;
  const words = text.replace(/\S{201,}/g, (word) => `${head(word, 150)}…${tail(word, 49)}`);
  return words.length <= longestText ? words : `${head(words, longestText - 1)}…`;
}

/** Without half of a surrogate pair at the cut. */
function head(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

function tail(text: string, length: number): string {
  return text.slice(-length).replace(/^[\udc00-\udfff]/, '');
}

/** The sentences of a finding made brief. Ids, places and names in the inventory stay whole: tools look for them. */
export function briefFinding(finding: Finding): Finding {
  const { message, path, question, fix, related, suppressed } = finding;
  return {
    ...finding,
    message: brief(message),
    ...(path ? { path: path.map(brief) } : {}),
    ...(question === undefined ? {} : { question: brief(question) }),
    ...(fix === undefined ? {} : { fix: briefLines(fix) }),
    ...(suppressed ? { suppressed: { ...suppressed, reason: brief(suppressed.reason) } } : {}),
    ...(related ? { related: related.map((other) => ({ ...other, message: brief(other.message) })) } : {}),
  };
}

/** A snippet has as many lines as it needs. Most are shared by all findings of a rule and must stay the same text in memory. */
function briefLines(text: string): string {
  return hasLongLine(text) ? text.split('\n').map(brief).join('\n') : text;
}

/** Cheaper than a regular expression, and asked once for each finding. */
function hasLongLine(text: string): boolean {
  for (let start = 0; text.length - start > longestWord; ) {
    const end = text.indexOf('\n', start);
    if (end === -1 || end - start > longestWord) return true;
    start = end + 1;
  }
  return false;
}

export function briefError(error: ReportError): ReportError {
  return { ...error, message: brief(error.message), next: brief(error.next) };
}
