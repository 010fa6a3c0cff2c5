/** A file as it was read. Offsets everywhere in the model are UTF-16 indices into `text`. */
export class SourceFile {
  /** Path as shown to people: relative to the working directory where possible, always with `/`. */
  readonly path: string;
  readonly text: string;
  #lineStarts: number[] | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** Line and column of an offset, both counted from 1; columns are UTF-16 units. Offsets outside are clamped. */
  position(offset: number): { line: number; column: number } {
    const starts = this.#starts();
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  }

  /** The text of a line (counted from 1) without its line break, and the offset where it starts. */
  line(number: number): { text: string; start: number } | undefined {
    const starts = this.#starts();
    const start = starts[number - 1];
    if (start === undefined) return undefined;
    const next = starts[number];
    const end = next === undefined ? this.text.length : next - 1;
    return { text: this.text.slice(start, end).replace(/\r$/, ''), start };
  }

  #starts(): number[] {
    if (this.#lineStarts) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
    return starts;
  }
}

/** A half-open range of a file: the place where a person would edit the fact. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** A span resolved for reports. Lines and columns are counted from 1; the end is exclusive. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function locate(span: Span): Location {
  const from = span.file.position(span.start);
  const to = span.file.position(span.end);
  return { file: span.file.path, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
