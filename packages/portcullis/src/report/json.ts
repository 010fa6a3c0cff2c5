import type { Report } from '../contract/index.ts';

// JSON.stringify escapes C0 only; C1 controls, DEL and bidirectional controls would still act on a terminal.
const terminalControls = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON that is also harmless when shown on a terminal; the parsed value is the same. Ends with a line break. */
export function stringify(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    terminalControls,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}

/** The report as it is; described by schema/report.schema.json. The same report gives the same bytes. */
export function renderJson(report: Report): string {
  return stringify(report);
}
