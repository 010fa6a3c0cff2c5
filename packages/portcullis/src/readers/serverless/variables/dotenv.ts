/** Longest value after expansion; past it the variables of the file multiply each other. */
const MAX_LENGTH = 65_536;

/**
 * The variables of a `.env` file as dotenv and dotenv-expand read them: `KEY=value`, optionally after `export`, in one of three kinds of
 * quotes, with comments; `$OTHER` and `${OTHER:-default}` stand for variables of the process or of lines before.
 */
export function readDotenv(text: string, process: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const values = new Map<string, string>();
  const source = text.replace(/\r\n?/g, '\n');
  for (let at = 0; at < source.length; ) {
    const lineEnd = endOfLine(source, at);
    const head = /^\s*(?:export\s+)?([\w.-]+)(?:\s*=|:\s)/.exec(source.slice(at, lineEnd));
    if (!head) {
      at = lineEnd + 1;
      continue;
    }
    const { value, end } = readValue(source, at + head[0].length);
    values.set(
      head[1] ?? '',
      expand(value, (name) => process[name] || values.get(name)),
    );
    at = endOfLine(source, end) + 1;
  }
  return values;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function readValue(text: string, from: number): { value: string; end: number } {
  let start = from;
  while (text[start] === ' ' || text[start] === '\t') start += 1;
  const quote = text[start];
  if (quote === '"' || quote === "'" || quote === '`') {
    let end = start + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === '\\' && text[end + 1] === quote ? 2 : 1;
    if (end < text.length) {
      const inner = text.slice(start + 1, end);
      return { value: quote === '"' ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner, end: end + 1 };
    }
  }
  const end = endOfLine(text, start);
  const line = text.slice(start, end);
  const comment = line.indexOf('#');
  return { value: (comment === -1 ? line : line.slice(0, comment)).trim(), end };
}

const reference = /\\\$|\$\{([^{}\n]{1,200})\}|\$([A-Za-z_][A-Za-z0-9_]{0,199})/g;

function expand(value: string, lookUp: (name: string) => string | undefined): string {
  if (!value.includes('$')) return value;
  let length = value.length;
  return value.replace(reference, (whole, braced?: string, plain?: string) => {
    if (whole === '\\$') return '$';
    const [, name = '', operator = '', alternative = ''] =
      /^([^:+-]*)(:\+|\+|:-|-)?([\s\S]*)$/.exec(braced ?? plain ?? '') ?? [];
    const found = lookUp(name);
    const result = operator.endsWith('+') ? (found ? alternative : '') : found || alternative;
    length += result.length;
    return length > MAX_LENGTH ? '' : result;
  });
}
