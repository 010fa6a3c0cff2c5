import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type Project, type Secret, type SecretRotation, valueOf } from '../../../project/index.ts';
import { writtenJson } from '../databases.ts';

export const rotationBeforeAttachment: Rule = {
  id: 'secrets/rotation-before-attachment',
  step: 'secrets',
  severity: 'warning',
  title: 'Secret is rotated before it knows its database',
  attack:
    'Deploying a rotation schedule rotates at once. Without the attachment the secret holds no host and no engine yet, so the rotation fails, a half-made version stays behind with AWSPENDING, and later rotations stop there. The password that was meant to live for a month then lives for ever, and a leaked copy of it keeps working.',
  fix: {
    serverless: `resources:
  Resources:
    DbSecretRotation:
      Type: AWS::SecretsManager::RotationSchedule
      DependsOn: DbSecretAttachment
      Properties:
        SecretId: !Ref DbSecret`,
    cloudformation: `DbSecretAttachment:
  Type: AWS::SecretsManager::SecretTargetAttachment
  Properties: { SecretId: !Ref DbSecret, TargetId: !Ref Db, TargetType: AWS::RDS::DBInstance }
DbSecretRotation:
  Type: AWS::SecretsManager::RotationSchedule
  DependsOn: DbSecretAttachment
  Properties:
    SecretId: !Ref DbSecret`,
  },
  docs: [
    {
      title: 'AWS::SecretsManager::RotationSchedule',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-rotationschedule.html',
    },
    {
      title: 'AWS::SecretsManager::SecretTargetAttachment',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secrettargetattachment.html',
    },
  ],
  mappings: { fsbp: ['SecretsManager.2'], owasp: ['API8:2023'], cwe: ['CWE-324', 'CWE-262'] },
  *check(project: Project): Iterable<Observation> {
    for (const secret of project.secrets ?? []) {
      for (const rotation of secret.rotations) {
        const message = problemOf(secret, rotation);
        if (message === undefined) continue;
        yield {
          message,
          span: rotation.span,
          subject: rotation.id,
          related: secret.attachments.map(({ id, span }) => ({ message: id, span })),
        };
      }
    }
  },
};

function problemOf(secret: Secret, { id, afterAttachment, hosted, immediately }: SecretRotation): string | undefined {
  if (always(immediately, (value) => !value)) return undefined;
  const [attachment] = secret.attachments;
  if (attachment)
    return afterAttachment
      ? undefined
      : `${id} rotates ${secret.id} without waiting for ${attachment.id}, which tells it the database.`;
  // The functions that Secrets Manager provides read host and engine from the secret.
  if (!hosted || valueOf(hosted) === undefined) return undefined;
  const text = writtenJson(secret);
  if (text === undefined || /"(?:host|engine|dbClusterIdentifier|dbInstanceIdentifier)"/.test(text)) return undefined;
  // Without a text nor a generated value somebody fills it in by hand, host included.
  if (!secret.generated && text === '') return undefined;
  return `${id} rotates ${secret.id}, which is attached to no database and holds no host.`;
}
