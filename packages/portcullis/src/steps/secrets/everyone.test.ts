import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../test/support/template.ts';
import { opennessOf } from './everyone.ts';

const openness = (...statements: readonly string[]) => {
  const [key] = readTemplate(`
Parameters: { Anything: { Type: String } }
Resources:
  Key: { Type: AWS::KMS::Key, Properties: { KeyPolicy: { Statement: [${statements.join(', ')}] } } }
`).kmsKeys;
  const [first] = key?.policy ?? [];
  if (!key || !first) throw new Error('no statement');
  return opennessOf(first, key.policy);
};

const allow = (rest: string) => `{ Effect: Allow, Action: 'kms:*', Resource: '*', ${rest} }`;
const when = (condition: string) => allow(`Principal: '*', Condition: ${condition}`);

describe('opennessOf', () => {
  it.each([
    ["Principal: '*'"],
    ["Principal: { AWS: '*' }"],
    ["Principal: { AWS: ['arn:aws:iam::123456789012:root', '*'] }"],
    ["NotPrincipal: { AWS: 'arn:aws:iam::123456789012:root' }"],
  ])('everyone: %s', (rest) => {
    expect(openness(allow(rest))).toBe('everyone');
  });

  it.each([
    ['{ StringEquals: { kms:ViaService: s3.eu-west-1.amazonaws.com } }'],
    ['{ Bool: { aws:SecureTransport: true } }'],
    ["{ StringLike: { aws:PrincipalOrgID: '*' } }"],
    ['{ StringNotEquals: { aws:PrincipalOrgID: o-1 } }'],
    ['{ StringEqualsIfExists: { aws:PrincipalOrgID: o-1 } }'],
    ['{ Null: { aws:PrincipalOrgID: false } }'],
    ['{ IpAddress: { aws:SourceIp: 0.0.0.0/0 } }'],
  ])('on conditions: %s', (condition) => {
    expect(openness(when(condition))).toBe('conditional');
  });

  it.each([
    ['{ StringEquals: { kms:CallerAccount: !Ref AWS::AccountId } }'],
    ['{ StringEquals: { aws:PrincipalOrgID: o-1 } }'],
    ['{ StringEquals: { aws:PrincipalAccount: "123456789012" } }'],
    ['{ ArnLike: { aws:PrincipalArn: "arn:aws:iam::123456789012:role/*" } }'],
    ['{ IpAddress: { aws:SourceIp: 203.0.113.0/24 } }'],
    ['{ StringEquals: { aws:SourceVpce: !Ref Anything } }'],
  ])('named: %s', (condition) => {
    expect(openness(when(condition))).toBe('named');
  });

  it('names nobody in a Deny, nor where strangers are denied', () => {
    expect(openness(allow("Principal: '*'").replace('Allow', 'Deny'))).toBe('named');
    const deny =
      "{ Effect: Deny, Principal: '*', Action: 'kms:*', Resource: '*', Condition: { StringNotEquals: { aws:PrincipalOrgID: o-1 } } }";
    expect(openness(allow("Principal: '*'"), deny)).toBe('named');
    expect(openness(allow("Principal: '*'"), deny.replace('aws:PrincipalOrgID', 'kms:ViaService'))).toBe('everyone');
  });

  it('is undecided where the statement comes from elsewhere', () => {
    expect(openness('!Ref Anything')).toBe('undecided');
  });
});
