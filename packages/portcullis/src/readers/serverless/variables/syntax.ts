import type { Scalar } from '../../../project/index.ts';

/** A text with variables in it: literal pieces (escapes removed) and variables, in their order. Never empty. */
export type Template = readonly (string | Variable)[];

export interface Variable {
  /** Offsets in the text that was parsed; `end` is behind the closing brace. */
  readonly start: number;
  readonly end: number;
  /** First choice, then its fallbacks. Never empty. */
  readonly sources: readonly Source[];
}

type Source = LiteralSource | CallSource;

interface LiteralSource {
  readonly kind: 'literal';
  readonly value: Scalar;
}

/** `type(params):address`. */
export interface CallSource {
  readonly kind: 'call';
  readonly type: string;
  readonly params: readonly Argument[];
  readonly address: Template | undefined;
  /** As written, without fallbacks: safe to show. */
  readonly raw: string;
  readonly rawAddress: string;
}

type Argument = { readonly literal: Scalar } | { readonly template: Template };

/** The text is not a variable that the framework could read. `offset` is in the text that was parsed. */
export class VariableSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const MAX_NESTING = 40;
const typeStart = /[a-z]/;
const typeRest = /[a-zA-Z0-9.-]/;

/**
 * Finds the variables of a text as the framework does: `${type:...}` and `${type(...)...}` are variables; `${AWS::Region}`, `${Name}` and
 * everything else without a source is left as it is; `\${` stands for a literal `${`, `\\${` for a backslash before a variable.
 * Undefined when nothing is to be replaced. Throws VariableSyntaxError.
 */
export function parseVariables(text: string): Template | undefined {
  return text.includes('${') ? new Parser(text).template() : undefined;
}

class Parser {
  readonly #text: string;
  #at = 0;
  #nesting = 0;

  constructor(text: string) {
    this.#text = text;
  }

  template(): Template | undefined {
    const pieces: (string | Variable)[] = [];
    let literalFrom = 0;
    let changed = false;
    for (let dollar = this.#text.indexOf('${'); dollar !== -1; dollar = this.#text.indexOf('${', this.#at)) {
      let start = dollar;
      while (start > literalFrom && this.#text[start - 1] === '$') start -= 1; // `$${x:y}` is replaced with both dollars
      let slashes = 0;
      while (start - slashes > literalFrom && this.#text[start - slashes - 1] === '\\') slashes += 1;
      if (slashes > 0) {
        changed = true;
        pieces.push(this.#text.slice(literalFrom, start - slashes) + '\\'.repeat(slashes >> 1));
        literalFrom = start;
      }
      this.#at = dollar + 2;
      if (slashes % 2 === 1) continue;
      const variable = this.#variable(start, false);
      if (!variable) continue;
      changed = true;
      if (start > literalFrom) pieces.push(this.#text.slice(literalFrom, start));
      pieces.push(variable);
      literalFrom = variable.end;
    }
    if (!changed) return undefined;
    if (literalFrom < this.#text.length) pieces.push(this.#text.slice(literalFrom));
    return pieces;
  }

  /** Behind `${`. Undefined, with the position unchanged, when it is no variable; inside another variable that is an error. */
  #variable(start: number, inside: boolean): Variable | undefined {
    const after = this.#at;
    const type = this.#type();
    const next = this.#text[this.#at];
    const foreign = type === undefined || (next !== ':' && next !== '(') || (next === ':' && this.#doubleColon());
    if (foreign) {
      if (inside) throw new VariableSyntaxError('a variable inside a variable names no source', start);
      this.#at = after;
      return undefined;
    }
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING)
      throw new VariableSyntaxError(`variables nest more than ${MAX_NESTING} levels`, start);
    const sources: Source[] = [this.#call(type, after, start)];
    for (;;) {
      this.#spaces();
      const char = this.#text[this.#at];
      if (char === '}') break;
      if (char !== ',') throw this.#unexpected(start);
      this.#at += 1;
      sources.push(this.#fallback(start));
    }
    this.#at += 1;
    this.#nesting -= 1;
    return { start, end: this.#at, sources };
  }

  #type(): string | undefined {
    const from = this.#at;
    if (!typeStart.test(this.#text[from] ?? '')) return undefined;
    while (typeRest.test(this.#text[this.#at] ?? '')) this.#at += 1;
    return this.#text.slice(from, this.#at);
  }

  /** `${aws::x}` is CloudFormation's. */
  #doubleColon(): boolean {
    let at = this.#at + 1;
    while (this.#text[at] === ' ') at += 1;
    return this.#text[at] === ':';
  }

  #fallback(start: number): Source {
    this.#spaces();
    const from = this.#at;
    const char = this.#text[from];
    if (char === '"' || char === "'") return { kind: 'literal', value: this.#quoted(start) };
    while (typeRest.test(this.#text[this.#at] ?? '')) this.#at += 1;
    const word = this.#text.slice(from, this.#at);
    const next = this.#text[this.#at];
    if (typeStart.test(word) && (next === ':' || next === '(')) return this.#call(word, from, start);
    this.#spaces();
    const end = this.#text[this.#at];
    const value = literal(word);
    if (word === '' || value === undefined || (end !== '}' && end !== ',')) {
      if (end === undefined) throw new VariableSyntaxError('a variable is not closed', start);
      throw new VariableSyntaxError(
        'a fallback of a variable is neither a source nor a text in quotes, a number, true, false or null',
        from,
      );
    }
    return { kind: 'literal', value };
  }

  /** At the `:` or `(` behind the type. */
  #call(type: string, from: number, start: number): CallSource {
    const params = this.#text[this.#at] === '(' ? this.#params(start) : [];
    this.#spaces();
    let address: Template | undefined;
    let addressFrom = this.#at;
    if (this.#text[this.#at] === ':') {
      this.#at += 1;
      addressFrom = this.#at;
      address = this.#address(start);
    }
    const written = (since: number) => this.#text.slice(since, this.#at).trim();
    return { kind: 'call', type, params, address, raw: written(from), rawAddress: written(addressFrom) };
  }

  #params(start: number): Argument[] {
    const params: Argument[] = [];
    this.#at += 1;
    for (;;) {
      this.#spaces();
      const char = this.#text[this.#at];
      if (char === '"' || char === "'") params.push({ literal: this.#quoted(start) });
      else if (char !== ')' && char !== ',') {
        const from = this.#at;
        const template = this.#until(start, ')', ',');
        const raw = this.#text.slice(from, this.#at).trim();
        params.push(
          template.every((piece) => typeof piece === 'string') ? { literal: literal(raw) ?? raw } : { template },
        );
      } else if (char === ',') params.push({ literal: null });
      this.#spaces();
      const end = this.#text[this.#at];
      if (end !== ')' && end !== ',') throw this.#unexpected(start);
      this.#at += 1;
      if (end === ')') return params;
    }
  }

  #address(start: number): Template | undefined {
    this.#spaces();
    const char = this.#text[this.#at];
    if (char === '}' || char === ',') return undefined;
    if (char === '"' || char === "'") return [this.#quoted(start)];
    return this.#until(start, '}', ',');
  }

  /** Text with nested variables up to one of the two ends, outer spaces removed. */
  #until(start: number, endA: string, endB: string): Template {
    const pieces: (string | Variable)[] = [];
    let literalFrom = this.#at;
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || (char === '}' && endA !== '}')) throw this.#unexpected(start);
      if (char === endA || char === endB) break;
      if (char === '$' && this.#text[this.#at + 1] === '{') {
        const from = this.#at;
        this.#at += 2;
        const variable = this.#variable(from, true);
        if (variable) {
          if (from > literalFrom) pieces.push(this.#text.slice(literalFrom, from));
          pieces.push(variable);
          literalFrom = this.#at;
        }
      } else this.#at += 1;
    }
    if (this.#at > literalFrom || pieces.length === 0) pieces.push(this.#text.slice(literalFrom, this.#at));
    return trimmed(pieces);
  }

  #quoted(start: number): string {
    const quote = this.#text[this.#at];
    const from = this.#at;
    this.#at += 1;
    for (; ; this.#at += 1) {
      const char = this.#text[this.#at];
      if (char === undefined) throw new VariableSyntaxError('a text in quotes inside a variable is not closed', from);
      if (char === '\\' && quote === '"') this.#at += 1;
      else if (char === quote) break;
    }
    this.#at += 1;
    const text = this.#text.slice(from, this.#at);
    if (quote === "'") return text.slice(1, -1);
    try {
      return String(JSON.parse(text));
    } catch {
      throw new VariableSyntaxError('a text in double quotes inside a variable is not valid JSON', start);
    }
  }

  #spaces(): void {
    for (let char = this.#text[this.#at]; char === ' ' || char === '\n' || char === '\t'; char = this.#text[this.#at])
      this.#at += 1;
  }

  #unexpected(start: number): VariableSyntaxError {
    return this.#at >= this.#text.length
      ? new VariableSyntaxError('a variable is not closed', start)
      : new VariableSyntaxError('a variable cannot be read', start);
  }
}

function literal(word: string): Scalar | undefined {
  if (word === 'true') return true;
  if (word === 'false') return false;
  if (word === 'null') return null;
  return word !== '' && !Number.isNaN(Number(word)) ? Number(word) : undefined;
}

function trimmed(pieces: (string | Variable)[]): Template {
  const [first] = pieces;
  if (typeof first === 'string') pieces[0] = first.trimStart();
  const last = pieces.at(-1);
  if (typeof last === 'string') pieces[pieces.length - 1] = last.trimEnd();
  return pieces.length > 1 ? pieces.filter((piece) => piece !== '') : pieces;
}
