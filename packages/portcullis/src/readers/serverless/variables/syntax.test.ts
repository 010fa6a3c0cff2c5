import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVariables, type Template, type Variable, VariableSyntaxError } from './syntax.ts';

/** The framework's own parser; what it finds in a text is the truth that ours is held to. */
const parseAsFramework = createRequire(import.meta.url)('osls/lib/configuration/variables/parse.js') as (
  text: string,
) => FrameworkVariable[] | null;

interface FrameworkVariable {
  start?: number;
  end?: number;
  value?: unknown;
  sources?: FrameworkSource[];
}
interface FrameworkSource {
  type?: string;
  value?: unknown;
  params?: FrameworkText[];
  address?: FrameworkText;
}
interface FrameworkText {
  value: unknown;
  variables?: FrameworkVariable[];
}

/** Both trees in one form: literal texts with escapes done, and `[sources]` for variables. */
type Plain = (string | readonly unknown[])[];

function plainOfFramework(text: string, variables: readonly FrameworkVariable[] | null | undefined): Plain {
  const plain: Plain = [];
  let from = 0;
  for (const { start = 0, end = text.length, value, sources } of variables ?? []) {
    plain.push(text.slice(from, start));
    plain.push(sources ? sources.map(plainSource) : String(value));
    from = end;
  }
  plain.push(text.slice(from));
  return joined(plain);
}

function plainSource(source: FrameworkSource): unknown {
  if (source.type === undefined) return { literal: source.value };
  return {
    type: source.type,
    params: (source.params ?? []).map((param) =>
      param.variables ? plainOfFramework(String(param.value), param.variables) : param.value,
    ),
    address: source.address ? plainOfFramework(String(source.address.value ?? ''), source.address.variables) : [],
  };
}

function plainOf(template: Template): Plain {
  return joined(template.map((piece) => (typeof piece === 'string' ? piece : piece.sources.map(plainOwn))));
}

function plainOwn(source: Variable['sources'][number]): unknown {
  if (source.kind === 'literal') return { literal: source.value };
  return {
    type: source.type,
    params: source.params.map((param) => ('literal' in param ? param.literal : plainOf(param.template))),
    address: source.address ? plainOf(source.address) : [],
  };
}

function joined(pieces: Plain): Plain {
  const result: Plain = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') result[result.length - 1] = last + piece;
    else if (piece !== '') result.push(piece);
  }
  return result;
}

function own(text: string): Plain | 'refused' {
  try {
    const template = parseVariables(text);
    return template ? plainOf(template) : joined([text]);
  } catch (error) {
    if (error instanceof VariableSyntaxError) return 'refused';
    throw error;
  }
}

function framework(text: string): Plain | 'refused' {
  try {
    return plainOfFramework(text, parseAsFramework(text));
  } catch {
    return 'refused';
  }
}

const asFramework = [
  'plain text',
  '${self:custom.a}',
  '${self:}',
  'pre-${self:a}-mid-${opt:b}-post',
  "${opt:stage, self:provider.stage, 'dev'}",
  "${opt:stage,'dev'}",
  '${opt:stage, "d\\u0065v"}',
  '${opt:memory, 1024}',
  '${opt:a, true}${opt:a, false}${opt:a, null}${opt:a, -1.5}',
  "${env:A, ''}",
  '${self:custom.${self:provider.stage}.x}',
  '${self:custom.${opt:stage, self:provider.stage}.${env:B}}',
  '${file(./x.yml)}',
  '${file(./x.yml):a.b, file(./y.json):c}',
  "${file('./with, comma.yml'):a}",
  '${file(./config.${opt:stage, "dev"}.json):a}',
  '${strToBool(${self:custom.flag})}',
  '${strToBool(true)}',
  '${ssm:/path/to/x}',
  '${ssm(us-east-1, raw):/path}',
  '${cf.us-east-1:stack.Out}',
  '${ssm:/path~true}',
  '${AWS::Region}',
  'arn:aws:s3:::${Bucket}/${AWS::AccountId}-${self:service}',
  '${bucket}',
  '${aws::region}',
  '${some_name:x}',
  '${ self:a }',
  '${AWS::Region${self:a}}',
  '\\${self:a}',
  '\\\\${self:a}',
  '\\\\\\${self:a} ${self:b}',
  '$${self:a}',
  '${self:a',
  '${self:custom.',
  '${self:a, b}',
  '${self:a, }',
  "${self:a, 'open}",
  '${self:custom.${stage}}',
  '${file(a.yml}',
  '${}',
  '${',
  '$ { self:a }',
  '${self:a}}',
  '{"a": "${self:a}"}',
  '${sls:instanceId}${param:x, "y"}',
];

describe('parseVariables', () => {
  it.each(asFramework)('reads %s as the framework does', (text) => {
    expect(own(text)).toEqual(framework(text));
  });

  it.each([
    ['${opt:a, cf.eu-west-1:stack.Out}', 'a region in a fallback, as v1 and v2 wrote it'],
    ["${opt:a, 'b', 'c'}", 'a fallback behind a literal, which v1 and v2 let stand'],
    ['${opt:a,\n  self:b}', 'a line break between sources'],
  ])('reads %s: %s', (text) => {
    expect(own(text)).not.toBe('refused');
    expect(framework(text)).toBe('refused');
  });

  // No backslash: the framework ignores one inside `${Name ...}`, which nobody can mean.
  const token = fc.constantFrom(
    ...[
      '${',
      '}',
      'self:',
      'opt:',
      'file(',
      ')',
      ':',
      ',',
      ' ',
      'a',
      'B',
      '.',
      "'x'",
      '"y"',
      '$',
      '{',
      '1',
      'true',
      'AWS::R',
      '/',
    ],
  );

  it('finds in random texts what the framework finds, and refuses nothing that the framework takes', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const text = tokens.join('');
        // The framework reads a dollar sign without a brace inside an address in ways of its own; nobody can mean them.
        if (/\$(?!\{)/.test(text)) return;
        const expected = framework(text);
        if (expected === 'refused') return;
        compared += 1;
        expect(own(text)).toEqual(expected);
      }),
      { numRuns: 4000 },
    );
    expect(compared).toBeGreaterThan(1000);
  });

  it('refuses variables nested past all reason instead of running out of stack', () => {
    expect(own('${self:'.repeat(100_000))).toBe('refused');
  });

  it.each([
    ['${', 'text'],
    ['${a', 'text'],
    ['${a:', 'refused'],
    ['\\', 'text'],
    ['$', 'text'],
    ['${a:"', 'refused'],
    ['${self:a, ', 'refused'],
  ])('takes linear time on %s repeated', (piece, expected) => {
    const found = own(piece.repeat(200_000));
    expect(found === 'refused' ? found : found.length === 1 ? 'text' : 'pieces').toBe(expected);
  });
});
