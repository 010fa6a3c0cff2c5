import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as yamlParse } from 'yaml';
import { at, entry, InputError, locate, type Node, SourceFile } from '../../project/index.ts';
import { parseDocument } from './index.ts';

const file = (text: string, path = 'serverless.yml') => new SourceFile(path, text);
const parse = (text: string, path?: string, problems: InputError[] = []) => parseDocument(file(text, path), problems);

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  if (node.kind === 'map') return Object.fromEntries(node.entries.map((item) => [item.key, plain(item.value)]));
  return `<${node.kind}>`;
}

function code(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  return undefined;
}

describe('values', () => {
  it.each([
    ['a: 1\nb: "2"\nc: [x, ~, true]', { a: 1, b: '2', c: ['x', null, true] }],
    ['Version: 2012-10-17', { Version: '2012-10-17' }],
    ['account: 012345678901', { account: '012345678901' }],
    ['big: 123456789012345678901234', { big: '123456789012345678901234' }],
    ['base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3', { base: { x: 1, y: 2 }, use: { x: 1, y: 3 } }],
    ['use:\n  <<: [{x: 1}, {x: 2, z: 3}]', { use: { x: 1, z: 3 } }],
    ['list: &l [1]\nagain: *l', { list: [1], again: [1] }],
    ['200: ok\n~: none', { 200: 'ok', '~': 'none' }],
    ['{"a": [1, {"b": null}]}', { a: [1, { b: null }] }],
    ['{a: [1, {b: x}]}', { a: [1, { b: 'x' }] }],
    ['a: [!!str 1, !!int "1", !!float 1, !!null x, !!bool "true"]', { a: ['1', 1, 1, 'x', true] }],
    [
      'a: [0x1F, 0o17, 1e3, -1.5, +2, .5, 1., .inf, 1_000, 1:30, v1, 1.2.3, +]',
      { a: [31, 15, 1000, -1.5, 2, 0.5, 1, Number.POSITIVE_INFINITY, '1_000', '1:30', 'v1', '1.2.3', '+'] },
    ],
    ['a: [yes, no, on, True, NULL, "true", \'1\']', { a: ['yes', 'no', 'on', true, null, 'true', '1'] }],
    ['a: |\n  1\nb: >-\n  true', { a: '1\n', b: 'true' }],
    ['', null],
    ['# nothing\n', null],
    ['a:\n  -\n  - 1', { a: [null, 1] }],
  ])('%j', (text, expected) => {
    expect(plain(parse(text))).toEqual(expected);
  });

  it.each([
    ['a: !Ref Table', { a: { Ref: 'Table' } }],
    ['a: !GetAtt Table.Arn', { a: { 'Fn::GetAtt': ['Table', 'Arn'] } }],
    ['a: !GetAtt Stack.Outputs.Name', { a: { 'Fn::GetAtt': ['Stack', 'Outputs.Name'] } }],
    ['a: !GetAtt [Table, Arn]', { a: { 'Fn::GetAtt': ['Table', 'Arn'] } }],
    ["a: !Sub 'x-${Y}'", { a: { 'Fn::Sub': 'x-${Y}' } }],
    ['a: !If [Prod, !Ref X, !Ref AWS::NoValue]', { a: { 'Fn::If': ['Prod', { Ref: 'X' }, { Ref: 'AWS::NoValue' }] } }],
    ['a: !Condition Prod', { a: { Condition: 'Prod' } }],
    ['a: !Mine x', { a: '<unknown>' }],
  ])('short intrinsic %s', (text, expected) => {
    expect(plain(parse(text))).toEqual(expected);
  });
});

describe('places', () => {
  it('are those of the value, the key and the tag', () => {
    const root = parse('a:\n  b: !Ref X\n  c: "text"\n');
    expect(locate(at(root, 'a', 'b')?.span ?? root.span)).toMatchObject({ line: 2, column: 6 });
    expect(locate(at(root, 'a', 'c')?.span ?? root.span)).toMatchObject({ line: 3, column: 6, endColumn: 12 });
    expect(locate(entry(at(root, 'a'), 'c')?.keySpan ?? root.span)).toMatchObject({ line: 3, column: 3, endColumn: 4 });
  });

  it('count UTF-16 units from 1 and know CRLF', () => {
    const root = parse('{"é😀": 1,\r\n "b": 2}', 'x.json');
    expect(locate(at(root, 'é😀')?.span ?? root.span)).toMatchObject({ line: 1, column: 9 });
    expect(locate(at(root, 'b')?.span ?? root.span)).toMatchObject({ line: 2, column: 7 });
  });
});

describe('what is refused', () => {
  const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]}`)}]`),
  ].join('\n');
  it.each([
    ['broken YAML', 'a: [1, 2\nb: }', 'serverless.yml', 'SYNTAX'],
    ['tab indentation', 'a:\n\t- b: c\n\t  d: e', 'serverless.yml', 'SYNTAX'],
    ['broken JSON', '{"a": 1,}', 'x.json', 'SYNTAX'],
    ['cut JSON', '{"a": [1', 'x.json', 'SYNTAX'],
    ['text behind JSON', '{"a": 1} b', 'x.json', 'SYNTAX'],
    ['a map as key', '{{ name }}: x', 'serverless.yml', 'SYNTAX'],
    ['several documents', 'a: 1\n---\nb: 2', 'serverless.yml', 'SYNTAX'],
    ['unknown alias', 'a: *b', 'serverless.yml', 'SYNTAX'],
    ['alias inside its anchor', 'a: &a [*a]', 'serverless.yml', 'SYNTAX'],
    ['deep JSON', nested('[', ']', 100_000), 'x.json', 'TOO_DEEP'],
    ['deep flow YAML', `a: ${nested('[', ']', 3000)}`, 'serverless.yml', 'TOO_DEEP'],
    ['alias bomb', bomb, 'serverless.yml', 'ALIAS_BOMB'],
  ])('%s', (_name, text, path, expected) => {
    expect(code(() => parse(text, path))).toBe(expected);
  });

  it('a repeated key is a problem, the last value counts', () => {
    for (const text of ['a: 1\nb: 2\na: 3', '{"a":1,"b":2,"a":3}']) {
      const problems: InputError[] = [];
      expect(plain(parse(text, 'x.yml', problems))).toEqual({ a: 3, b: 2 });
      expect(problems.map((problem) => problem.code)).toEqual(['SYNTAX']);
    }
  });

  it('messages do not quote the source', () => {
    for (const text of [
      'password: "hunter2hunter2\nb: [',
      'a: hunter2hunter2: b: c',
      'a: *hunter2hunter2 x',
      'a: b\nhunter2hunter2',
      '%hunter2hunter2\na: b',
      'a: "\\qhunter2hunter2"',
    ]) {
      try {
        parse(text);
      } catch (error) {
        if (text.includes('*hunter2')) continue; // an anchor's name is no secret
        expect((error as InputError).message).not.toContain('hunter2hunter2');
      }
    }
  });
});

describe('properties', () => {
  it('JSON reads as JSON.parse does, and every span holds its value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        if (!/^\s*[[{]/.test(text)) return;
        const root = parse(text, 'x.json');
        expect(plain(root)).toEqual(JSON.parse(text));
        const visit = (node: Node) => {
          if (node.kind === 'scalar')
            expect(JSON.parse(text.slice(node.span.start, node.span.end))).toEqual(node.value);
          if (node.kind === 'list') node.items.forEach(visit);
          if (node.kind === 'map') for (const item of node.entries) visit(item.value);
        };
        visit(root);
      }),
      { numRuns: 300 },
    );
  });

  it('arbitrary text is read or refused with a place inside the file', () => {
    const pieces = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '&x',
      '*x',
      '!Ref ',
      '!',
      '|',
      '>',
      '#',
      '%',
      '---',
      '\t',
      '<<: ',
      ',',
      '?',
      '\0',
      '😀',
      '${',
      '0x',
      '~',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        fc.constantFrom('x.yml', 'x.json'),
        (text, path) => {
          try {
            const root = parse(text, path);
            const visit = (node: Node) => {
              expect(node.span.start).toBeGreaterThanOrEqual(0);
              expect(node.span.end).toBeLessThanOrEqual(text.length);
              expect(node.span.end).toBeGreaterThanOrEqual(node.span.start);
              if (node.kind === 'list') node.items.forEach(visit);
              if (node.kind === 'map') for (const item of node.entries) visit(item.value);
            };
            visit(root);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
            const { span } = (error as InputError).details;
            expect(span === undefined || (span.start >= 0 && span.end <= text.length)).toBe(true);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('as the parser reads it by itself', () => {
  it('every plain scalar has the value of the core schema', () => {
    const pieces = fc.constantFrom(
      '0',
      '1',
      '7',
      '9',
      'x',
      'o',
      'e',
      'E',
      '+',
      '-',
      '.',
      'true',
      'null',
      '~',
      'inf',
      'NaN',
      '_',
      'a',
      'F',
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
        (text) => {
          if (text === '-' || text === '?') return; // indicators, not scalars
          const expected: unknown = yamlParse(`[${text}]`, { logLevel: 'silent' });
          const [value] = (plain(parse(`a: [${text}]`)) as { a: unknown[] }).a;
          const [wanted] = expected as unknown[];
          // Leading zeros and integers past 2^53 stay as they are written.
          if (
            /^0\d/.test(text) ||
            (typeof wanted === 'number' && Number.isInteger(wanted) && !Number.isSafeInteger(wanted))
          )
            return;
          expect(value).toEqual(wanted);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
