import type { Location, SourceFile } from '../project/index.ts';
import type { Paint, Screen } from './colour.ts';
import type { Redactor } from './redact.ts';
import { columnsOf, printable } from './text.ts';

export interface FrameOptions {
  readonly screen: Screen;
  readonly paint: Paint;
  readonly redactor: Redactor;
  /** Lines shown around the first line of the location. */
  readonly before: number;
  readonly after: number;
}

/** A line as it is shown, and where the marked part stands in it. */
interface Shown {
  readonly text: string;
  /** Columns from 0; the end is exclusive and larger than the start. */
  readonly from: number;
  readonly to: number;
}

/**
 * The lines around a location with numbers and a caret under the place; secrets replaced by the mask, long lines cut around the
 * place. Empty when the location does not lie in the file.
 */
export function frame(file: SourceFile, location: Location, options: FrameOptions): string[] {
  const { screen, paint, redactor, before, after } = options;
  const target = file.line(location.line);
  if (!target || location.line < 1) return [];
  const numbers: number[] = [];
  for (let number = Math.max(1, location.line - before); number <= location.line + after; number += 1)
    if (file.line(number)) numbers.push(number);
  while (numbers.length > 1 && isBlank(file, numbers.at(-1)) && numbers.at(-1) !== location.line) numbers.pop();
  while (numbers.length > 1 && isBlank(file, numbers[0]) && numbers[0] !== location.line) numbers.shift();

  const digits = String(numbers.at(-1)).length;
  const bar = screen.unicode ? '│' : '|';
  const room = Math.max(20, screen.width - digits - 6);
  const lines: string[] = [];
  for (const number of numbers) {
    const line = file.line(number);
    if (!line) continue;
    const marked = number === location.line;
    const start = marked ? location.column - 1 : 0;
    const end = !marked ? 0 : location.endLine === location.line ? location.endColumn - 1 : line.text.length;
    const shown = showLine(file, line, start, end, room, redactor, screen.unicode);
    const label = String(number).padStart(digits);
    lines.push(
      `${marked ? paint.red('>') : ' '} ${paint.dim(`${label} ${bar}`)} ${marked ? shown.text : paint.dim(shown.text)}`.trimEnd(),
    );
    if (marked)
      lines.push(
        `  ${' '.repeat(digits)} ${paint.dim(bar)} ${' '.repeat(shown.from)}${paint.red('^'.repeat(shown.to - shown.from))}`,
      );
  }
  return lines;
}

function isBlank(file: SourceFile, number: number | undefined): boolean {
  return number === undefined || file.line(number)?.text.trim() === '';
}

function showLine(
  file: SourceFile,
  line: { readonly text: string; readonly start: number },
  start: number,
  end: number,
  room: number,
  redactor: Redactor,
  unicode: boolean,
): Shown {
  const { text } = line;
  const more = unicode ? '…' : '...';
  // Cut around the marked part; what is never shown is never looked at, so that a file of one long line costs no more than others.
  const whole = text.length <= room;
  const first = whole || start < room - 10 ? 0 : start - Math.floor(room / 3);
  const last = whole ? text.length : Math.min(text.length, first + room - 2 * more.length);
  const indent = text.length - text.trimStart().length;
  const hidden = redactor.hidden(file, line.start + Math.max(first, indent), line.start + last);

  let shown = first > 0 ? more : '';
  let columns = shown.length;
  let from: number | undefined;
  let to = 0;
  let next = 0;
  for (let at = first; at < last; ) {
    const range = hidden[next];
    const inHidden = range !== undefined && at >= range.start - line.start;
    const width = inHidden ? range.end - line.start - at : (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    const piece = inHidden ? redactor.mask : text[at] === '\t' ? '  ' : printable(text.slice(at, at + width));
    if (inHidden) next += 1;
    const wide = columnsOf(piece);
    if (from === undefined && start < at + width) from = columns;
    if (at < end) to = columns + wide;
    shown += piece;
    columns += wide;
    at += width;
  }
  if (last < text.length) shown += more;
  const caret = Math.min(from ?? columns, columns);
  return { text: shown, from: caret, to: Math.max(caret + 1, Math.min(to, Math.max(columns, caret + 1))) };
}
