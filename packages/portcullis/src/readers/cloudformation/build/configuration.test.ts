import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../../test/support/read.ts';
import { plain, readTemplate } from '../../../../test/support/template.ts';
import type { Configuration, Node } from '../../../project/index.ts';

function line({ context, path, owner, resourceType, node }: Configuration): string {
  return `${context} ${path.join('.')} ${owner ?? '-'} ${resourceType ?? '-'} ${plain(node)}`;
}

/** Every scalar with its place. */
function scalars(node: Node): readonly string[] {
  switch (node.kind) {
    case 'map':
      return node.entries.flatMap((entry) => scalars(entry.value));
    case 'list':
      return node.items.flatMap(scalars);
    case 'either':
      return node.branches.flatMap(scalars);
    case 'scalar':
      return [`${node.span.start}:${node.span.end}:${node.value}`];
    default:
      return [];
  }
}

describe('collectConfiguration', () => {
  it.each<readonly [string, string, readonly string[]]>([
    [
      'parameters and outputs',
      `
Parameters: { Password: { Type: String, Default: hunter2 }, Given: { Type: String } }
Resources: { T: { Type: AWS::SNS::Topic } }
Outputs: { Secret: { Description: d, Value: s3cret, Export: { Name: e } } }`,
      ['parameter-default Parameters.Password.Default - - hunter2', 'output Outputs.Secret - - s3cret'],
    ],
    [
      'functions',
      `
Resources:
  Fn: { Type: AWS::Lambda::Function, Properties: { Handler: a.b, Environment: { Variables: { TOKEN: abc, TABLE: !Ref T } } } }
  T: { Type: AWS::DynamoDB::Table }`,
      [
        'environment Resources.Fn.Properties.Environment.Variables Fn AWS::Lambda::Function {TOKEN: abc, TABLE: ${T}}',
        'resource Resources.Fn.Properties Fn AWS::Lambda::Function {Handler: a.b}',
      ],
    ],
    [
      'functions and globals of SAM',
      `
Parameters: { Stage: { Type: String, Default: dev } }
Globals: { Function: { Runtime: nodejs20.x, Environment: { Variables: { TOKEN: abc, STAGE: !Ref Stage } } } }
Resources: { Fn: { Type: AWS::Serverless::Function, Properties: { Environment: { Variables: { OWN: x } } } } }`,
      [
        'parameter-default Parameters.Stage.Default - - dev',
        'environment Globals.Function.Environment.Variables - AWS::Lambda::Function {TOKEN: abc, STAGE: dev}',
        'environment Resources.Fn.Properties.Environment.Variables Fn AWS::Serverless::Function {OWN: x}',
      ],
    ],
    [
      'an environment that is not decided',
      `
Resources: { Fn: { Type: AWS::Lambda::Function, Properties: { Environment: !ImportValue e } } }`,
      ['resource Resources.Fn.Properties Fn AWS::Lambda::Function {Environment: ? is imported from another stack (e)}'],
    ],
    [
      'containers',
      `
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{ Name: web, Image: i, Environment: [{ Name: DB_PASSWORD, Value: abc }, { Name: EMPTY }] }]`,
      [
        'environment Resources.Task.Properties.ContainerDefinitions.0.Environment Task AWS::ECS::TaskDefinition {DB_PASSWORD: abc}',
        'resource Resources.Task.Properties Task AWS::ECS::TaskDefinition {ContainerDefinitions: [{Name: web, Image: i}]}',
      ],
    ],
    [
      'a build with the names of secrets',
      `
Resources:
  Build:
    Type: AWS::CodeBuild::Project
    Properties: { Environment: { Image: i, EnvironmentVariables: [{ Name: A, Value: abc }, { Name: B, Value: /path, Type: PARAMETER_STORE }] } }`,
      [
        'environment Resources.Build.Properties.Environment.EnvironmentVariables Build AWS::CodeBuild::Project {A: abc}',
        'resource Resources.Build.Properties Build AWS::CodeBuild::Project {Environment: {Image: i}}',
      ],
    ],
    [
      'the value of a key',
      `
Resources: { K: { Type: AWS::ApiGateway::ApiKey, Properties: { Name: n, Value: abcdefghijklmnopqrst } } }`,
      [
        'api-key Resources.K.Properties.Value K AWS::ApiGateway::ApiKey abcdefghijklmnopqrst',
        'resource Resources.K.Properties K AWS::ApiGateway::ApiKey {Name: n}',
      ],
    ],
    [
      'other resources as a whole',
      `
Resources:
  Db: { Type: AWS::RDS::DBInstance, Properties: { MasterUserPassword: abc } }
  V: { Type: AWS::Lambda::Version, Properties: { CodeSha256: abc } }
  Empty: { Type: AWS::SNS::Topic }`,
      ['resource Resources.Db.Properties Db AWS::RDS::DBInstance {MasterUserPassword: abc}'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(readTemplate(text).configuration.map(line)).toEqual(expected);
  });

  it('has every value of a template exactly once', () => {
    const text = `
Resources:
  A: { Type: AWS::Lambda::Function, Properties: { Handler: a.b, Environment: { Variables: { X: one, Y: two } } } }
  B: { Type: AWS::ECS::TaskDefinition, Properties: { ContainerDefinitions: [{ Environment: [{ Name: N, Value: three }] }] } }
  C: { Type: AWS::SSM::Parameter, Properties: { Value: four, Type: String } }`;
    const found = readTemplate(text).configuration.flatMap(({ node }) => scalars(node));
    expect(found).toHaveLength(new Set(found).size);
    expect(found.map((one) => one.split(':')[2])).toEqual(
      expect.arrayContaining(['one', 'two', 'three', 'four', 'a.b']),
    );
  });

  it('has the environment that functions share once, and each its own', () => {
    const { project, errors } = readFiles({
      'serverless.yml': `
service: orders
provider:
  name: aws
  environment: { SHARED: all-of-them }
functions:
  a: { handler: a.b, environment: { OWN: only-a } }
  b: { handler: a.b }
`,
    });
    expect(errors).toEqual([]);
    const environments = (project?.configuration ?? []).filter((one) => one.context === 'environment').map(line);
    expect(environments).toEqual([
      'environment functions.a.environment ALambdaFunction AWS::Lambda::Function {OWN: only-a}',
      'environment provider.environment - AWS::Lambda::Function {SHARED: all-of-them}',
    ]);
    const all = (project?.configuration ?? []).flatMap(({ node }) => scalars(node));
    expect(all.filter((one) => one.endsWith('all-of-them'))).toHaveLength(1);
    expect(all.filter((one) => one.endsWith('only-a'))).toHaveLength(1);
  });
});
