import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceFile } from '../project/index.ts';
import { createPaint } from './colour.ts';
import { type FrameOptions, frame } from './frame.ts';
import { createRedactor } from './redact.ts';

const plain: FrameOptions = {
  screen: { colour: false, unicode: true, width: 80 },
  paint: createPaint(false),
  redactor: createRedactor(),
  before: 1,
  after: 1,
};

function framed(text: string, marked: string, options: Partial<FrameOptions> = {}): string {
  const file = new SourceFile('f.yml', text);
  const start = text.indexOf(marked);
  const from = file.position(start);
  const to = file.position(start + marked.length);
  const location = { file: 'f.yml', line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  return frame(file, location, { ...plain, ...options }).join('\n');
}

describe('frame', () => {
  it('shows the line, its neighbours and a caret', () => {
    expect(framed('a: 1\nb: two\nc: 3\nd: 4\n', 'two')).toBe(
      ['  1 │ a: 1', '> 2 │ b: two', '    │    ^^^', '  3 │ c: 3'].join('\n'),
    );
  });

  it('leaves out blank lines at the edges and marks only the first line of several', () => {
    expect(framed('\nb:\n  c: 1\n\n', 'b:\n  c: 1')).toBe(['> 2 │ b:', '    │ ^^', '  3 │   c: 1'].join('\n'));
  });

  it('falls back to ASCII', () => {
    expect(framed('a: 1\n', '1', { screen: { ...plain.screen, unicode: false } })).toBe('> 1 | a: 1\n    |    ^');
  });

  it('puts the caret under the place behind tabs, wide and escaped characters', () => {
    expect(framed('\t日\x1b: x\n', 'x')).toBe(`> 1 │   日\\x1b: x\n    │ ${' '.repeat(10)}^`);
  });

  it('cuts a long line around the place', () => {
    const text = `{"a":"${'x'.repeat(500_000)}","needle":1,"b":"${'y'.repeat(500_000)}"}`;
    const shown = framed(text, '"needle"');
    expect(shown.split('\n').every((line) => line.length <= 80)).toBe(true);
    const [line = '', caret = ''] = shown.split('\n');
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('"needle"');
    expect(line).toMatch(/│ …x+.*y+…$/);
  });

  it('is empty for a place outside the file', () => {
    const file = new SourceFile('f.yml', 'a: 1\n');
    expect(frame(file, { file: 'f.yml', line: 9, column: 1, endLine: 9, endColumn: 2 }, plain)).toEqual([]);
  });

  it('masks a secret, keeps its key, and moves the caret with it', () => {
    const text = 'PASSWORD: "hunter2-hunter2"  # x\nOTHER: hunter2-hunter2\n';
    const file = new SourceFile('f.yml', text);
    const redactor = createRedactor([{ file, start: 10, end: 27 }]);
    expect(framed(text, '# x', { redactor })).toBe(
      ['> 1 │ PASSWORD: [secret]  # x', `    │ ${' '.repeat(20)}^^^`, '  2 │ OTHER: [secret]'].join('\n'),
    );
  });

  it('masks every line of a secret of several lines', () => {
    const text = 'KEY: |\n  -----BEGIN\n  abcdefgh\n  -----END\nNEXT: 1\n';
    const file = new SourceFile('f.yml', text);
    const redactor = createRedactor([{ file, start: 5, end: text.indexOf('NEXT') }]);
    expect(framed(text, 'KEY', { redactor, after: 4 })).toBe(
      [
        '> 1 │ KEY: [secret]',
        '    │ ^^^',
        '  2 │   [secret]',
        '  3 │   [secret]',
        '  4 │   [secret]',
        '  5 │ NEXT: 1',
      ].join('\n'),
    );
  });

  it('keeps every caret under some column of its line, for any document and place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(300), fc.nat(300), (text, a, b) => {
        const file = new SourceFile('f', text);
        const from = file.position(Math.min(a, b));
        const to = file.position(Math.max(a, b));
        const lines = frame(
          file,
          { file: 'f', line: from.line, column: from.column, endLine: to.line, endColumn: to.column },
          plain,
        );
        expect(lines.filter((line) => /│ *\^+$/.test(line)).length).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
