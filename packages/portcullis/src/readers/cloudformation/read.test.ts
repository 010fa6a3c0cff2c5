import { describe, expect, test } from 'vitest';
import { place, plain, readTemplate, readTemplates, routeLines } from '../../../test/support/template.ts';
import { InputError } from '../../project/index.ts';

describe('what is wrong with a part of the template', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['Resources:\n', ['template.yml:1:1 the template has no resources']],
    ['AWSTemplateFormatVersion: 2010-09-09\n', ['template.yml:1:1 the template has no resources']],
    ['Resources: []\n', ['template.yml:1:12 the section Resources is a list']],
    ['Resources:\n  A: 3\n', ['template.yml:2:3 the resource A is not a map']],
    ['Resources:\n  A: { Properties: {} }\n', ['template.yml:2:3 the resource A has no Type']],
    ['Resources:\n  A: { Type: [x] }\n', ['template.yml:2:3 the resource A has no Type']],
    [
      'Resources:\n  A: { Type: AWS::Lambda::Function, Properties: [] }\n',
      ['template.yml:2:49 Properties of A is a list'],
    ],
    ['Resources: { A: { Type: X } }\nParameters: { P: 3 }\n', ['template.yml:2:15 the parameter P is a scalar']],
    ['Resources: { A: { Type: X } }\nConditions: 3\n', ['template.yml:2:13 the section Conditions is a scalar']],
  ];
  test.each(cases)('%j', (text, expected) => {
    const { errors } = readTemplates({ 'template.yml': text });
    expect(errors.map((error) => `${place(error.details.span)} ${error.details.found}`)).toEqual(expected);
    expect(errors.every((error) => error.code === 'WRONG_TYPE' && error.details.next.length > 0)).toBe(true);
  });

  test.each(['[]', '3', '{}', 'name: x\n'])('%j is no template at all', (text) => {
    expect(() => readTemplates({ 'template.yml': text })).toThrow(InputError);
  });

  test('wrong types inside properties make facts undecided and nothing else', () => {
    const project = readTemplate(`Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Policy: 3, EndpointConfiguration: 4, Name: [x], ApiKeySourceType: {} } }
  R: { Type: AWS::ApiGateway::Resource, Properties: { ParentId: 3, PathPart: { a: b } } }
  M: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, ResourceId: !Ref R, HttpMethod: [], Integration: 3, AuthorizationType: {}, ApiKeyRequired: maybe } }
  S: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api, StageName: {}, MethodSettings: 5 } }
  P: { Type: AWS::ApiGateway::UsagePlan, Properties: { ApiStages: 3, Throttle: x, Quota: [] } }
  W: { Type: AWS::WAFv2::WebACL, Properties: { Rules: 3, DefaultAction: 5 } }
  A: { Type: AWS::WAFv2::WebACLAssociation, Properties: { ResourceArn: {}, WebACLArn: [] } }
  F: { Type: AWS::Lambda::Function, Properties: { Role: [], Environment: 3, Handler: {} } }
  H: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: {}, RouteKey: [], Target: {} } }
  U: { Type: AWS::Lambda::Url, Properties: { AuthType: [] } }
`);
    const [api] = project.apis;
    expect(plain(api?.endpoint)).toBe('? is 4, which is not read');
    expect(plain(api?.routes[0]?.authorization)).toBe('? is not a plain value');
    expect(plain(api?.routes[0]?.apiKeyRequired)).toContain('?');
    expect(plain(api?.stages[0]?.name)).toContain('?');
    expect(plain(project.webAclAssociations[0]?.target)).toContain('?');
  });
});

describe('what is recorded as not read', () => {
  const resources = 'Resources: { A: { Type: X } }\n';
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [`Transform: AWS::Serverless-2016-10-31\n${resources}`, []],
    [`Transform: [AWS::LanguageExtensions, Mine]\n${resources}`, ['Transform Mine']],
    [`Transform: { Name: AWS::Include }\n${resources}`, ['Transform AWS::Include']],
    ['Resources: { F: { Type: AWS::Serverless::Function } }', ['AWS::Serverless::Function F']],
    ['Resources: { M: { Type: My::Own::Thing::MODULE } }', ['My::Own::Thing::MODULE M']],
    ["Resources: { 'Fn::ForEach::X': [a, !Ref Later, { R: {} }], A: { Type: X } }", ['Fn::ForEach in Resources']],
    [
      "Mappings: { 'Fn::ForEach::X': [a, [b], {}] }\nOutputs: { 'Fn::ForEach::X': 1 }\nResources: {}",
      ['Fn::ForEach in Outputs'],
    ],
    ["Resources: { 'Fn::Transform': { Name: M }, A: { Type: X } }", ['Fn::Transform in Resources']],
    ["Resources: { A: { Type: X, Properties: { 'Fn::Transform': { Name: M }, B: 1 } } }", ['Fn::Transform in A']],
    ["Resources: { A: { Type: X, 'Fn::Transform': { Name: M } } }", ['Fn::Transform in A']],
    ['Resources: { A: { Type: X, Properties: !Mystery x } }', ['Properties of A']],
    ['Resources: { S: { Type: AWS::CloudFormation::Stack } }', ['nested stack S']],
    ['Resources: { S: { Type: LocalModule, Source: site.yaml }, A: { Type: X } }', ['module S']],
    ['Resources: { G: { Type: AWS::AppSync::GraphQLApi } }', ['AppSync API G']],
    ['Resources: { R: { Type: AWS::AppRunner::Service } }', ['App Runner service R']],
    [`Modules: { Api: { Source: api.yaml } }\n${resources}`, ['module Api']],
  ];
  test.each(cases)('%s', (text, expected) => {
    const { unread } = readTemplate(text);
    expect(unread.map((one) => one.what)).toEqual(expected);
    expect(unread.every((one) => one.steps.length > 0)).toBe(true);
  });
});

test('the inputs of a module are given from outside, as parameters are', () => {
  const [api] = readTemplate(`Inputs: { Guard: { Type: String }, Api: { Type: String } }
Resources:
  M: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, HttpMethod: GET, AuthorizationType: CUSTOM, AuthorizerId: !Ref Guard } }
`).apis;
  expect(plain(api?.routes[0]?.authorization)).toContain('? is the parameter Guard');
});

describe('conditions of resources', () => {
  const text = `Conditions:
  Yes: !Equals [a, a]
  No: !Not [!Condition Yes]
  Open: !Equals [!Ref Stage, prod]
Resources:
  A: { Type: X, Condition: Yes, DependsOn: [B, C], DeletionPolicy: Retain }
  B: { Type: X, Condition: No }
  C: { Type: X, Condition: Open, Properties: { V: !If [Open, a, b] }, DependsOn: A }
`;
  test('only undecided ones are kept; a resource sees its own as true', () => {
    const { resources } = readTemplate(text);
    expect(
      [...resources.values()].map((one) => `${one.id} ${one.condition} ${one.dependsOn} ${plain(one.properties)}`),
    ).toEqual(['A undefined B,C {}', 'C Open A {V: a}']);
    expect(resources.get('A')?.deletionPolicy).toBe('Retain');
  });
});

describe('nested stacks', () => {
  const child = `Parameters: { ApiId: { Type: String }, Mode: { Type: String, Default: x } }
Conditions: { Closed: !Equals [!Ref Mode, closed] }
Resources:
  Table: { Type: AWS::DynamoDB::Table }
  Fn: { Type: AWS::Lambda::Function, Properties: { Environment: { Variables: { TABLE: !Ref Table, MODE: !Ref Mode } } } }
  Route: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref ApiId, RouteKey: GET /a, AuthorizationType: !If [Closed, AWS_IAM, NONE] } }
Outputs:
  FnArn: { Value: !GetAtt Fn.Arn }
`;
  const parent = `Resources:
  Table: { Type: AWS::DynamoDB::Table }
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  Orders: { Type: AWS::CloudFormation::Stack, Condition: C, Properties: { TemplateURL: ./nested/child.yml, Parameters: { ApiId: !Ref Api, Mode: closed } } }
  Url: { Type: AWS::Lambda::Url, Properties: { AuthType: NONE, TargetFunctionArn: !GetAtt Orders.Outputs.FnArn } }
`;

  test('become part of the project', () => {
    const { project, errors } = readTemplates({ 'template.yml': parent, 'nested/child.yml': child });
    expect(errors).toEqual([]);
    expect(project.unread).toEqual([]);
    expect([...project.resources.keys()]).toEqual(['Table', 'Api', 'Orders', 'Url', 'Orders.Table', 'Fn', 'Route']);
    expect(project.resources.get('Fn')?.condition).toBe('C');
    expect(routeLines(project.apis)).toEqual(['http Api GET /a iam -> unknown', 'url Url ANY / none -> Fn']);
    expect(plain(project.functions[0]?.environment[0]?.value)).toBe('${Orders.Table}');
    expect(place(project.functions[0]?.environment[0]?.span)).toBe('nested/child.yml:5:80');
    expect(project.files.map((file) => file.path)).toEqual(['template.yml', 'nested/child.yml']);
  });

  const cases: readonly (readonly [
    string,
    string,
    Readonly<Record<string, string>>,
    readonly string[],
    readonly string[],
  ])[] = [
    [
      'S3',
      '{ TemplateURL: "https://s3.amazonaws.com/b/t.yml" }',
      {},
      [],
      ['its TemplateURL is not a path on this disk'],
    ],
    ['a join', '{ TemplateURL: !Sub "https://${B}/t.yml" }', {}, [], ['its TemplateURL is not a path on this disk']],
    ['no file', '{ TemplateURL: ./no.yml }', {}, [], ['there is no file ./no.yml']],
    ['itself', '{ TemplateURL: template.yml }', {}, ['CIRCULAR_FILE'], ['its template contains itself']],
    ['no template', '{ TemplateURL: a.yml }', { 'a.yml': '[]' }, ['WRONG_TYPE'], ['its template could not be read']],
    [
      'out of the project',
      '{ TemplateURL: ../a.yml }',
      { '/a.yml': 'Resources: {}' },
      ['OUTSIDE_PROJECT'],
      ['its template lies outside the project'],
    ],
  ];
  test.each(cases)('%s', (_name, properties, more, codes, reasons) => {
    const text = `Resources: { S: { Type: AWS::CloudFormation::Stack, Properties: ${properties} } }`;
    const { project, errors } = readTemplates({ 'template.yml': text, ...more });
    expect(errors.map((error) => error.code)).toEqual(codes);
    expect(project.unread.map((one) => one.reason)).toEqual(reasons);
  });

  test('a CDK asset beside the template, and a circle of two', () => {
    const stack = (path: string) =>
      JSON.stringify({
        Resources: {
          S: {
            Type: 'AWS::CloudFormation::Stack',
            Properties: { TemplateURL: { 'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::URLSuffix' }, '/x']] } },
            Metadata: { 'aws:asset:path': path },
          },
        },
      });
    const { project, errors } = readTemplates({
      'a.template.json': stack('b.json'),
      'b.json': stack('a.template.json'),
    });
    expect(errors.map((error) => error.code)).toEqual(['CIRCULAR_FILE']);
    expect([...project.resources.keys()]).toEqual(['S', 'S.S']);
  });

  test('stacks that wait for each other come to an end', () => {
    const inner =
      'Parameters: { P: { Type: String } }\nResources: { T: { Type: X, Properties: { V: !Ref P } } }\nOutputs: { O: { Value: !Ref P } }\n';
    const outer = `Resources:
  A: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: i.yml, Parameters: { P: !GetAtt B.Outputs.O } } }
  B: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: i.yml, Parameters: { P: !GetAtt A.Outputs.O } } }
`;
    const { project } = readTemplates({ 'template.yml': outer, 'i.yml': inner });
    expect(plain(project.resources.get('T')?.properties)).toMatch(/^\{V: \$\{[AB]\.Outputs\.O\}\}$/);
  });

  test('templates that double at every level are read up to a limit', () => {
    const files: Record<string, string> = {};
    for (let level = 0; level < 12; level += 1) {
      const stack = (id: string) =>
        `  ${id}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: t${level + 1}.yml } }\n`;
      files[`t${level}.yml`] = `Resources:\n${stack('A')}${stack('B')}`;
    }
    files['t12.yml'] = 'Resources: { X: { Type: X } }';
    const { project } = readTemplates(files);
    expect(project.unread.length).toBeGreaterThan(0);
    expect(project.resources.size).toBeLessThan(1_000);
  });
});
