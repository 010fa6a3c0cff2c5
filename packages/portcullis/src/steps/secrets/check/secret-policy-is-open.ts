import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { opennessOf } from '../everyone.ts';
import { allowed } from '../rights.ts';

/** Reading the value, replacing it, and giving others the right to. Describing and listing is left out. */
const uses = [
  'secretsmanager:GetSecretValue',
  'secretsmanager:BatchGetSecretValue',
  'secretsmanager:PutSecretValue',
  'secretsmanager:UpdateSecret',
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:DeleteSecret',
];

export const secretPolicyIsOpen: Rule = {
  id: 'secrets/secret-policy-is-open',
  step: 'secrets',
  severity: 'error',
  title: 'Resource policy of a secret lets everyone in',
  attack:
    'The policy of a secret needs no second policy within the account: with `Principal: "*"` and no condition every role of the account reads the value, the smallest function included. With a customer managed key that allows it, so does every other AWS account. With secretsmanager:PutSecretValue they also choose the password.',
  fix: {
    serverless: `resources:
  Resources:
    DbSecretPolicy:
      Type: AWS::SecretsManager::ResourcePolicy
      Properties:
        SecretId: !Ref DbSecret
        BlockPublicPolicy: true
        ResourcePolicy:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Principal: { AWS: !GetAtt IamRoleLambdaExecution.Arn }
              Action: secretsmanager:GetSecretValue
              Resource: '*'`,
    cloudformation: `DbSecretPolicy:
  Type: AWS::SecretsManager::ResourcePolicy
  Properties:
    SecretId: !Ref DbSecret
    BlockPublicPolicy: true
    ResourcePolicy:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: { AWS: !GetAtt OrdersRole.Arn }
          Action: secretsmanager:GetSecretValue
          Resource: '*'`,
  },
  docs: [
    {
      title: 'Resource-based policies in AWS Secrets Manager',
      url: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-732', 'CWE-522'] },
  *check(project: Project): Iterable<Observation> {
    for (const { id, policy, kmsKey } of project.secrets ?? []) {
      for (const statement of policy) {
        const openness = opennessOf(statement, policy);
        const place = { span: statement.span, subject: id };
        if (openness === 'undecided') {
          yield {
            ...place,
            severity: 'note',
            state: 'unknown',
            message: `The files do not decide who may read the secret ${id}.`,
          };
        } else if (openness !== 'named' && allowed(statement, uses).length > 0) {
          // The key that AWS manages refuses other accounts.
          const whom = kmsKey
            ? 'every identity of every AWS account that its key lets in'
            : 'every identity of the account';
          yield openness === 'everyone'
            ? { ...place, message: `The policy of the secret ${id} lets in ${whom}.` }
            : {
                ...place,
                severity: 'warning',
                message: `The policy of the secret ${id} names everyone, on conditions that do not say who.`,
                question: 'Who can meet the conditions of this statement?',
              };
        }
      }
    }
  },
};
