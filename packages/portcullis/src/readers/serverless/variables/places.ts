import type { Span } from '../../../project/index.ts';

/** The span in the file of a part of a scalar's text; the whole scalar when quotes, escapes or folding hide where the part stands. */
export type Place = (start: number, end: number) => Span;

export function placesIn(span: Span, text: string): Place {
  const { file } = span;
  let written: string | undefined;
  return (start, end) => {
    if (end <= start || end > text.length) return span;
    written ??= file.text.slice(span.start, span.end);
    // Plain and quoted scalars shift the text by the same distance everywhere unless there are escapes in it.
    const shift = written.length - text.length >= 2 && /^["']/.test(written) ? 1 : 0;
    const part = text.slice(start, end);
    if (written.startsWith(part, start + shift)) {
      return { file, start: span.start + start + shift, end: span.start + end + shift };
    }
    const first = written.indexOf(part);
    if (first === -1 || written.includes(part, first + 1)) return span;
    return { file, start: span.start + first, end: span.start + first + part.length };
  };
}
