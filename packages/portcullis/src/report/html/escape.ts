import { printable } from '../text.ts';

/** Text of the user as HTML text or attribute value in double quotes; control and reordering characters become visible. */
export function escape(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** As `escape`, for text of several lines that stays so (`pre`). */
export function escapeLines(lines: readonly string[]): string {
  return lines.map(escape).join('\n');
}
