import type { Observation, Rule } from '../../../contract/index.ts';
import { type Project, possibilities, type Role, type Secret } from '../../../project/index.ts';
import { type KeyInUse, keysOf, rightToDecrypt } from '../decryption.ts';
import { readActions } from '../facts.ts';
import { allowed } from '../rights.ts';

export const secretKeyWithoutDecrypt: Rule = {
  id: 'secrets/secret-key-without-decrypt',
  step: 'secrets',
  severity: 'warning',
  title: 'Role may read a secret and not decrypt it',
  attack:
    'Secrets Manager decrypts a secret under a customer managed key with the rights of the caller. Without kms:Decrypt the first call fails, and the quick repair is the dangerous one: kms:* on every key, the secret under the default key, or the value in the environment after all.',
  fix: {
    serverless: `provider:
  iam:
    role:
      statements:
        - Effect: Allow
          Action: kms:Decrypt
          Resource: !GetAtt SecretsKey.Arn
          Condition: { StringEquals: { kms:ViaService: !Sub 'secretsmanager.\${AWS::Region}.amazonaws.com' } }`,
    cloudformation: `- Effect: Allow
  Action: kms:Decrypt
  Resource: !GetAtt SecretsKey.Arn
  Condition: { StringEquals: { kms:ViaService: !Sub 'secretsmanager.\${AWS::Region}.amazonaws.com' } }`,
  },
  docs: [
    {
      title: 'Secret encryption and decryption in AWS Secrets Manager: permissions for the KMS key',
      url: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-281'] },
  *check(project: Project): Iterable<Observation> {
    const secrets = underOwnKey(project);
    if (secrets.size === 0) return;
    for (const role of project.roles) {
      for (const { secret, key } of new Set([...readBy(role)].flatMap((id) => secrets.get(id) ?? []))) {
        if (rightToDecrypt(project, role, key) !== 'missing') continue;
        yield {
          message: `${role.name ?? role.id} may read ${secret.id} and has no kms:Decrypt on the key of the secret.`,
          span: role.span,
          subject: `${role.id} ${secret.id}`,
          related: [{ message: secret.id, span: secret.span }],
        };
      }
    }
  },
};

interface Locked {
  readonly secret: Secret;
  readonly key: KeyInUse;
}

/** Secrets under a key of the files, by what names them: their own id and those of their attachments. */
function underOwnKey(project: Project): ReadonlyMap<string, Locked> {
  const found = new Map<string, Locked>();
  for (const secret of project.secrets ?? []) {
    const [key] = secret.kmsKey ? keysOf(project, secret.kmsKey, undefined) : [];
    if (!key) continue;
    const locked = { secret, key };
    for (const { id } of [secret, ...secret.attachments]) found.set(id, locked);
  }
  return found;
}

/** What a role may read by name. `*` may be meant for other secrets. */
function readBy(role: Role): ReadonlySet<string> {
  const found = new Set<string>();
  for (const statement of role.statements) {
    if (allowed(statement, readActions.secrets).length === 0) continue;
    for (const node of statement.resources) {
      for (const one of possibilities(node)) if (one.kind === 'reference') found.add(one.id);
    }
  }
  return found;
}
