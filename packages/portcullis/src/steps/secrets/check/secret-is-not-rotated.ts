import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project, Secret } from '../../../project/index.ts';
import { isForDatabase } from '../databases.ts';

export const secretIsNotRotated: Rule = {
  id: 'secrets/secret-is-not-rotated',
  step: 'secrets',
  // A copy has to leak first: good practice, and for keys of third parties a matter for people.
  severity: 'note',
  title: 'Secret is not rotated',
  attack:
    'A password leaks once, in a log, a dump or the laptop of somebody who left, and works for as long as it is not changed. With rotation a copy is worth a month at most, and the change has been practised before the day on which it is urgent.',
  fix: {
    serverless: `resources:
  Resources:
    DbSecretRotation:
      Type: AWS::SecretsManager::RotationSchedule
      DependsOn: DbSecretAttachment
      Properties:
        SecretId: !Ref DbSecret
        HostedRotationLambda: { RotationType: PostgreSQLSingleUser }
        RotationRules: { AutomaticallyAfterDays: 30 }
# For the password of an RDS master user: ManageMasterUserPassword: true, and no secret of your own.`,
    cloudformation: `DbSecretRotation:
  Type: AWS::SecretsManager::RotationSchedule
  DependsOn: DbSecretAttachment
  Properties:
    SecretId: !Ref DbSecret
    HostedRotationLambda: { RotationType: PostgreSQLSingleUser }
    RotationRules: { AutomaticallyAfterDays: 30 }
# For the password of an RDS master user: ManageMasterUserPassword: true, and no secret of your own.`,
  },
  docs: [
    {
      title: 'Rotate AWS Secrets Manager secrets',
      url: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html',
    },
    {
      title: 'Security Hub controls for Secrets Manager',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/secretsmanager-controls.html',
    },
  ],
  mappings: { fsbp: ['SecretsManager.1'], owasp: [], cwe: ['CWE-262'] },
  *check(project: Project): Iterable<Observation> {
    const still = (project.secrets ?? []).filter((secret) => secret.rotations.length === 0);
    const databases = still.filter((secret) => isForDatabase(project, secret));
    // What nobody generates was made by another company and is entered by hand; what is written out is reported as that.
    const entered = still.filter(
      (secret) => !secret.generated && secret.text?.kind !== 'scalar' && !databases.includes(secret),
    );
    yield* together(databases, 'databases', (names) => `The password of a database in ${names} is not rotated`);
    yield* together(entered, 'entered', (names) => `What ${names} holds is entered by hand and rotated by nobody`);
  },
};

/** One note for all: a stack has many secrets, and the advice is the same. */
function* together(secrets: readonly Secret[], subject: string, say: (names: string) => string): Iterable<Observation> {
  const [first, ...others] = secrets;
  if (!first) return;
  const names = others.length === 0 ? first.id : `${first.id} and ${others.length} more`;
  yield {
    message: say(names),
    span: first.span,
    subject,
    together: others.map(({ span }) => span),
    related: others.slice(0, 10).map(({ id, span }) => ({ message: id, span })),
  };
}
