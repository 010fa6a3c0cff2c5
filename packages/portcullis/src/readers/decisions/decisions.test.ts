import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceFile } from '../../project/index.ts';
import { yamlComments } from './comments.ts';
import { isDay, readComment } from './grammar.ts';
import { findDecisions } from './index.ts';

const words = (comment: string) => {
  const said = readComment(comment);
  return said && 'words' in said ? said.words : undefined;
};
const problem = (comment: string) => {
  const said = readComment(comment);
  return said && 'refusal' in said ? said.refusal.problem : undefined;
};

describe('a decision in a comment', () => {
  it.each<[string, object]>([
    [
      'portcullis: public because webhooks are signed',
      { kind: 'public', rules: [], reason: 'webhooks are signed', until: undefined },
    ],
    [
      ' portcullis : public until 2027-01-31 because of the fair ',
      { kind: 'public', rules: [], reason: 'of the fair', until: '2027-01-31' },
    ],
    [
      'Portcullis: Public Because partners, until we have tokens',
      { kind: 'public', rules: [], reason: 'partners, until we have tokens', until: undefined },
    ],
    [
      'portcullis: allow firewall/a,  b until 2028-02-29 because of c',
      { kind: 'allow', rules: ['firewall/a', 'b'], reason: 'of c', until: '2028-02-29' },
    ],
    [
      'portcullis: public because это намеренно',
      { kind: 'public', rules: [], reason: 'это намеренно', until: undefined },
    ],
    [
      'portcullis: public because it is there because of us',
      { kind: 'public', rules: [], reason: 'it is there because of us', until: undefined },
    ],
  ])('%s', (comment, expected) => {
    expect(words(comment)).toEqual(expected);
  });

  it.each<[string, RegExp]>([
    ['portcullis:', /says nothing/],
    ['portcullis: ignore because it is fine', /neither/],
    ['portcullis: public', /no reason/],
    ['portcullis: public until 2027-01-31', /no reason/],
    ['portcullis: public because', /reason is no reason/],
    ['portcullis: public because ...', /reason is no reason/],
    ['portcullis: public because 12 34', /reason is no reason/],
    ['portcullis: public until tomorrow because of the fair', /no day/],
    ['portcullis: public until 2027-02-30 because of the fair', /no day/],
    ['portcullis: public until 2027-1-31 because of the fair', /no day/],
    ['portcullis: public until ２０２７-01-31 because of the fair', /no day/],
    ['portcullis: public until 2027-01-31 or so because of the fair', /no day/],
    ['portcullis: public untіl 2027-01-31 because of the fair', /no meaning/], // a Cyrillic i
    ['portcullis: public for all because of the fair', /no meaning/],
    ['portcullis: allow because of the fair', /names no rule/],
    ['portcullis: allow * because of the fair', /no wildcards/],
    ['portcullis: allow secrets/* because of the fair', /no wildcards/],
    ['portcullis: allow a b because of the fair', /no rule/],
    ['portcullis: allow ../x because of the fair', /no rule/],
    [
      `portcullis: allow ${Array.from({ length: 21 }, (_, index) => `r${index}`).join(',')} because of the fair`,
      /more than 20/,
    ],
    ['portcullis allow x because of the fair', /no colon/],
    ['portcullis-ignore x', /no colon/],
  ])('%s is refused', (comment, expected) => {
    expect(words(comment)).toBeUndefined();
    expect(problem(comment)).toMatch(expected);
  });

  it.each(['portcullis checks this', 'see portcullis: public', 'public because I say so', ''])(
    '%s is something else',
    (comment) => {
      expect(readComment(comment)).toBeUndefined();
    },
  );

  it('never holds without a reason, and only until a day of the calendar', () => {
    const piece = fc.constantFrom(
      'public',
      'allow',
      'until',
      'because',
      'a/b',
      '*',
      '2027-01-31',
      '2027-99-31',
      ',',
      'reason',
      '\u0000',
      '"',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        const found = words(`portcullis: ${pieces.join(' ')}`);
        if (!found) return;
        expect(found.reason.match(/\p{L}/gu)?.length).toBeGreaterThanOrEqual(3);
        expect(found.rules.every((rule) => /^[a-z0-9][a-z0-9/-]*$/.test(rule))).toBe(true);
        expect(found.rules.length > 0).toBe(found.kind === 'allow');
        expect(found.until === undefined || isDay(found.until)).toBe(true);
      }),
    );
  });

  it('takes linear time', () => {
    const long = `portcullis: allow ${'a '.repeat(200_000)}`;
    expect(problem(long)).toMatch(/no reason/);
    expect(problem(`portcullis: public because ${' '.repeat(400_000)}`)).toMatch(/no reason/);
  });
});

describe('comments of YAML', () => {
  it.each<[string, string, readonly string[]]>([
    ['lines and ends of lines', '# a\nb: c # d\n  # e\n', [' a', ' d', ' e']],
    ['quotes', 'a: "# b" # c\nd: \'# e\' # f\n', [' c', ' f']],
    ['quotes over lines', 'a: "x\n  # y\n  z" # b\n', [' b']],
    ['block scalars', 'a: | # b\n  # c\n  d\n# e\n', [' b', ' e']],
    ['flow collections', 'a: [b, # c\n  d] # e\n', [' c', ' e']],
    ['plain scalars with #', 'a: b#c\nd: e #f\n', ['f']],
    ['documents', '---\n# a\nb: c\n...\n', [' a']],
    ['a byte order mark and marks of the lexer in texts', '\ufeffa: "\u001f" # b\nc: \u0002 # d\n', [' b', ' d']],
  ])('%s', (_name, text, expected) => {
    const comments = yamlComments(text);
    expect(comments.map((comment) => comment.text)).toEqual(expected);
    for (const { start, end, text: inner } of comments) expect(text.slice(start, end)).toBe(`#${inner}`);
  });

  it('are where they are said to be, whatever the text', () => {
    const part = fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '"',
      "'",
      '|',
      '>',
      '[',
      ']',
      '{',
      '}',
      ',',
      '# x',
      ' # y',
      '&b ',
      '*b',
      '\t',
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        (text) => {
          for (const { start } of yamlComments(text)) expect(text[start]).toBe('#');
        },
      ),
    );
  });
});

const decisionsIn = (path: string, text: string) => {
  const found = findDecisions([new SourceFile(path, text)]);
  const line = (at: { file: SourceFile; start: number }) => at.file.position(at.start).line;
  return {
    made: (found?.made ?? []).map(({ kind, covers, place }) => `${kind} ${line(covers)} ${place}`),
    refused: (found?.refused ?? []).map(({ problem: what, span }) => `${line(span)} ${what}`),
  };
};

const program = (...lines: readonly string[]) =>
  ['import x from "y";', 'const service = {', ...lines, '};', 'export default service;', ''].join('\n');

describe('a program', () => {
  it.each<[string, string, readonly string[], number]>([
    [
      'at the end of a line',
      program('  events: [', "    { http: 'GET /a' }, // portcullis: public because it is", '  ],'),
      ['public 4 events'],
      0,
    ],
    [
      'above',
      program('  events: [', '    // portcullis: public because it is', "    { http: 'GET /a' },", '  ],'),
      ['public 5 events'],
      0,
    ],
    [
      'in a block',
      program('  events: [', '    /* portcullis: public because it is */', "    { http: 'GET /a' },", '  ],'),
      ['public 5 events'],
      0,
    ],
    [
      'in a block of lines',
      program('  /**', '   * portcullis: allow no-throttle because it is', '   */', '  a: 1,'),
      ['allow 6 a'],
      0,
    ],
    [
      'the first line of an event',
      program(
        '  events: [{',
        '    http: {',
        '      // portcullis: public because it is',
        "      path: '/a',",
        '    },',
        '  }],',
      ),
      ['public 4 events.http'],
      0,
    ],
    [
      'a function',
      program('  // portcullis: public because it is', "  work: { handler: 'a.b', events: [{ http: 'GET /a' }] },"),
      ['public 4 work'],
      0,
    ],
    ['inside a text', program("  a: '// portcullis: public because it is',"), [], 0],
    ['inside a template', program('  a: `\n// portcullis: public because it is\n`,'), [], 0],
    ['inside a regular expression', program('  a: /"\\/\\/ portcullis: public because it is/,'), [], 0],
    [
      'the end of an object, before another',
      program('  a: { b: 1,', '    // portcullis: allow no-throttle because it is', '  },', "  c: { http: 'GET /a' },"),
      [],
      1,
    ],
    ['the top', `// portcullis: allow no-throttle because it is\n\n${program()}`, ['allow 1 '], 0],
    ['public at the top', `// portcullis: public because it is\n\n${program()}`, [], 1],
    ['all events', program('  // portcullis: public because it is', "  events: [{ http: 'GET /a' }],"), [], 1],
    ['an unfinished program', '// portcullis: public because it is\nconst a = {{{', [], 0],
  ])('%s', (_name, text, made, refused) => {
    const found = decisionsIn('serverless.ts', text);
    expect(found.made).toEqual(made);
    expect(found.refused.length).toBe(refused);
  });
});

describe('an OpenAPI document', () => {
  const document = (operation: readonly string[]) =>
    [
      'openapi: 3.0.1',
      'paths:',
      '  /a:',
      '    get:',
      ...operation.map((line) => `      ${line}`),
      '      responses: {}',
      '    post:',
      '      responses: {}',
      '',
    ].join('\n');

  it.each<[string, string, readonly string[], number]>([
    [
      'x-portcullis of an operation',
      document(['x-portcullis: { public: { because: it is } }']),
      ['public 4 paths./a.get'],
      0,
    ],
    ['a reason alone', document(['x-portcullis: { public: it is }']), ['public 4 paths./a.get'], 0],
    [
      'a comment',
      document([]).replace('get:', 'get: # portcullis: public because it is'),
      ['public 4 paths./a.get'],
      0,
    ],
    ['allow', document(['x-portcullis:', '  allow: [{ rule: "a, b", because: it is }]']), ['allow 4 paths./a.get'], 0],
    ['a path', document([]).replace('/a:', '/a: # portcullis: public because it is'), [], 1],
    ['no reason', document(['x-portcullis: { public: true }']), [], 1],
    ['a list', document(['x-portcullis: [public]']), [], 1],
    ['a rule that is no text', document(['x-portcullis: { allow: [{ rule: [a], because: it is }] }']), [], 1],
    ['a text in the place of the list', document(['x-portcullis: { allow: all }']), [], 1],
  ])('%s', (_name, text, made, refused) => {
    const found = decisionsIn('api.yml', text);
    expect(found.made).toEqual(made);
    expect(found.refused.length).toBe(refused);
  });
});

describe('the search', () => {
  it('finds nothing where the word is not, and never throws', () => {
    expect(findDecisions([new SourceFile('a.yml', 'a: # public because it is\n')])).toBeUndefined();
    expect(findDecisions([new SourceFile('a.yml', 'portcullis: [')])).toBeUndefined();
    expect(findDecisions([new SourceFile('a.json', '{"Portcullis": ')])).toBeUndefined();
    expect(findDecisions([new SourceFile('README', 'portcullis\u0000')])).toBeUndefined();
  });

  it('reads no text in quotes, however its lines are indented', () => {
    const text = 'a: "x\n# portcullis: allow a because it is\nz"\nb: 1 # portcullis: allow c because it is\n';
    expect(decisionsIn('a.yml', text)).toEqual({ made: ['allow 4 b'], refused: [] });
  });

  it('does not follow aliases and merge keys to where they stand for something else', () => {
    const text = [
      'x: &x # portcullis: allow a because it is',
      '  b: 1',
      'y: *x # portcullis: allow a because it is',
      'z: # portcullis: allow a because it is',
      '  <<: *x',
      '',
    ].join('\n');
    expect(decisionsIn('a.yml', text).made).toEqual(['allow 1 x', 'allow 3 y', 'allow 4 z']);
  });
});
