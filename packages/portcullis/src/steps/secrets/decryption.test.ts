import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../test/support/template.ts';
import { keysOf, rightToDecrypt } from './decryption.ts';

/** What the role of a template may do with its key, by the statements of the role and of the key, as one line of YAML each. */
function rightOf(parts: { role?: string; managed?: string; key?: string }): string {
  const project = readTemplate(`
Parameters:
  Other: { Type: String }
Resources:
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [${parts.key ?? ''}] } } }
  Second: { Type: AWS::KMS::Key }
  Alias: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/a, TargetKeyId: !Ref Key } }
  Stranger: { Type: AWS::IAM::Role }
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: orders
      ManagedPolicyArns: [${parts.managed ?? ''}]
      Policies: [{ PolicyName: a, PolicyDocument: { Statement: [${parts.role ?? ''}] } }]
`);
  const role = project.roles.find(({ id }) => id === 'Role');
  const [key] = keysOf(project, { kind: 'known', value: { kind: 'local', id: 'Alias' } }, undefined);
  if (!role || !key) throw new Error('not read');
  return rightToDecrypt(project, role, key);
}

const allow = (resource: string, action = 'kms:Decrypt') =>
  `{ Effect: Allow, Action: '${action}', Resource: ${resource} }`;
const principal = (who: string, action = 'kms:Decrypt') =>
  `{ Effect: Allow, Principal: ${who}, Action: '${action}', Resource: '*' }`;

describe('rightToDecrypt', () => {
  it.each([
    { role: allow('!GetAtt Key.Arn') },
    { role: allow('!Ref Key') },
    { role: allow("'*'", 'kms:*') },
    { role: allow("'*'", '*') },
    { role: allow("!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}'") },
    { role: allow("!Sub 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/*'") },
    { role: allow("'arn:aws:kms:*:*:key/*'", 'kms:Dec*') },
    { role: allow('[!GetAtt Second.Arn, !GetAtt Key.Arn]') },
    { managed: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    { key: principal('{ AWS: !GetAtt Role.Arn }') },
    { key: principal("{ AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:role/orders' }", 'kms:*') },
    { key: principal("'*'") },
  ])('grants with %j', (parts) => {
    expect(rightOf(parts)).toBe('granted');
  });

  it.each([
    {},
    { role: allow('!GetAtt Second.Arn') },
    { role: allow('!GetAtt Key.Arn', 'kms:Encrypt') },
    { role: allow('!GetAtt Key.Arn').replace('Allow', 'Deny') },
    { role: allow("'arn:aws:s3:::bucket/*'", '*') },
    { managed: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' },
    { key: principal("{ AWS: !Sub 'arn:aws:iam::${AWS::AccountId}:root' }", 'kms:*') },
    { key: principal('{ AWS: !Ref AWS::AccountId }', 'kms:*') },
    { key: principal('{ Service: logs.amazonaws.com }') },
    { key: principal('{ AWS: !GetAtt Stranger.Arn }') },
  ])('misses with %j', (parts) => {
    expect(rightOf(parts)).toBe('missing');
  });

  it.each([
    { role: allow('!Ref Other') },
    { role: allow("'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'") },
    { role: '!Ref Other' },
    { managed: '!Ref Other' },
    { managed: 'arn:aws:iam::123456789012:policy/keys' },
    { key: principal('{ AWS: !Ref Other }') },
    { key: principal("{ AWS: 'arn:aws:iam::123456789012:role/another' }") },
  ])('is undecided with %j', (parts) => {
    expect(rightOf(parts)).toBe('undecided');
  });

  it('takes the best that is found, in whatever order', () => {
    const both = { role: [allow('!Ref Other'), allow('!Ref Key')].join(', '), managed: '!Ref Other' };
    expect(rightOf(both)).toBe('granted');
    expect(rightOf({ role: [allow('!Ref Other'), allow('!Ref Second')].join(', ') })).toBe('undecided');
  });
});
