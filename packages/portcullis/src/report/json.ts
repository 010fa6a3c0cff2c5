import type { Report } from '../contract/index.ts';

// JSON.stringify escapes C0 only; C1 controls, DEL and bidirectional controls would still act on a terminal.
const terminalControls = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON that is also harmless when shown on a terminal; the parsed value is the same. Ends with a line break. */
export function stringify(value: unknown): string {
  return `${escaped(JSON.stringify(value, null, 2))}\n`;
}

function escaped(json: string): string {
  return json.replace(terminalControls, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** From this many projects on nobody reads the report line by line: each project and finding is then one line. */
const MANY = 50;

/**
 * The report as it is, piece by piece; described by schema/report.schema.json. The same report gives the same bytes, and up to 50
 * projects they are those of `JSON.stringify(report, null, 2)` with harmless escapes.
 */
export function* renderJson({ version, projects, findings, errors }: Report): Generator<string> {
  yield `{\n  "version": ${version},\n  "projects": `;
  const spread = projects.length < MANY;
  yield* list(projects, spread);
  yield ',\n  "findings": ';
  yield* list(findings, spread);
  yield ',\n  "errors": ';
  yield* list(errors, spread);
  yield '\n}\n';
}

function* list(items: Iterable<unknown>, spread: boolean): Generator<string> {
  let before = '[\n    ';
  for (const item of items) {
    yield before + escaped(spread ? JSON.stringify(item, null, 2).replaceAll('\n', '\n    ') : JSON.stringify(item));
    before = ',\n    ';
  }
  yield before.startsWith('[') ? '[]' : '\n  ]';
}
