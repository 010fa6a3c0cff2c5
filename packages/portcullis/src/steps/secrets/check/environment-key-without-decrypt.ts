import type { Observation, Rule } from '../../../contract/index.ts';
import { get, type LambdaFunction, type Project } from '../../../project/index.ts';
import { keysOf, type Right, rightToDecrypt, rolesOf } from '../decryption.ts';

export const environmentKeyWithoutDecrypt: Rule = {
  id: 'secrets/environment-key-without-decrypt',
  step: 'secrets',
  severity: 'warning',
  title: 'Function has a key for its environment and no right to decrypt with it',
  attack:
    'Lambda decrypts the environment with the rights of the function. Without kms:Decrypt it hangs on a grant that Lambda made when the function was deployed, and once that grant is gone (a role that was made again, a key whose grants were cleaned up) the function no longer starts. Under pressure people then take the key away or allow kms:* on everything, and the environment lies open. The framework adds the right only for a key that is written as text.',
  fix: {
    serverless: `provider:
  iam:
    role:
      statements:
        - Effect: Allow
          Action: kms:Decrypt
          Resource: !GetAtt EnvironmentKey.Arn   # the same value as kmsKeyArn`,
    cloudformation: `Policies:   # of the function's role
  - PolicyName: environment-key
    PolicyDocument:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Action: kms:Decrypt
          Resource: !GetAtt EnvironmentKey.Arn`,
  },
  docs: [
    {
      title: 'Securing Lambda environment variables',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html',
    },
    {
      title: 'Troubleshoot configuration issues in Lambda: KMSAccessDeniedException',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-281'] },
  *check(project: Project): Iterable<Observation> {
    // Roles are shared: one finding for each role and key, with the functions that it concerns.
    const found = new Map<string, { functions: LambdaFunction[]; role: string; elsewhere: boolean }>();
    const rights = new Map<string, Right>();
    for (const fn of project.functions) {
      if (!fn.kmsKey || fn.environment.length === 0) continue;
      const node = get(project.resources.get(fn.id)?.properties, 'KmsKeyArn');
      for (const key of keysOf(project, fn.kmsKey, node)) {
        for (const role of rolesOf(project, fn.role)) {
          const place = key.kind === 'local' ? key.key.id : `${key.node.span.file.path}:${key.node.span.start}`;
          const right = rights.get(`${role.id} ${place}`) ?? rightToDecrypt(project, role, key);
          rights.set(`${role.id} ${place}`, right);
          if (right !== 'missing') continue;
          const id = `${role.id} ${key.kind === 'local' ? key.key.id : 'a key elsewhere'}`;
          const known = found.get(id);
          if (known) known.functions.push(fn);
          else found.set(id, { functions: [fn], role: role.name ?? role.id, elsewhere: key.kind === 'elsewhere' });
        }
      }
    }
    for (const [subject, { functions, role, elsewhere }] of found) {
      const [first, ...others] = functions;
      if (!first) continue;
      const names = functions.length === 1 ? first.name : `${first.name} and ${functions.length - 1} more`;
      yield {
        message: `The environment of ${names} is encrypted with a customer managed key, and ${role} has no kms:Decrypt on it.`,
        span: first.span,
        subject,
        ...(elsewhere
          ? { question: `Does the policy of the key, which is not in these files, let ${role} decrypt?` }
          : {}),
        together: others.map(({ span }) => span),
        related: others.slice(0, 10).map((fn) => ({ message: fn.name, span: fn.span })),
      };
    }
  },
};
