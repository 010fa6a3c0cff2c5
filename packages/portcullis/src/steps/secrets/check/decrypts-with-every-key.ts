import type { Observation, Rule } from '../../../contract/index.ts';
import type { PolicyStatement, Project } from '../../../project/index.ts';
import { readActions } from '../facts.ts';
import { allowed, allowsEverything, namesEvery } from '../rights.ts';

export const decryptsWithEveryKey: Rule = {
  id: 'secrets/decrypts-with-every-key',
  step: 'secrets',
  severity: 'warning',
  title: 'Role may decrypt with every KMS key',
  attack:
    'A customer key is the second lock on parameters, secrets, buckets and tables. A role that may decrypt with every key opens it for whatever the function can fetch, so one exploited function reads ciphertexts of other services as if there were no key.',
  fix: {
    serverless: `provider:
  iam:
    role:
      statements:
        - Effect: Allow
          Action: kms:Decrypt
          Resource: !GetAtt OrdersKey.Arn
          Condition:
            StringEquals:
              kms:ViaService: ssm.\${aws:region}.amazonaws.com`,
    cloudformation: `- Effect: Allow
  Action: kms:Decrypt
  Resource: !GetAtt OrdersKey.Arn
  Condition:
    StringEquals:
      kms:ViaService: !Sub ssm.\${AWS::Region}.amazonaws.com`,
  },
  docs: [
    {
      title: 'AWS KMS: best practices for IAM policies',
      url: 'https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html',
    },
    {
      title: 'Security Hub controls for AWS KMS',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html',
    },
  ],
  mappings: { fsbp: ['KMS.1', 'KMS.2'], owasp: ['API8:2023'], cwe: ['CWE-732'] },
  *check(project: Project): Iterable<Observation> {
    for (const role of project.roles) {
      for (const statement of role.statements) {
        if (allowsEverything(statement) || isNarrowed(statement)) continue;
        if (allowed(statement, readActions.keys).length === 0 || !namesEvery(statement, 'kms', ['key'])) continue;
        yield {
          message: `${role.name ?? role.id} may decrypt with every KMS key of the account.`,
          span: statement.span,
          subject: role.id,
        };
      }
    }
  },
};

/** How the keys of conditions begin that tie the right to a service, a context, an alias or a tag; any other leaves every KMS key. */
const narrowing = [
  'kms:viaservice',
  'kms:encryptioncontext',
  'kms:resourcealiases',
  'kms:requestalias',
  'kms:recipientattestation',
  'aws:resourcetag/',
];

function isNarrowed({ conditions }: PolicyStatement): boolean {
  return conditions.some(({ key }) => narrowing.some((start) => key.toLowerCase().startsWith(start)));
}
