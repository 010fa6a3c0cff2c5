import { describe, expect, test } from 'vitest';
import { place, readTemplates, routeLines } from '../../../test/support/template.ts';

const include = (path: string) => `{ Name: AWS::Include, Parameters: { Location: ${path} } }`;

describe('AWS::Include of a local file', () => {
  const url = '{ Type: AWS::Lambda::Url, Properties: { AuthType: NONE, TargetFunctionArn: x } }';
  const cases: readonly (readonly [
    name: string,
    files: Readonly<Record<string, string>>,
    routes: readonly string[],
  ])[] = [
    [
      'among resources',
      { 'a/t.yml': `Resources: { Fn::Transform: ${include('../r.yml')}, A: ${url} }`, 'r.yml': `B: ${url}` },
      ['B', 'A'],
    ],
    ['as all resources', { 't.yml': `Resources: { Fn::Transform: ${include('r.yml')} }`, 'r.yml': `B: ${url}` }, ['B']],
    [
      'by a text that is put together of nothing',
      { 't.yml': `Resources: { Fn::Transform: ${include('!Sub r.yml')} }`, 'r.yml': `B: ${url}` },
      ['B'],
    ],
    [
      'as the transform of the template',
      {
        't.yml': `Transform: ${include('r.yml')}\nResources: { A: ${url} }`,
        'r.yml': `Resources: { A: { Type: X }, B: ${url} }\nOutputs: {}`,
      },
      ['A', 'B'],
    ],
    [
      'among transforms',
      {
        't.yml': `Transform: [AWS::LanguageExtensions, ${include('r.yml')}]\nResources: { A: ${url} }`,
        'r.yml': `{ "Resources": { "B": { "Type": "AWS::Lambda::Url", "Properties": { "AuthType": "NONE" } } } }`,
      },
      ['A', 'B'],
    ],
    [
      'in properties, where the keys beside it win',
      {
        't.yml': `Resources: { A: { Type: AWS::Lambda::Url, Properties: { AuthType: NONE, Fn::Transform: ${include('r.yml')} } } }`,
        'r.yml': 'AuthType: AWS_IAM\nTargetFunctionArn: x\n',
      },
      ['A'],
    ],
    [
      'twice',
      {
        't.yml': `Resources: { A: { Type: AWS::Lambda::Url, Properties: { Fn::Transform: ${include('r.yml')} } }, B: { Type: AWS::Lambda::Url, Properties: { Fn::Transform: ${include('r.yml')} } } }`,
        'r.yml': 'AuthType: NONE\nTargetFunctionArn: x\n',
      },
      ['A', 'B'],
    ],
    [
      'in an included file, by its path from there',
      {
        't.yml': `Resources: { Fn::Transform: ${include('d/r.yml')} }`,
        'd/r.yml': `Fn::Transform: ${include('s.yml')}`,
        'd/s.yml': `B: ${url}`,
      },
      ['B'],
    ],
  ];
  test.each(cases)('%s', (_, files, routes) => {
    const { project, errors } = readTemplates(files);
    expect(errors).toEqual([]);
    expect(project.unread).toEqual([]);
    expect(routeLines(project.apis)).toEqual(
      routes.map((id) => expect.stringMatching(new RegExp(`^url ${id} ANY / none`))),
    );
    expect(project.files.length).toBe(Object.keys(files).length);
  });

  test('what is included has its place in its own file', () => {
    const { project } = readTemplates({
      't.yml': `Resources: { Fn::Transform: ${include('r.yml')} }`,
      'r.yml': `\nB: ${url}`,
    });
    expect(place(project.apis[0]?.span)).toBe('r.yml:2:1');
  });

  const left: readonly (readonly [name: string, files: Readonly<Record<string, string>>, codes: readonly string[]])[] =
    [
      ['S3', { 't.yml': `Resources: { Fn::Transform: ${include('s3://bucket/r.yml')}, A: { Type: X } }` }, []],
      [
        'an address that is put together',
        { 't.yml': `Resources: { Fn::Transform: ${include("!Sub '${Bucket}/r.yml'")}, A: { Type: X } }` },
        [],
      ],
      [
        'another macro',
        {
          't.yml': 'Resources: { Fn::Transform: { Name: Mine, Parameters: { Location: r.yml } }, A: { Type: X } }',
          'r.yml': 'B: { Type: X }',
        },
        [],
      ],
      ['no file', { 't.yml': `Resources: { Fn::Transform: ${include('r.yml')}, A: { Type: X } }` }, []],
      [
        'out of the project',
        { 't.yml': `Resources: { Fn::Transform: ${include('../../r.yml')}, A: { Type: X } }` },
        ['OUTSIDE_PROJECT'],
      ],
      [
        'credentials',
        {
          't.yml': `Resources: { Fn::Transform: ${include('.aws/credentials')}, A: { Type: X } }`,
          '.aws/credentials': 'a: b',
        },
        ['OUTSIDE_PROJECT'],
      ],
      ['itself', { 't.yml': `Resources: { Fn::Transform: ${include('t.yml')}, A: { Type: X } }` }, ['CIRCULAR_FILE']],
      [
        'a circle',
        {
          't.yml': `Resources: { Fn::Transform: ${include('r.yml')}, A: { Type: X } }`,
          'r.yml': `Fn::Transform: ${include('t.yml')}`,
        },
        ['CIRCULAR_FILE'],
      ],
      [
        'a broken file',
        { 't.yml': `Resources: { Fn::Transform: ${include('r.yml')}, A: { Type: X } }`, 'r.yml': 'a: [' },
        ['SYNTAX'],
      ],
      [
        'a list beside keys',
        { 't.yml': `Resources: { Fn::Transform: ${include('r.yml')}, A: { Type: X } }`, 'r.yml': '[1]' },
        [],
      ],
    ];
  test.each(left)('%s stays unread', (_, files, codes) => {
    const { project, errors } = readTemplates(files);
    expect(errors.map((error) => error.code)).toEqual(codes);
    expect(project.unread.map((one) => one.what)).toEqual(['Fn::Transform in Resources']);
    expect(project.resources.has('A')).toBe(true);
  });

  test('files that double at every level are read up to a limit', () => {
    const files: Record<string, string> = {
      't.yml': `Resources: { A: { Type: X, Properties: { Fn::Transform: ${include('f0.yml')} } } }`,
    };
    for (let level = 0; level < 12; level += 1) {
      const next = `{ Fn::Transform: ${include(`f${level + 1}.yml`)} }`;
      files[`f${level}.yml`] = `{ a: ${next}, b: ${next}, c: ${next} }`;
    }
    files['f12.yml'] = 'x: 1';
    expect(readTemplates(files).project.files.length).toBeLessThan(20);
  });
});
