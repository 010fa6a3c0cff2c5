import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError, locate, type Project, type Span } from '../src/project/index.ts';
import { assess, steps } from '../src/steps/index.ts';
import { readFiles } from './support/read.ts';

const example = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url)), 'utf8');

/** Every span that the model holds. The model is a tree of plain objects; source files are not walked into. */
function spansOf(project: Project): Span[] {
  const spans: Span[] = [];
  const seen = new Set<object>();
  const pending: unknown[] = [project];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if ('file' in value && 'start' in value && 'end' in value) {
      spans.push(value as Span);
      continue;
    }
    if (value instanceof Map) pending.push(...value.values());
    else pending.push(...Object.values(value));
  }
  return spans;
}

function mustHold(files: Readonly<Record<string, string>>): void {
  const { project, errors } = readFiles(files);
  for (const error of errors) {
    expect(error).toBeInstanceOf(InputError);
    const span = error.details.span;
    if (span) expect(span.start >= 0 && span.start <= span.end && span.end <= span.file.text.length).toBe(true);
  }
  if (!project) {
    expect(errors.length).toBeGreaterThan(0);
    return;
  }
  for (const span of spansOf(project)) {
    expect(
      span.start >= 0 && span.start <= span.end && span.end <= span.file.text.length,
      JSON.stringify(locate(span)),
    ).toBe(true);
  }
  const { findings } = assess(project, steps);
  for (const { location } of findings) {
    expect(location.line).toBeGreaterThan(0);
    expect(location.column).toBeGreaterThan(0);
  }
  expect(new Set(findings.map((finding) => finding.fingerprint)).size).toBe(findings.length);
}

/** Words that the readers look for, so that random trees reach deep into them. */
const words = fc.constantFrom(
  'service',
  'provider',
  'functions',
  'resources',
  'Resources',
  'Outputs',
  'Parameters',
  'Conditions',
  'Mappings',
  'Type',
  'Properties',
  'events',
  'http',
  'httpApi',
  'websocket',
  'alb',
  'url',
  'path',
  'method',
  'authorizer',
  'authorizers',
  'private',
  'name',
  'type',
  'arn',
  'scopes',
  'stage',
  'aws',
  'custom',
  'params',
  'environment',
  'iam',
  'role',
  'statements',
  'Effect',
  'Action',
  'Resource',
  'Principal',
  'Statement',
  'apiGateway',
  'apiKeys',
  'usagePlan',
  'quota',
  'throttle',
  'deploymentBucket',
  'plugins',
  'extensions',
  'cors',
  'handler',
  'Ref',
  'Fn::GetAtt',
  'Fn::Sub',
  'Fn::Join',
  'Fn::If',
  'Fn::Select',
  'Fn::FindInMap',
  'Fn::ImportValue',
  'Fn::Split',
  'RestApiId',
  'ResourceId',
  'HttpMethod',
  'AuthorizationType',
  'AuthorizerId',
  'Policy',
  'PolicyDocument',
  'Policies',
  'default',
  'Default',
  'WebACLArn',
  'ResourceArn',
  'Rules',
);
const types = fc.constantFrom(
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Route',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Url',
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::WAFv2::WebACL',
  'AWS::WAFv2::WebACLAssociation',
  'AWS::Cognito::UserPool',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::EC2::SecurityGroup',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::KMS::Key',
  'AWS::CloudFormation::Stack',
  'AWS::Serverless::Function',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
  'AWS::RDS::DBInstance',
);
const scalars = fc.oneof(
  words,
  types,
  fc.constantFrom(
    'GET /orders',
    'post orders/{id}',
    '*',
    '$connect',
    '/{proxy+}',
    'NONE',
    'AWS_IAM',
    '${self:custom.a}',
    '${self:',
    '${opt:stage, "dev"}',
    '${file(a.yml)}',
    '${ssm:/x}',
    '${env:X, self:service}',
    '${param:x}',
    '\\${x}',
    '${self:custom.${self:service}}',
    '{{resolve:ssm-secure:x}}',
    'arn:aws:s3:::*',
    '${Api}',
    '${Api.Arn}',
    '-1',
    '0.0.0.0/0',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 7, depthSize: 'medium' },
    scalars,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(words, tie('tree'), { maxKeys: 5 }),
    fc.dictionary(
      fc.constantFrom('Api', 'A', 'B', 'orders', 'ApiGatewayRestApi'),
      fc.record({ Type: types, Properties: tie('tree') }),
      { maxKeys: 4 },
    ),
  ),
}));

describe('random documents never break a reader, and every place lies in its file', () => {
  it('as templates', () => {
    fc.assert(
      fc.property(tree, tree, tree, tree, (Resources, Parameters, Conditions, Outputs) => {
        mustHold({
          'template.json': JSON.stringify({
            AWSTemplateFormatVersion: '2010-09-09',
            Resources,
            Parameters,
            Conditions,
            Outputs,
          }),
        });
      }),
      { numRuns: 400 },
    );
  });

  it('as services', () => {
    fc.assert(
      fc.property(tree, tree, tree, tree, tree, (provider, functions, resources, custom, rest) => {
        const base = {
          service: 'orders',
          provider: { name: 'aws', ...(typeof provider === 'object' && !Array.isArray(provider) ? provider : {}) },
        };
        mustHold({
          'serverless.yml': JSON.stringify({
            ...base,
            functions,
            resources,
            custom,
            params: rest,
            plugins: rest,
            a: custom,
          }),
        });
      }),
      { numRuns: 400 },
    );
  });

  const files = {
    'serverless.yml': example('orders/serverless.yml'),
    'serverless.yaml': example('orders-guarded/serverless.yml'),
    'template.yml': example('orders-guarded/deployment-bucket.yml'),
  };
  it.each(Object.entries(files))('as damaged copies of a real file: %s', (name, text) => {
    const lines = text.split('\n');
    const damage = fc.oneof(
      fc.record({
        kind: fc.constant('drop' as const),
        line: fc.nat(lines.length - 1),
        amount: fc.integer({ min: 1, max: 6 }),
      }),
      fc.record({
        kind: fc.constant('indent' as const),
        line: fc.nat(lines.length - 1),
        amount: fc.integer({ min: -4, max: 4 }),
      }),
      fc.record({
        kind: fc.constant('value' as const),
        line: fc.nat(lines.length - 1),
        amount: fc.constant(0),
        text: fc.constantFrom('', ' null', ' []', ' {}', ' 1', ' true', ' ${self:custom}', ' !Ref X', ' *a', ' "'),
      }),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const copy = [...lines];
        for (const change of damages) {
          const line = copy[change.line] ?? '';
          if (change.kind === 'drop') copy.splice(change.line, change.amount);
          else if (change.kind === 'indent')
            copy[change.line] =
              change.amount > 0
                ? ' '.repeat(change.amount) + line
                : line.replace(new RegExp(`^ {0,${-change.amount}}`), '');
          else copy[change.line] = line.replace(/:.*$/, `:${change.text}`);
        }
        mustHold({ [name]: copy.join('\n') });
      }),
      { numRuns: 150 },
    );
  });
});

describe('hostile input', () => {
  const chain = (links: number) =>
    `service: x\nprovider: {name: aws}\ncustom:\n  v0: lollollol\n${Array.from({ length: links }, (_, index) => `  v${index + 1}: \${self:custom.v${index}}\${self:custom.v${index}}`).join('\n')}\nfunctions: {}\n`;
  it.each<[string, Record<string, string>, string]>([
    [
      'variables that refer to each other',
      {
        'serverless.yml':
          'service: x\nprovider: {name: aws, stage: "${self:custom.a}"}\ncustom:\n  a: ${self:custom.b}\n  b: ${self:custom.a}\nfunctions: {}\n',
      },
      'CIRCULAR_VARIABLE',
    ],
    [
      'files that include each other',
      {
        'serverless.yml': 'service: x\nprovider: {name: aws}\ncustom: ${file(a.yml)}\nfunctions: {}\n',
        'a.yml': 'x: ${file(b.yml)}\n',
        'b.yml': 'y: ${file(a.yml)}\n',
      },
      'CIRCULAR_FILE',
    ],
    ['variables that double thirty times', { 'serverless.yml': chain(30) }, 'TOO_MANY_NODES'],
    [
      'a file that is not there',
      { 'serverless.yml': 'service: x\nprovider: {name: aws}\nfunctions: ${file(functions.yml)}\n' },
      'FILE_MISSING',
    ],
    [
      'a file outside the project',
      { 'serverless.yml': 'service: x\nprovider: {name: aws}\nfunctions: ${file(../../etc/passwd)}\n' },
      'OUTSIDE_PROJECT',
    ],
    ['a list where the template should be', { 'template.json': '[1]' }, 'WRONG_TYPE'],
    [
      'a text where the functions should be',
      { 'serverless.yml': 'service: x\nprovider: {name: aws}\nfunctions: none\n' },
      'WRONG_TYPE',
    ],
    ['binary junk', { 'template.json': '\u0000\u0001{' }, 'NOT_TEXT'],
  ])('%s', (_name, files, code) => {
    const { errors } = readFiles(files);
    expect(errors.map((error) => error.code)).toContain(code);
    for (const error of errors) expect(error.details.next.length).toBeGreaterThan(10);
  });
});
