import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { opennessOf } from '../everyone.ts';
import { allowed } from '../rights.ts';

/** What makes a key useful to a stranger. Describing and listing is left out. */
const uses = [
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:CreateGrant',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'kms:Sign',
  'kms:GenerateMac',
];

export const keyPolicyIsOpen: Rule = {
  id: 'secrets/key-policy-is-open',
  step: 'secrets',
  severity: 'error',
  title: 'Key policy lets every AWS account use the key',
  attack:
    'The policy of a key decides by itself, and `Principal: "*"` without a condition means every identity of every AWS account. Whoever gets hold of a ciphertext, a snapshot or a copied bucket decrypts it from an account of their own. With kms:PutKeyPolicy or kms:ScheduleKeyDeletion they lock the owner out.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersKey:
      Type: AWS::KMS::Key
      Properties:
        EnableKeyRotation: true
        KeyPolicy:
          Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root' }
              Action: kms:*
              Resource: '*'`,
    cloudformation: `KeyPolicy:
  Version: '2012-10-17'
  Statement:
    - Effect: Allow
      Principal: { AWS: !Sub 'arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root' }
      Action: kms:*
      Resource: '*'`,
  },
  docs: [
    {
      title: 'Key policies in AWS KMS',
      url: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html',
    },
    {
      title: 'Security Hub controls for AWS KMS',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html',
    },
  ],
  mappings: { fsbp: ['KMS.5'], owasp: ['API8:2023'], cwe: ['CWE-732'] },
  *check(project: Project): Iterable<Observation> {
    for (const { id, policy } of project.kmsKeys) {
      for (const statement of policy) {
        const openness = opennessOf(statement, policy);
        const place = { span: statement.span, subject: id };
        if (openness === 'undecided') {
          yield {
            ...place,
            severity: 'note',
            state: 'unknown',
            message: `The files do not decide who may use the key ${id}.`,
          };
        } else if (openness !== 'named' && allowed(statement, uses).length > 0) {
          yield openness === 'everyone'
            ? { ...place, message: `The policy of the key ${id} lets every AWS account use it.` }
            : {
                ...place,
                severity: 'warning',
                message: `The policy of the key ${id} names everyone, on conditions that do not say of which account.`,
                question: `Can a request from another AWS account meet the conditions of this statement?`,
              };
        }
      }
    }
  },
};
