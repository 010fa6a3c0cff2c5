import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { isDeployed, withArticle } from '../facts.ts';
import { type Literal, literalsOf } from '../literals.ts';
import { pathText } from '../places.ts';

export const literalSecret: Rule = {
  id: 'secrets/literal-secret',
  step: 'secrets',
  severity: 'error',
  title: 'Secret is written in the configuration',
  attack:
    'Everybody who may read the repository has the secret, and so has everybody who ever cloned it: taking the line out does not take it out of the history. At every deployment it is copied to the template, the state file and the deployment bucket, and every published version of the function keeps its own copy. Leaked keys are found by machines within minutes and used from outside.',
  fix: {
    serverless: `# 1. Make the value worthless: issue a new one where it came from.
# 2. Keep the new one in Parameter Store or Secrets Manager (aws ssm put-parameter --type SecureString ...).
# 3. Give the function its name and read it at run time.
provider:
  environment:
    STRIPE_KEY_PARAMETER: /\${self:service}/\${sls:stage}/stripe-key
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ssm:GetParameter
          Resource: arn:aws:ssm:\${aws:region}:\${aws:accountId}:parameter/\${self:service}/\${sls:stage}/stripe-key`,
    cloudformation: `# 1. Make the value worthless: issue a new one where it came from.
# 2. Let Secrets Manager make or keep the new one.
DatabaseSecret:
  Type: AWS::SecretsManager::Secret
  Properties:
    GenerateSecretString: { SecretStringTemplate: '{"username": "orders"}', GenerateStringKey: password, ExcludeCharacters: '"@/\\' }
# 3. Resources take a dynamic reference, functions take the ARN and read it at run time.
Database:
  Type: AWS::RDS::DBInstance
  Properties:
    MasterUserPassword: !Sub '{{resolve:secretsmanager:\${DatabaseSecret}::password}}'`,
  },
  docs: [
    {
      title: 'Retrieve Lambda secrets: AWS Secrets Manager',
      url: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_lambda.html',
    },
    {
      title: 'AWS CloudFormation best practices: do not embed credentials in your templates',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/best-practices.html',
    },
  ],
  mappings: { fsbp: ['CodeBuild.2', 'ECS.8'], owasp: ['API8:2023'], cwe: ['CWE-798', 'CWE-312'] },
  *check(project: Project): Iterable<Observation> {
    for (const literal of literalsOf(project)) {
      const definition = definitionOf(literal);
      if (belongsElsewhere(literal)) continue;
      const path = pathText(definition.path);
      yield { ...observe(literal, path), related: related(literal, path) };
    }
  },
};

/** Defaults of parameters, outputs and values of API keys have rules of their own. */
function belongsElsewhere({ uses }: Literal): boolean {
  return (
    uses.some(({ context }) => context === 'parameter-default') ||
    uses.some(({ context }) => context === 'api-key') ||
    uses.every(({ context }) => context === 'output')
  );
}

/** The entry in which the text stands: its node did not come through a variable. */
function definitionOf({ uses, place }: Literal) {
  return uses.find(({ node }) => !node.from?.length) ?? place;
}

const ranks = { certain: 2, likely: 1, weak: 0 } as const;

function observe({ verdict, span, place }: Literal, path: string): Observation {
  if (verdict.confidence === 'weak' && !isDeployed(place)) {
    return {
      // An ordinary word is often a stand-in for local runs, so this alone does not open the gate.
      severity: 'warning',
      message: `${path} holds ${withArticle(verdict.what)} that anyone can guess.`,
      span,
      subject: path,
      question:
        "Is this value only used on developers' machines? What is deployed must come from Parameter Store or Secrets Manager.",
    };
  }
  return {
    message: `${path} ${verdict.evidence === 'text' ? 'contains' : 'holds'} ${withArticle(verdict.what)} in plain text.`,
    span,
    subject: path,
    rank: ranks[verdict.confidence],
  };
}

/** Where else the value arrives. The entry that holds it is named by the message; the name of `{Name, Value}` may stand on another line. */
function related({ uses, span }: Literal, own: string): { message: string; span: Observation['span'] }[] {
  return uses
    .filter(
      ({ entry, path }) =>
        pathText(path) !== own &&
        (entry.file !== span.file || span.file.position(entry.start).line !== span.file.position(span.start).line),
    )
    .slice(0, 10)
    .map(({ path, entry }) => ({ message: `used by ${pathText(path)}`, span: entry }));
}
