import { describe, expect, test } from 'vitest';
import { place, plain, readTemplate } from '../../../test/support/template.ts';

const resource = (name: string) =>
  `${name}: { Type: X, Properties: { Name: !Ref Id, Text: 'a-\${Id}', Sub: !Sub 'b-\${Id}' } }`;

describe('Fn::ForEach', () => {
  const cases: readonly (readonly [name: string, resources: string, ids: readonly string[], more?: string])[] = [
    ['over a list', "{ Fn::ForEach::L: [Id, [a, b], { 'R${Id}': { Type: X } }] }", ['Ra', 'Rb']],
    ['over nothing', "{ Fn::ForEach::L: [Id, [], { 'R${Id}': { Type: X } }] }", []],
    [
      'over a parameter',
      "{ Fn::ForEach::L: [Id, !Ref Names, { 'R${Id}': { Type: X } }] }",
      ['Rx', 'Ry'],
      "Parameters: { Names: { Type: CommaDelimitedList, Default: 'x, y' } }",
    ],
    [
      'over a parameter in a list',
      "{ Fn::ForEach::L: [Id, [a, !Ref Names], { 'R${Id}': { Type: X } }] }",
      ['Ra', 'Rx', 'Ry'],
      "Parameters: { Names: { Type: CommaDelimitedList, Default: 'x, y' } }",
    ],
    [
      'over a mapping',
      "{ Fn::ForEach::L: [Id, !FindInMap [M, k, v], { 'R${Id}': { Type: X } }] }",
      ['Rm'],
      'Mappings: { M: { k: { v: [m] } } }',
    ],
    [
      'with letters and digits only',
      "{ Fn::ForEach::L: [Id, [a-1, 10.0.0.1], { 'R&{Id}': { Type: X } }] }",
      ['Ra1', 'R10001'],
    ],
    [
      'beside resources',
      "{ A: { Type: X }, Fn::ForEach::L: [Id, [a], { 'R${Id}': { Type: X }, 'S${Id}': { Type: X } }], Z: { Type: X } }",
      ['A', 'Ra', 'Sa', 'Z'],
    ],
    [
      'in a loop',
      "{ Fn::ForEach::L: [Id, [a, b], { Fn::ForEach::K: [In, ['1', '2'], { 'R${Id}${In}': { Type: X } }] }] }",
      ['Ra1', 'Ra2', 'Rb1', 'Rb2'],
    ],
    [
      'in a loop over what the outer item has',
      "{ Fn::ForEach::L: [Id, [a, b], { Fn::ForEach::K: [In, !FindInMap [M, !Ref Id, v], { 'R${Id}${In}': { Type: X } }] }] }",
      ['Ra1', 'Rb2', 'Rb3'],
      "Mappings: { M: { a: { v: ['1'] }, b: { v: ['2', '3'] } } }",
    ],
  ];
  test.each(cases)('%s', (_, resources, ids, more) => {
    const project = readTemplate(`Transform: AWS::LanguageExtensions\n${more ?? ''}\nResources: ${resources}`);
    expect([...project.resources.keys()]).toEqual(ids);
    expect(project.unread).toEqual([]);
  });

  const stuck: readonly (readonly [name: string, loop: string, reason: string])[] = [
    [
      'a parameter without a default',
      "[Id, !Ref Later, { 'R${Id}': { Type: X } }]",
      'what the loop runs over is known when it is deployed',
    ],
    [
      'an item that is known later',
      "[Id, [a, !ImportValue b], { 'R${Id}': { Type: X } }]",
      'what the loop runs over is known when it is deployed',
    ],
    ['no body', '[Id, [a]]', 'the loop is not written as CloudFormation expects'],
    ['no list', 'Id', 'the loop is not written as CloudFormation expects'],
    [
      'too many turns',
      `[Id, !Split [',', '${'a,'.repeat(1_200)}'], { 'R\${Id}': { Type: X } }]`,
      'the loop runs more than 1000 times',
    ],
  ];
  test.each(stuck)('%s is unread', (_, loop, reason) => {
    const project = readTemplate(
      `Parameters: { Later: { Type: CommaDelimitedList } }\nResources: { Fn::ForEach::L: ${loop}, A: { Type: X } }`,
    );
    expect([...project.resources.keys()]).toEqual(['A']);
    expect(project.unread.map((one) => `${one.what}: ${one.reason} ${one.hides}`)).toEqual([
      `Fn::ForEach in Resources: ${reason} resources`,
    ]);
  });

  test('loops in loops are unrolled up to a limit', () => {
    const list = `[${Array.from({ length: 500 }, (_, index) => `i${index}`).join(', ')}]`;
    let body = "{ 'R${A}${B}${C}${D}': { Type: X, Properties: { Text: '${A}${B}${C}${D}' } } }";
    for (const name of ['D', 'C', 'B', 'A']) body = `{ Fn::ForEach::${name}: [${name}, ${list}, ${body}] }`;
    expect(
      readTemplate(`Resources: ${body}`).unread.some(
        (one) => one.reason === 'the loops of the template make more than is read',
      ),
    ).toBe(true);
  });

  test('values have the item, and the place of the body', () => {
    const project = readTemplate(
      `Resources:\n  Fn::ForEach::L:\n    - Id\n    - [a, b]\n    - ${resource('R${Id}')}\n`,
    );
    expect(plain(project.resources.get('Rb')?.properties)).toBe('{Name: b, Text: a-b, Sub: b-b}');
    expect(place(project.resources.get('Rb')?.span)).toBe('template.yml:5:7');
  });

  test('in properties', () => {
    const project = readTemplate(`Parameters: { Later: { Type: CommaDelimitedList } }
Resources:
  A: { Type: X, Properties: { Tags: { Fn::ForEach::T: [K, [a, b], { 'k\${K}': !Ref K }], c: 1 } } }
  B: { Type: X, Properties: { Tags: { Fn::ForEach::T: [K, !Ref Later, { 'k\${K}': 1 }], c: 1 } } }
`);
    expect(plain(project.resources.get('A')?.properties)).toBe('{Tags: {ka: a, kb: b, c: 1}}');
    expect(plain(project.resources.get('B')?.properties)).toBe(
      '{Tags: {c: 1, Fn::ForEach::T: ? what the loop runs over is known when it is deployed}}',
    );
  });

  test('in conditions and outputs', () => {
    const project = readTemplate(`Conditions: { Fn::ForEach::C: [N, [a, b], { 'Is\${N}': !Equals [!Ref N, a] }] }
Resources: { A: { Type: X, Condition: Isa }, B: { Type: X, Condition: Isb } }
Outputs: { Fn::ForEach::O: [N, [a, b], { 'Out\${N}': { Value: !Ref N } }] }
`);
    expect([...project.resources.keys()]).toEqual(['A']);
    expect(project.configuration.filter((one) => one.context === 'output').map((one) => plain(one.node))).toEqual([
      'a',
      'b',
    ]);
  });
});

describe('the other language extensions', () => {
  const cases: readonly (readonly [written: string, expected: string])[] = [
    ['!FindInMap [M, a, v, { DefaultValue: d }]', '1'],
    ['!FindInMap [M, none, v, { DefaultValue: d }]', 'd'],
    ['!FindInMap [None, a, v, { DefaultValue: !Ref AWS::NoValue }]', ''],
    ['!FindInMap [M, !Ref AWS::Region, v, { DefaultValue: d }]', 'Fn::FindInMap M.${AWS::Region}(1 | 2 | d)'],
    ['!FindInMap [M, !Ref AWS::Region, v]', 'Fn::FindInMap M.${AWS::Region}(1 | 2)'],
    ['{ Fn::Length: [a, b] }', '2'],
    ['{ Fn::Length: !Ref Names }', '3'],
    ['{ Fn::Length: !If [P, [a], [a, b]] }', 'P(1 | 2)'],
    ['{ Fn::Length: !ImportValue x }', '? is the length of a list that is known when it is deployed'],
    ['{ Fn::ToJsonString: { a: !Ref Names } }', '{a: [a, b, c]}'],
  ];
  test.each(cases)('%s', (written, expected) => {
    const project = readTemplate(`Parameters: { Names: { Type: CommaDelimitedList, Default: 'a,b,c' } }
Conditions: { P: !Equals [!Ref AWS::Region, x] }
Mappings: { M: { a: { v: 1 }, b: { v: 2 } } }
Resources: { R: { Type: X, Properties: { Value: ${written} } } }
`);
    expect(plain(project.resources.get('R')?.properties)).toBe(expected === '' ? '{}' : `{Value: ${expected}}`);
  });

  test('DeletionPolicy by intrinsics', () => {
    const project = readTemplate(`Parameters: { Keep: { Type: String, Default: Retain }, Later: { Type: String } }
Resources: { A: { Type: X, DeletionPolicy: !Ref Keep }, B: { Type: X, DeletionPolicy: !Ref Later }, C: { Type: X, DeletionPolicy: Delete } }
`);
    expect([...project.resources.values()].map((one) => one.deletionPolicy)).toEqual(['Retain', undefined, 'Delete']);
  });
});
