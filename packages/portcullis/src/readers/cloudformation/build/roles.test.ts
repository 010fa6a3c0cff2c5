import { describe, expect, it } from 'vitest';
import { plain, readTemplate } from '../../../../test/support/template.ts';

const document = (action: string) => `{ Statement: [{ Effect: Allow, Action: '${action}', Resource: '*' }] }`;
const role = (properties: string) => `
Parameters: { PolicyArn: { Type: String } }
Conditions: { IsProd: !Equals [!Ref PolicyArn, x] }
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { ${properties} } }
`;

const actionsOf = (text: string) => {
  const [found] = readTemplate(text).roles;
  return {
    actions: found?.statements.map((statement) => `${plain(statement.effect)} ${plain(statement.actions)}`),
    managed: plain(found?.managedPolicies),
    name: found?.name,
  };
};

describe('buildRoles', () => {
  it.each<readonly [string, string, readonly string[], string]>([
    ['nothing', role(''), [], '[]'],
    [
      'inline policies',
      role(
        `Policies: [{ PolicyName: a, PolicyDocument: ${document('a:A')} }, { PolicyName: b, PolicyDocument: ${document('b:B')} }]`,
      ),
      ['Allow [a:A]', 'Allow [b:B]'],
      '[]',
    ],
    [
      'an inline policy that may be missing',
      role(`Policies: [!If [IsProd, { PolicyName: a, PolicyDocument: ${document('a:A')} }, !Ref AWS::NoValue]]`),
      ['Allow [a:A]'],
      '[]',
    ],
    [
      'policies that name the role',
      `${role('RoleName: worker')}
  A: { Type: AWS::IAM::Policy, Properties: { Roles: [!Ref Role], PolicyDocument: ${document('a:A')} } }
  B: { Type: AWS::IAM::ManagedPolicy, Properties: { Roles: [worker], PolicyDocument: ${document('b:B')} } }
  C: { Type: AWS::IAM::RolePolicy, Properties: { RoleName: !Ref Role, PolicyDocument: ${document('c:C')} } }
  D: { Type: AWS::IAM::Policy, Properties: { Roles: [other], PolicyDocument: ${document('d:D')} } }`,
      ['Allow [a:A]', 'Allow [c:C]', 'Allow [b:B]'],
      '[]',
    ],
    [
      'a managed policy of the template, once',
      `${role('ManagedPolicyArns: [!Ref A]')}
  A: { Type: AWS::IAM::ManagedPolicy, Properties: { Roles: [!Ref Role], PolicyDocument: ${document('a:A')} } }`,
      ['Allow [a:A]'],
      '[]',
    ],
    [
      'managed policies of AWS and of others',
      role(
        "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::1:policy/own', !Ref PolicyArn]",
      ),
      [],
      '[arn:aws:iam::aws:policy/ReadOnlyAccess, arn:aws:iam::1:policy/own, ? is the parameter PolicyArn, which is given when it is deployed]',
    ],
    [
      'a Deny that may be missing with its policy',
      `${role('')}
  A:
    Type: AWS::IAM::Policy
    Condition: IsProd
    Properties: { Roles: [!Ref Role], PolicyDocument: { Statement: [{ Effect: Deny, Action: '*', Resource: '*' }] } }`,
      ['IsProd(Deny | ? is there only under the condition IsProd) [*]'],
      '[]',
    ],
  ])('%s', (_name, text, actions, managed) => {
    expect(actionsOf(text)).toMatchObject({ actions, managed });
  });
});
