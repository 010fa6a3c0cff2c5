import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { withArticle } from '../facts.ts';
import { literalsOf } from '../literals.ts';
import { pathText } from '../places.ts';

export const secretInParameterDefault: Rule = {
  id: 'secrets/secret-in-parameter-default',
  step: 'secrets',
  severity: 'error',
  title: 'Parameter has a secret as its default',
  attack:
    'The default is part of the template: it stands in the repository and is returned by cloudformation:GetTemplate, whether or not the parameter has NoEcho. A stack that is created without the parameter runs with a password that is published, and nothing says so.',
  fix: {
    serverless: `# No default: deploying without a value then fails. Better still, no parameter: let Secrets Manager make the value.
resources:
  Resources:
    DbSecret:
      Type: AWS::SecretsManager::Secret
      Properties:
        GenerateSecretString: { PasswordLength: 32, ExcludeCharacters: '"@/\\' }`,
    cloudformation: `# No default: creating the stack without a value then fails. Better still, no parameter: let Secrets Manager make the value.
DbSecret:
  Type: AWS::SecretsManager::Secret
  Properties:
    GenerateSecretString: { PasswordLength: 32, ExcludeCharacters: '"@/\\' }`,
  },
  docs: [
    {
      title: 'CloudFormation template Parameters syntax: NoEcho',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-798', 'CWE-312'] },
  *check(project: Project): Iterable<Observation> {
    for (const { uses, verdict, span } of literalsOf(project)) {
      const definition = uses.find(({ context }) => context === 'parameter-default');
      if (!definition) continue;
      const path = pathText(definition.path);
      yield {
        message:
          verdict.confidence === 'weak'
            ? `${path} is ${withArticle(verdict.what)} that anyone can guess; NoEcho does not hide a default.`
            : `${path} is ${withArticle(verdict.what)} in plain text; NoEcho does not hide a default.`,
        span,
        subject: path,
      };
    }
  },
};
