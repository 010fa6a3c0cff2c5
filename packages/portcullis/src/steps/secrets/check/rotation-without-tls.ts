import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project, Secret } from '../../../project/index.ts';
import { databasesOf, tlsDemandOf, writtenJson } from '../databases.ts';

export const rotationWithoutTls: Rule = {
  id: 'secrets/rotation-without-tls',
  step: 'secrets',
  severity: 'warning',
  title: 'Rotation falls back to a connection without TLS',
  attack:
    'The rotation functions of AWS try TLS first and, when that fails, connect in the clear, unless the secret says `"ssl": true`. Whoever sits in the network of the database makes TLS fail and reads the old password, the new one, and the superuser password of a multi-user rotation.',
  fix: {
    serverless: `resources:
  Resources:
    DbSecret:
      Type: AWS::SecretsManager::Secret
      Properties:
        GenerateSecretString:
          SecretStringTemplate: '{"username": "orders", "ssl": true}'
          GenerateStringKey: password`,
    cloudformation: `GenerateSecretString:
  SecretStringTemplate: '{"username": "orders", "ssl": true}'
  GenerateStringKey: password`,
  },
  docs: [
    {
      title: 'JSON structure of AWS Secrets Manager database credential secrets',
      url: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html',
    },
    {
      title: 'Using SSL/TLS to encrypt a connection to a DB instance or cluster',
      url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-319', 'CWE-757'] },
  *check(project: Project): Iterable<Observation> {
    for (const secret of project.secrets ?? []) {
      const text = writtenJson(secret);
      if (text === undefined || saysTls(text) || !isByAws(secret)) continue;
      const demands = databasesOf(project, secret).map(tlsDemandOf);
      if (demands.length > 0 && demands.every((demand) => demand === 'on')) continue;
      const sure = demands.some((demand) => demand === 'off' || demand === 'default-off');
      const [rotation] = secret.rotations;
      if (!rotation) continue;
      yield {
        message: `${secret.id} does not say "ssl": true, so that its rotation may connect without TLS.`,
        span: secret.span,
        subject: secret.id,
        // Whether the server would take such a connection is not in the files.
        ...(sure ? {} : { severity: 'note' as const }),
        related: [{ message: rotation.id, span: rotation.span }],
      };
    }
  },
};

function saysTls(text: string): boolean {
  return /"ssl"\s{0,8}:\s{0,8}"?(?:true|1)/i.test(text);
}

/** Only the functions that AWS provides are known to behave so. */
function isByAws({ rotations }: Secret): boolean {
  return rotations.some(({ hosted }) => hosted !== undefined);
}
