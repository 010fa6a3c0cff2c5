import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain, readTemplate } from '../../../test/support/template.ts';
import { get, type Node } from '../../project/index.ts';

const head = `
Parameters:
  Stage: { Type: String }
  Size: { Type: Number, Default: 3 }
  Names: { Type: CommaDelimitedList, Default: "a, b" }
  Looked: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /orders/name }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  Sized: !Equals [!Ref Size, 3]
  IsNotProd: !Not [!Condition IsProd]
  Always: !Equals [a, a]
  Never: !And [!Condition Always, !Equals [a, b]]
  Loop: !Not [!Condition Loop]
Mappings:
  Rates:
    prod: { Rate: 10, Same: x }
    dev: { Rate: 20, Same: x }
Resources:
  Table: { Type: 'AWS::DynamoDB::Table' }
  Probe:
    Type: Custom::Probe
    Properties:
      Value: `;

function evaluated(value: string): Node | undefined {
  return get(readTemplate(head + value).resources.get('Probe')?.properties, 'Value');
}

describe('what an intrinsic is evaluated to', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['!Ref Table', '${Table}'],
    ['!GetAtt Table.Arn', '${Table.Arn}'],
    ['{ "Fn::GetAtt": "Table.Stream.Arn" }', '${Table.Stream.Arn}'],
    ['{ "Fn::GetAtt": [Table, Arn] }', '${Table.Arn}'],
    ['!Ref Missing', '${Missing}'],
    ['!Ref AWS::Region', '? AWS::Region'],
    ['!Ref Stage', '? is the parameter Stage, which is given when it is deployed'],
    ['!Ref Size', '3'],
    ['!Ref Names', '[a, b]'],
    ['!Ref Looked', '? comes from Parameter Store when it is deployed'],
    ['[a, !Ref AWS::NoValue, b]', '[a, b]'],
    ['{ a: !Ref AWS::NoValue, b: 1 }', '{b: 1}'],
    ['!Sub "arn:aws:s3:::${Table}-${AWS::Region}"', 'arn:aws:s3:::${Table}-${AWS::Region}'],
    ['!Sub "${!Literal} ${Size} ${Table.Arn}"', '${Literal} 3 ${Table.Arn}'],
    ['!Sub ["${Name}-x", { Name: !Ref Size }]', '3-x'],
    ['!Sub "${Table}"', '${Table}'],
    ['!Sub "open ${brace"', 'open ${brace'],
    ['!Join ["", [a, !Ref Table, b, c]]', 'a${Table}bc'],
    ['!Join [",", !Ref Names]', 'a,b'],
    ['!Join ["-", [a, !If [IsProd, b, !Ref "AWS::NoValue"]]]', 'IsProd(a-b | a)'],
    ['!Select [1, [a, b]]', 'b'],
    ['!Select ["1", !Split ["/", "x/y"]]', 'y'],
    ['!Select [5, !Split [":", !GetAtt Table.Arn]]', '${Table.Arn}'],
    ['!Select [1, !Split ["/", !Sub "${Table}/b-${Table}/c"]]', 'b-${Table}'],
    ['!Select [7, [a]]', '? is one of a list that is known when it is deployed'],
    ['!FindInMap [Rates, prod, Rate]', '10'],
    ['!FindInMap [Rates, !Ref Stage, Rate]', 'Fn::FindInMap Rates.${Stage}(10 | 20)'],
    ['!FindInMap [Rates, !Ref Stage, Same]', 'x'],
    ['!FindInMap [Rates, other, Rate]', '? is looked up in a mapping when it is deployed'],
    ['{ "Fn::FindInMap": [Rates, other, Rate, { DefaultValue: 7 }] }', '7'],
    ['!If [IsProd, a, b]', 'IsProd(a | b)'],
    ['!If [Always, a, b]', 'a'],
    ['!If [Never, a, b]', 'b'],
    ['!If [Sized, a, b]', 'Sized(a | b)'],
    ['!If [Loop, a, b]', 'Loop(a | b)'],
    ['!If [Undefined, a, b]', 'Undefined(a | b)'],
    ['!If [IsProd, !If [IsProd, a, b], !If [IsNotProd, c, d]]', 'IsProd(a | c)'],
    ['!Sub ["${A}${B}", { A: !If [IsProd, 1, 2], B: !If [IsProd, 3, 4] }]', 'IsProd(13 | 24)'],
    ['!ImportValue shared-api', '? is imported from another stack (shared-api)'],
    ['!Base64 text', 'text'],
    ['!Cidr [10.0.0.0/16, 2, 8]', '? is computed from an address range'],
    ['!Unheard [a]', '? carries the tag !Unheard, which is not read'],
    ['{ "Fn::Unheard": [a] }', '? uses Fn::Unheard, which is not read'],
    ['{ "Fn::Join": 3 }', '? holds Fn::Join in a form that CloudFormation does not know'],
    ['{ Ref: [a] }', '? holds Ref in a form that CloudFormation does not know'],
    ['{ "Fn::Length": [a, b] }', '2'],
    ['{ "Fn::ToJsonString": { a: !Ref Size } }', '{a: 3}'],
    ['{ "Fn::Transform": { Name: "AWS::Include" } }', '? is filled in by the macro AWS::Include'],
    ['{ Condition: { StringEquals: x } }', '{Condition: {StringEquals: x}}'],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect(plain(evaluated(text))).toBe(expected);
  });
});

describe('where a value came from', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['literal', []],
    ['!Ref Size', ['parameter Size']],
    ['!Sub "x${Size}"', ['parameter Size']],
    ['!FindInMap [Rates, prod, Rate]', ['mapping Rates.prod.Rate']],
    ['"{{resolve:ssm-secure:/orders/key:1}}"', ['dynamic-reference ssm-secure:/orders/key:1']],
    ['"a{{resolve:ssm:x}}b{{resolve:ssm:y}}"', ['dynamic-reference ssm:x', 'dynamic-reference ssm:y']],
    ['!Sub "{{resolve:secretsmanager:${Table}:SecretString:key}}"', ['dynamic-reference secretsmanager:']],
    ['!Join ["", ["{{resolve:secretsmanager:", x, "}}"]]', ['dynamic-reference secretsmanager:x']],
    ['"{{resolve:ssm:unfinished"', []],
  ];
  test.each(cases)('%s', (text, expected) => {
    expect((evaluated(text)?.from ?? []).map(({ source, address }) => `${source} ${address}`)).toEqual(expected);
  });
});

test('what holds no intrinsic is the very node of the document', () => {
  const project = readTemplate(`${head}{ a: [1, 2], b: { c: d } }`);
  const first = project.resources.get('Probe')?.properties;
  expect(first).toBe(project.resources.get('Probe')?.properties);
  expect(plain(first)).toBe('{Value: {a: [1, 2], b: {c: d}}}');
});

test('many conditions in one text do not multiply without end', () => {
  const names = Array.from({ length: 40 }, (_, index) => `C${index}`);
  const items = names.map((name) => `!If [${name}, a, b]`).join(', ');
  expect(plain(evaluated(`!Join ["", [${items}]]`))).toContain('depends on too many conditions');
});

test('no arrangement of intrinsics makes the reader throw', () => {
  const names = ['Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Join', 'Fn::Select', 'Fn::Split', 'Fn::If', 'Fn::FindInMap'];
  const words = ['Table', 'Stage', 'Names', 'IsProd', 'Rates', 'prod', ',', '${Table.Arn}', '{{resolve:ssm:a}}', ''];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom<unknown>(...words, 0, 1, null, true),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.tuple(fc.constantFrom(...names, 'Key'), tie('tree')).map(([name, value]) => ({ [name]: value })),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const template = `${head}${JSON.stringify(value)}`;
      const node = get(readTemplate(template).resources.get('Probe')?.properties, 'Value');
      if (node) expect(node.span.end).toBeLessThanOrEqual(node.span.file.text.length);
    }),
    { numRuns: 300 },
  );
});
