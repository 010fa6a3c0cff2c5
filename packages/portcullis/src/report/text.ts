// C0 and C1 controls, DEL, line separators, and the characters that reorder or hide text (bidirectional controls, zero-width ones).
// The last range is that of halves of a pair that stand alone: with the flag u no whole pair matches it, and \p{Cs} takes a table.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
  /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]/gu;

/** Printable ASCII, which is nearly every line. */
const plain = /^[ -~]*$/;

/**
 * Text of the user made safe for a terminal: what would move the cursor, change colours or reorder the line is shown as its
 * escape (`\x1b`, `\u202e`). Line breaks and tabs become spaces.
 */
export function printable(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(/\r\n|[\n\r\t]/g, ' ').replace(unprintable, escapeOf);
}

/** As `printable`, for text of several lines: line breaks stay, tabs become two spaces. */
export function printableLines(text: string): string[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line) => (plain.test(line) ? line : line.replaceAll('\t', '  ').replace(unprintable, escapeOf)));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const combining = /\p{Mn}|\p{Me}/u;

/** Columns that printable text takes on a terminal. */
export function columnsOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of plain ASCII
  if (/^[\x00-\x7f]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += combining.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Breaks text at spaces into lines of at most `width` columns; a word that is longer stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** Wraps with `first` before the first line and blanks of the same width before the others. */
export function hang(first: string, text: string, width: number): string[] {
  const indent = columnsOf(first);
  return wrap(text, Math.max(20, width - indent)).map(
    (line, index) => (index === 0 ? first : ' '.repeat(indent)) + line,
  );
}

export function count(number: number, noun: string): string {
  // Not toLocaleString: loading the tables of ICU for one comma costs 15 ms of a cold start.
  const digits = String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return `${digits} ${noun}${number === 1 ? '' : 's'}`;
}
