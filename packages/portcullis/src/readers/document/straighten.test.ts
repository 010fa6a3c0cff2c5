import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Node, SourceFile } from '../../project/index.ts';
import { parseDocument } from './index.ts';
import { straighten } from './straighten.ts';

function plain(node: Node): unknown {
  if (node.kind === 'map') return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
  if (node.kind === 'list') return node.items.map(plain);
  return node.kind === 'scalar' ? node.value : node.kind;
}

const read = (text: string) => parseDocument(new SourceFile('f.yml', text));

describe('values whose lines are not indented', () => {
  it.each<[string, string, unknown]>([
    ['a list at the column of its key', 'a:\n  b: [ "",\n  [\n    x\n  ]]\n', { a: { b: ['', ['x']] } }],
    ['a map that is closed at the margin', 'a:\n  b: {\n    c: 1\n}\nd: 2\n', { a: { b: { c: 1 } }, d: 2 }],
    ['a list item', '- !Sub [\n"${X}",\n{ X: 1 }\n]\n', [{ 'Fn::Sub': ['${X}', { X: 1 }] }]],
    ['tabs', 'a: {\n\tb: 1,\n\tc: [\n\t\t2\n\t]\n}\n', { a: { b: 1, c: [2] } }],
    ['comments', 'a: [ # one ] "\n1,# two\n2\n]\n', { a: [1, 2] }],
    ['a quoted text', "a:\n  b: \"x\ny\"\nc: 'it''s\nz'\n", { a: { b: 'x y' }, c: "it's z" }],
    ['quotes and brackets in texts', 'a: [ "]\\"", \'}\',\nx"y ]\n', { a: [']"', '}', 'x"y'] }],
    ['beside a block text', 'a: |\n  {\n  "\nb: {\nc: 1\n}\n', { a: '{\n"\n', b: { c: 1 } }],
    ['beside plain texts', "a: it's {x\nb: [\n1\n]\n", { a: "it's {x", b: [1] }],
  ])('%s', (_name, text, expected) => {
    expect(plain(read(text))).toEqual(expected);
  });

  it('keeps every position', () => {
    const root = read('a:\n  b: {\n    c: deep\n}\n');
    const c =
      root.kind === 'map' && root.entries[0]?.value.kind === 'map'
        ? root.entries[0].value.entries[0]?.value
        : undefined;
    const value = c?.kind === 'map' ? c.entries[0]?.value : undefined;
    expect(value?.span.file.text.slice(value.span.start, value.span.end)).toBe('deep');
  });

  it.each(['a: [1\n', 'a: "x\nb: 1\n', 'a: }\n', 'a: [\n1\n]]\nb: {\n'])('what is broken stays so: %j', (text) => {
    expect(() => read(text)).toThrow(/YAML is broken/);
  });
});

describe('straighten', () => {
  it('changes nothing but white space and comments, and no length', () => {
    const pieces = fc.array(
      fc.constantFrom('a: ', '- ', '{', '}', '[', ']', '"', "'", '\n', '  ', '\t', '#', ',', 'x', '|', '\\', '&b '),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        const result = straighten(text);
        if (result === undefined) return;
        expect(result).toHaveLength(text.length);
        for (const [index, character] of [...result].entries())
          if (character !== ' ') expect(character).toBe(text[index]);
      }),
    );
  });
});
