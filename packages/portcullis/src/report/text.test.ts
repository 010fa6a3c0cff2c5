import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, count, hang, printable, printableLines, wrap } from './text.ts';

describe('printable', () => {
  it.each([
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['a\r\nb\nc\td', 'a b c d'],
    ['bell\x07 csi\x9b1m', 'bell\\x07 csi\\x9b1m'],
    ['right-to-left \u202e', 'right-to-left \\u202e'],
    ['half \ud800 pair', 'half \\ud800 pair'],
    ['größe 🚪 /orders/{id}', 'größe 🚪 /orders/{id}'],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves nothing that moves a cursor, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = [printable(text), ...printableLines(text)].join('');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be left
        expect(shown).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('wrap', () => {
  it('breaks at spaces and keeps long words whole', () => {
    expect(wrap('one two three-is-very-long four', 10)).toEqual(['one two', 'three-is-very-long', 'four']);
    expect(hang('  path: ', 'a -> b -> cccccccccccccccc', 24)).toEqual([
      '  path: a -> b ->',
      '        cccccccccccccccc',
    ]);
  });

  it('loses no word', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (text, width) => {
        expect(wrap(text, width).join(' ').replace(/ +/g, ' ').trim()).toBe(text.replace(/ +/g, ' ').trim());
      }),
    );
  });
});

it('counts columns as a terminal does', () => {
  expect([columnsOf('abc'), columnsOf('日本'), columnsOf('e\u0301'), columnsOf('🚪')]).toEqual([3, 4, 1, 2]);
});

it('counts things', () => {
  expect([count(0, 'error'), count(1, 'error'), count(1200, 'route')]).toEqual(['0 errors', '1 error', '1,200 routes']);
});
