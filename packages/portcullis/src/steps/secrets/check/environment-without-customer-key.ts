import type { Observation, Rule } from '../../../contract/index.ts';
import type { LambdaFunction, Project } from '../../../project/index.ts';
import { keyOf, literalsOf } from '../literals.ts';
import { exposedThroughVariables } from '../through.ts';

export const environmentWithoutCustomerKey: Rule = {
  id: 'secrets/environment-without-customer-key',
  step: 'secrets',
  severity: 'note',
  title: 'Environment with a secret has no customer key',
  attack:
    'With the default key every principal that may call lambda:GetFunctionConfiguration reads the environment in plain text. With a customer key it also needs kms:Decrypt on that key, so that auditors, dashboards and deployment roles see the function and not its secrets. It is the second best way: best is no secret in the environment at all.',
  fix: {
    serverless: `provider:
  kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/...   # written as text: osls then adds kms:Decrypt to the role`,
    cloudformation: `KmsKeyArn: !GetAtt EnvironmentKey.Arn`,
  },
  docs: [
    {
      title: 'Working with Lambda environment variables: securing environment variables',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-311', 'CWE-522'] },
  *check(project: Project): Iterable<Observation> {
    const secret = new Set(literalsOf(project).map(({ span }) => keyOf(span)));
    for (const { place } of exposedThroughVariables(project)) secret.add(keyOf(place.node.span));
    const open = project.functions.filter(
      (fn) => !fn.kmsKey && fn.environment.some(({ value }) => secret.has(keyOf(value.span))),
    );
    // One finding for all: the key is one setting of the provider, or the same for every function.
    const [first, ...others] = open;
    if (!first) return;
    yield {
      message: `${names(open)} ${open.length === 1 ? 'has' : 'have'} a secret in the environment, encrypted with the default key of Lambda only.`,
      span: first.span,
      subject: 'environment',
      together: others.map(({ span }) => span),
      related: others.slice(0, 10).map((fn) => ({ message: fn.name, span: fn.span })),
    };
  },
};

function names(functions: readonly LambdaFunction[]): string {
  const shown = functions.slice(0, 3).map((fn) => fn.name);
  const more = functions.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
