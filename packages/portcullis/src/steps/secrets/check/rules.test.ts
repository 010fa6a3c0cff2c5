import { describe, expect, it } from 'vitest';
import { projectWith } from '../../../../test/support/project.ts';
import { readTemplate } from '../../../../test/support/template.ts';
import {
  type Configuration,
  known,
  type MapNode,
  type Node,
  type PolicyStatement,
  type Provenance,
  type Role,
  SourceFile,
  type Span,
  unknown,
} from '../../../project/index.ts';
import { secrets } from '../index.ts';
import { decryptsWithEveryKey } from './decrypts-with-every-key.ts';
import { literalSecret } from './literal-secret.ts';
import { noEchoMissing } from './no-echo-missing.ts';
import { roleReadsEverySecret } from './role-reads-every-secret.ts';
import { secretInTemplateThroughVariable } from './secret-in-template-through-variable.ts';

const password = 'Tr4ckless-Otter';
const file = new SourceFile(
  'serverless.yml',
  [
    'custom:',
    `  pw: ${password}`,
    'provider:',
    '  environment:',
    '    A: ${self:custom.pw}',
    '    B: ${self:custom.pw}',
    '',
  ].join('\n'),
);
const spanOf = (text: string): Span => {
  const start = file.text.indexOf(text);
  return { file, start, end: start + text.length };
};
const whole: Span = { file, start: 0, end: file.text.length };
const from = (source: Provenance['source'], address: string, span: Span): readonly Provenance[] => [
  { source, address, span },
];
const map = (values: Readonly<Record<string, Node>>, keySpan: Span = whole): MapNode => ({
  kind: 'map',
  span: whole,
  entries: Object.entries(values).map(([key, value]) => ({ key, keySpan, value })),
});
const root = (context: Configuration['context'], path: readonly string[], node: Node): Configuration => ({
  context,
  path,
  node,
  owner: undefined,
  resourceType: undefined,
});
const definition: Node = { kind: 'scalar', value: password, span: spanOf(password) };
const used = (at: string): Node => ({
  ...definition,
  from: from('self', 'custom.pw', spanOf(at)),
});

describe('a literal secret', () => {
  const project = projectWith({
    file,
    files: [file],
    configuration: [
      root('custom', ['custom'], map({ pw: definition }, spanOf('pw'))),
      root(
        'environment',
        ['provider', 'environment'],
        map({ DB_PASSWORD: used('A: ${self:custom.pw}'), B: used('B: ${self:custom.pw}') }, spanOf('B:')),
      ),
    ],
  });

  it('is one finding where it is written, with its uses', () => {
    const found = [...literalSecret.check(project)];
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ span: spanOf(password), subject: 'custom.pw' });
    expect(found[0]?.related?.map(({ message }) => message)).toEqual([
      'used by provider.environment.DB_PASSWORD',
      'used by provider.environment.B',
    ]);
  });

  it('is hidden in every output', () => {
    expect(secrets.sensitive?.(project)).toContainEqual(spanOf(password));
    for (const rule of secrets.rules) {
      for (const observation of rule.check(project))
        expect(JSON.stringify(observation.message)).not.toContain(password);
    }
  });

  it('is not what comes from the environment of the machine, although its value is known', () => {
    const value: Node = {
      kind: 'scalar',
      value: 'k3Jd9sLq0Pz8XvBn',
      span: spanOf('${self:custom.pw}'),
      from: from('env', 'DB_PASSWORD', spanOf('${self:custom.pw}')),
    };
    const configuration = [root('environment', ['provider', 'environment'], map({ DB_PASSWORD: value }))];
    const other = projectWith({ file, files: [file], configuration });
    expect([...literalSecret.check(other)]).toEqual([]);
    expect([...secretInTemplateThroughVariable.check(other)]).toHaveLength(1);
  });
});

describe('a value that the files do not decide', () => {
  const through = (key: string, node: Node) => {
    const configuration = [root('environment', ['provider', 'environment'], map({ [key]: node }))];
    return [...secretInTemplateThroughVariable.check(projectWith({ file, files: [file], configuration }))].length;
  };
  const remote = (source: Provenance['source'], address: string): Node => ({
    kind: 'unknown',
    source: source as 'ssm',
    reason: 'is known when it is deployed',
    span: whole,
    from: from(source, address, whole),
  });

  it.each<readonly [string, Node, number]>([
    ['DB_PASSWORD', remote('ssm', '/orders/db'), 1],
    ['DB', remote('ssm', '/orders/db-password~true'), 1],
    ['TABLE', remote('ssm', '/orders/table'), 0],
    ['SECRET_ARN', remote('cf', 'shared.SecretArn'), 0],
    ['SECRET', remote('cf', 'shared.Secret'), 0],
    ['SECRET', remote('env', 'SECRET'), 1],
    ['JWT_SECRET', remote('import', 'shared-JwtSecret'), 1],
    ['DATABASE_URL', remote('env', 'DATABASE_URL'), 1],
    ['API_URL', remote('env', 'API_URL'), 0],
    ['SENTRY_DSN', remote('env', 'SENTRY_DSN'), 0],
    ['TOKEN_TTL', remote('env', 'TOKEN_TTL'), 0],
    ['DB_PASSWORD', { kind: 'reference', id: 'DbSecret', span: whole }, 0],
    ['KEY', { kind: 'reference', id: 'User', attribute: 'SecretAccessKey', span: whole }, 1],
  ])('%s from %o: %i', (key, node, count) => {
    expect(through(key, node)).toBe(count);
  });
});

describe('rights', () => {
  const statement = (parts: {
    actions?: readonly string[];
    notActions?: readonly string[];
    resources?: readonly (string | Node)[];
    effect?: 'Allow' | 'Deny';
    condition?: string;
  }): PolicyStatement => ({
    span: whole,
    effect: known(parts.effect ?? 'Allow'),
    actions: (parts.actions ?? []).map((action) => known(action)),
    notActions: (parts.notActions ?? []).map((action) => known(action)),
    resources: (parts.resources ?? ['*']).map((text) =>
      typeof text === 'string' ? { kind: 'scalar', value: text, span: whole } : text,
    ),
    notResources: [],
    principals: undefined,
    notPrincipals: undefined,
    conditions: parts.condition ? [{ operator: 'StringEquals', key: parts.condition, values: [], span: whole }] : [],
  });
  const role = (...statements: readonly PolicyStatement[]): Role => ({
    id: 'Role',
    name: undefined,
    span: whole,
    statements,
    managedPolicies: [],
  });
  const reads = (parts: Parameters<typeof statement>[0]) =>
    [...roleReadsEverySecret.check(projectWith({ roles: [role(statement(parts))] }))].length;
  const decrypts = (parts: Parameters<typeof statement>[0]) =>
    [...decryptsWithEveryKey.check(projectWith({ roles: [role(statement(parts))] }))].length;
  const sub: Node = {
    kind: 'text',
    span: whole,
    parts: ['arn:aws:ssm:', { kind: 'unknown', source: 'aws', reason: 'AWS::Region', span: whole }, ':*:parameter/*'],
  };

  it.each([
    [{ actions: ['ssm:GetParameter'] }, 1],
    [{ actions: ['SSM:getparameters'] }, 1],
    [{ actions: ['ssm:*'], resources: [sub] }, 1],
    [{ actions: ['*'] }, 1],
    [{ notActions: ['iam:*'] }, 1],
    [{ notActions: ['ssm:*', 'secretsmanager:*'] }, 0],
    [{ actions: ['ssm:DescribeParameters', 'ssm:PutParameter'] }, 0],
    [{ actions: ['ssm:GetParameter'], resources: ['arn:aws:ssm:*:*:parameter/orders/*'] }, 0],
    [{ actions: ['ssm:GetParameter'], resources: ['arn:aws:ssm:*:*:document/*'] }, 0],
    [{ actions: ['secretsmanager:GetSecretValue'], resources: ['arn:aws:secretsmanager:*:*:secret:*'] }, 1],
    [{ actions: ['secretsmanager:GetSecretValue'], resources: ['arn:aws:secretsmanager:*:*:secret:orders*'] }, 0],
    [{ actions: ['ssm:GetParameter'], effect: 'Deny' as const }, 0],
    [{ actions: ['ssm:GetParameter'], condition: 'ssm:resourceTag/service' }, 0],
    [{ actions: ['s3:*'] }, 0],
    [{ actions: [`${'*a'.repeat(40)}`] }, 0],
  ])('%o reads every secret: %i', (parts, count) => {
    expect(reads(parts)).toBe(count);
  });

  it.each([
    [{ actions: ['kms:Decrypt'] }, 1],
    [{ actions: ['kms:*'], resources: ['arn:aws:kms:eu-west-1:123456789012:key/*'] }, 1],
    [{ actions: ['kms:Decrypt'], resources: ['arn:aws:kms:eu-west-1:123456789012:key/b2a7'] }, 0],
    [{ actions: ['kms:Decrypt'], condition: 'kms:ViaService' }, 0],
    [{ actions: ['kms:Decrypt'], condition: 'aws:PrincipalOrgID' }, 1],
    [{ actions: ['kms:Encrypt'] }, 0],
    [{ actions: ['*'] }, 0],
  ])('%o decrypts with every key: %i', (parts, count) => {
    expect(decrypts(parts)).toBe(count);
  });

  it('does not guess what the files do not decide', () => {
    const open: PolicyStatement = { ...statement({}), actions: [unknown('is known when it is deployed')] };
    expect([...roleReadsEverySecret.check(projectWith({ roles: [role(open)] }))]).toEqual([]);
  });
});

describe('a parameter', () => {
  it.each([
    ['DbPassword', 'String', false, 1],
    ['DbPassword', 'String', true, 0],
    ['GitHubToken', 'String', false, 1],
    ['SecretArn', 'String', false, 0],
    ['KeyName', 'AWS::EC2::KeyPair::KeyName', false, 0],
    ['DbPassword', 'AWS::SSM::Parameter::Value<String>', false, 0],
    ['TokenTtl', 'Number', false, 0],
  ])('%s of type %s, NoEcho %s: %i', (name, type, noEcho, count) => {
    expect([...noEchoMissing.check(projectWith({ parameters: [{ name, type, noEcho, span: whole }] }))]).toHaveLength(
      count,
    );
  });
});

it('says of a plain template only where CloudFormation itself leaves the value', () => {
  const project = readTemplate(`
Parameters: { Key: { Type: AWS::SSM::Parameter::Value<String>, Default: /orders/key } }
Resources:
  Fn: { Type: AWS::Lambda::Function, Properties: { Environment: { Variables: { API_SECRET: !Ref Key } } } }
`);
  expect([...secretInTemplateThroughVariable.check(project)].map(({ message }) => message)).toEqual([
    'Resources.Fn.Properties.Environment.Variables.API_SECRET takes a secret from Parameter Store; it ends as plain text in the configuration of the function.',
  ]);
});
