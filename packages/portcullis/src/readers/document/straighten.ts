// YAML 1.2 wants the lines of a bracketed or quoted value further in than its key. The parsers that deploy (js-yaml in the framework,
// SnakeYAML in CloudFormation) do not look at indentation there, and people close policies in JSON at the left margin.

/**
 * The text with every bracketed or quoted value on one line: line breaks, tabs and comments inside it become spaces, so that every
 * position stays what it was. Undefined when nothing changes, or a bracket or quote is never closed. Takes linear time.
 */
export function straighten(text: string): string | undefined {
  const scanner = new Scanner(text);
  const spaces = scanner.scan();
  if (!spaces || spaces.length === 0) return undefined;
  let result = '';
  let from = 0;
  for (const [start, end] of spaces) {
    result += text.slice(from, start) + ' '.repeat(end - start);
    from = end;
  }
  return result + text.slice(from);
}

type Range = readonly [start: number, end: number];

const startsOfValue = /(?:[-?][ \t]+|[!&][^\s,[\]{}]*[ \t]+)*/y;
const blockScalar = /[|>][-+0-9]*[ \t]*(?:#.*)?$/my;
/** The end of a plain key, or of the line's content. */
const endOfPlain = /:(?=[ \t\r\n]|$)|[ \t]#|$/gm;

class Scanner {
  readonly #text: string;
  readonly #spaces: Range[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Ranges that become spaces, in their order. */
  scan(): readonly Range[] | undefined {
    const text = this.#text;
    let at = 0;
    while (at < text.length) {
      const indent = this.#indentAt(at);
      const next = this.#line(at + indent);
      if (next === undefined) return undefined;
      at = next.isBlock ? this.#behindBlock(this.#nextLine(next.at), indent) : this.#nextLine(next.at);
    }
    return this.#spaces;
  }

  #indentAt(at: number): number {
    let end = at;
    while (this.#text[end] === ' ') end += 1;
    return end - at;
  }

  #nextLine(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end === -1 ? this.#text.length : end + 1;
  }

  /** Keys and values of one line of block style, with the bracketed and quoted values that begin on it. */
  #line(start: number): { readonly at: number; readonly isBlock: boolean } | undefined {
    const text = this.#text;
    let at = start;
    for (;;) {
      at = skip(startsOfValue, text, at);
      const character = text[at];
      if (character === undefined || character === '\n' || character === '\r' || character === '#')
        return { at, isBlock: false };
      if (character === '|' || character === '>') {
        blockScalar.lastIndex = at;
        if (blockScalar.test(text)) return { at, isBlock: true };
      }
      const isQuote = character === '"' || character === "'";
      if (isQuote || character === '{' || character === '[') {
        const end = isQuote ? this.#quoted(at) : this.#flow(at);
        if (end === undefined) return undefined;
        at = end;
      }
      endOfPlain.lastIndex = at;
      const match = endOfPlain.exec(text);
      if (match?.[0] !== ':') return { at: match ? match.index : text.length, isBlock: false };
      at = match.index + 1;
      while (text[at] === ' ' || text[at] === '\t') at += 1;
    }
  }

  /** The first line that belongs to the text after `|` or `>` no more. */
  #behindBlock(start: number, indent: number): number {
    let at = start;
    while (at < this.#text.length) {
      const own = this.#indentAt(at);
      const first = this.#text[at + own];
      if (own <= indent && first !== '\n' && first !== '\r') return at;
      at = this.#nextLine(at);
    }
    return at;
  }

  #quoted(start: number): number | undefined {
    const text = this.#text;
    const quote = text[start];
    for (let at = start + 1; at < text.length; at += 1) {
      const character = text[at];
      if (character === '\n' || character === '\r') this.#spaces.push([at, at + 1]);
      else if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) {
        if (quote === "'" && text[at + 1] === "'") at += 1;
        else return at + 1;
      }
    }
    return undefined;
  }

  #flow(start: number): number | undefined {
    const text = this.#text;
    let depth = 0;
    for (let at = start; at < text.length; at += 1) {
      const character = text[at] ?? '';
      const before = text[at - 1] ?? '';
      if (character === '{' || character === '[') depth += 1;
      else if (character === '}' || character === ']') {
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (character === '\n' || character === '\r' || character === '\t') this.#spaces.push([at, at + 1]);
      else if (character === '#' && ' \t\n\r,[{'.includes(before)) {
        const end = text.indexOf('\n', at);
        if (end === -1) return undefined;
        this.#spaces.push([at, end]);
        at = end - 1;
      } else if ((character === '"' || character === "'") && ' \t\n\r,[{:'.includes(before)) {
        const end = this.#quoted(at);
        if (end === undefined) return undefined;
        at = end - 1;
      }
    }
    return undefined;
  }
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
