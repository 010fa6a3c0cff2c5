import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project, Span } from '../../../project/index.ts';
import { isEnvironment, resolvedByFramework, sourceNames, withArticle } from '../facts.ts';
import { type Place, pathText } from '../places.ts';
import { exposedThroughVariables, type Through } from '../through.ts';

export const secretInTemplateThroughVariable: Rule = {
  id: 'secrets/secret-in-template-through-variable',
  step: 'secrets',
  severity: 'warning',
  title: 'Secret ends as plain text in what is deployed',
  attack:
    'The variable is replaced by the value before or while it is deployed. From then on whoever may call lambda:GetFunctionConfiguration, read the template or open the deployment bucket reads the secret, without any right on Parameter Store or Secrets Manager and without a trace there. Old function versions and old deployments keep it, so rotating the secret neither reaches the function nor cleans up.',
  fix: {
    serverless: `# Pass the name and read the value at run time (with decryption, and cached for some minutes).
provider:
  environment:
    DB_PASSWORD_PARAMETER: /\${self:service}/\${sls:stage}/db-password
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ssm:GetParameter
          Resource: arn:aws:ssm:\${aws:region}:\${aws:accountId}:parameter/\${self:service}/\${sls:stage}/db-password`,
    cloudformation: `# Pass the ARN and read the value at run time. Containers and builds have a field of their own for it:
# ECS: Secrets: [{Name: DB_PASSWORD, ValueFrom: !Ref DbSecret}], CodeBuild: Type: SECRETS_MANAGER.
Environment:
  Variables:
    DB_SECRET_ARN: !Ref DbSecret`,
  },
  docs: [
    {
      title: 'Working with Lambda environment variables: securing environment variables',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html',
    },
    {
      title: 'Using dynamic references to specify template values',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html',
    },
  ],
  mappings: { fsbp: ['CodeBuild.2', 'ECS.8'], owasp: ['API8:2023'], cwe: ['CWE-312', 'CWE-522'] },
  *check(project: Project): Iterable<Observation> {
    for (const through of exposedThroughVariables(project)) {
      const { place } = through;
      const path = pathText(place.path);
      yield {
        message: `${path} takes ${withArticle(through.what)} from ${sourceName(through)}; ${where(through, project.format)}.`,
        span: spanOf(place),
        subject: path,
      };
    }
  },
};

function sourceName({ origin, place }: Through): string {
  if (place.node.kind === 'reference') return `the attribute ${origin.address}`;
  if (origin.address.startsWith('/aws/reference/secretsmanager/')) return 'Secrets Manager';
  if (origin.source === 'dynamic-reference') {
    return origin.address.startsWith('secretsmanager:') ? 'Secrets Manager' : 'Parameter Store';
  }
  return sourceNames[origin.source] ?? 'a variable';
}

function where({ origin, place }: Through, format: Project['format']): string {
  // A parameter of the type AWS::SSM::Parameter::Value is resolved by CloudFormation itself.
  const byFramework = format === 'serverless' && resolvedByFramework.has(origin.source);
  const holder = holderOf(place);
  return byFramework
    ? `it ends as plain text in the template, the state file, the deployment bucket and ${holder}`
    : `it ends as plain text in ${holder}`;
}

function holderOf(place: Place): string {
  if (!isEnvironment(place)) return 'the properties of the resource';
  if (place.resourceType === 'AWS::ECS::TaskDefinition') return 'the task definition';
  return place.resourceType === undefined || place.resourceType === 'AWS::Lambda::Function'
    ? 'the configuration of the function'
    : 'the configuration of the resource';
}

/** Environments of containers and builds are lists of names and values: of a pair on two lines the value is the one to change. */
function spanOf(place: Place): Span {
  const { entry, node, resourceType } = place;
  const isFunction = resourceType === undefined || resourceType === 'AWS::Lambda::Function';
  return isFunction ? entry : (node.from?.[0]?.span ?? node.span);
}
