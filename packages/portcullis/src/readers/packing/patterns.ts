/** More alternatives in braces than this are not looked at. */
const mostAlternatives = 64;

/**
 * Whether a pattern of the framework (micromatch with `dot`) matches a path. `*` stays within a folder, `**` does not. Undefined for
 * notations that are not read here: extended globs, nested braces.
 * @param path relative, with `/`
 */
export function patternMatches(pattern: string, path: string): boolean | undefined {
  if (pattern.length > 1_024 || /[()\\]/.test(pattern)) return undefined;
  const alternatives = expand(pattern.replace(/^(?:\.\/)+/, ''));
  if (!alternatives) return undefined;
  const pieces = path.split('/');
  return alternatives.some((alternative) => segmentsMatch(segmentsOf(alternative), pieces));
}

function expand(pattern: string): readonly string[] | undefined {
  let done = [''];
  let rest = pattern;
  while (rest !== '') {
    const open = rest.indexOf('{');
    if (open === -1) return done.map((start) => start + rest);
    const close = rest.indexOf('}', open);
    const inside = rest.slice(open + 1, close);
    if (close === -1 || inside.includes('{') || inside.includes('..')) return undefined;
    const before = rest.slice(0, open);
    done = done.flatMap((start) => inside.split(',').map((choice) => start + before + choice));
    if (done.length > mostAlternatives) return undefined;
    rest = rest.slice(close + 1);
  }
  return done;
}

/** `**.pem` alone means every folder; after `a*` a closing `**` asks for something below it. */
function segmentsOf(pattern: string): readonly string[] {
  const segments = pattern.replace(/^\*\*(?=[^/]+$)/, '**/*').split('/');
  let last = segments.length;
  while (last > 0 && segments[last - 1] === '**') last -= 1;
  const isGlob = last > 0 && last < segments.length && segments[last - 1]?.endsWith('*') === true;
  return isGlob ? [...segments.slice(0, last), '*', '**'] : segments;
}

/** Dynamic programming over the folders: time is the product of the two lengths. */
function segmentsMatch(pattern: readonly string[], path: readonly string[]): boolean {
  // reached[i]: the first i folders of the path are matched by what was looked at of the pattern.
  let reached: boolean[] = path.map(() => false);
  reached = [true, ...reached];
  for (const segment of pattern) {
    const next: boolean[] = reached.map(() => false);
    if (segment === '**') {
      let open = false;
      for (let at = 0; at < reached.length; at += 1) {
        open ||= reached[at] === true;
        next[at] = open;
      }
    } else {
      for (let at = 0; at < path.length; at += 1) {
        if (reached[at] === true && segmentMatches(segment, path[at] ?? '')) next[at + 1] = true;
      }
    }
    reached = next;
  }
  return reached.at(-1) === true;
}

/** `*`, `?` and `[...]` within one folder or file name. */
function segmentMatches(pattern: string, text: string): boolean {
  const tokens = tokensOf(pattern);
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (from < text.length) {
    const token = tokens[at];
    if (token === '*') {
      star = at;
      resume = from;
      at += 1;
    } else if (token !== undefined && isOne(token, text[from] ?? '')) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      from = resume;
    } else return false;
  }
  while (tokens[at] === '*') at += 1;
  return at === tokens.length;
}

function tokensOf(pattern: string): readonly string[] {
  const tokens: string[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const close = pattern[at] === '[' ? pattern.indexOf(']', at + 2) : -1;
    const token = close === -1 ? (pattern[at] ?? '') : pattern.slice(at, close + 1);
    if (token !== '*' || tokens.at(-1) !== '*') tokens.push(token);
    at += token.length - 1;
  }
  return tokens;
}

function isOne(token: string, char: string): boolean {
  if (token === '?') return true;
  if (token.length === 1) return token === char;
  const negated = token[1] === '^';
  const body = token.slice(negated ? 2 : 1, -1);
  let found = false;
  for (let at = 0; at < body.length; at += 1) {
    const low = body[at] ?? '';
    const isRange = body[at + 1] === '-' && at + 2 < body.length;
    const high = isRange ? (body[at + 2] ?? low) : low;
    if (char >= low && char <= high) found = true;
    if (isRange) at += 2;
  }
  return found !== negated;
}
