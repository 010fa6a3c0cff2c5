import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { takesSecureString } from '../facts.ts';
import { type Place, pathText, placesOf, writtenText } from '../places.ts';

export const ssmSecureWhereRefused: Rule = {
  id: 'secrets/ssm-secure-where-refused',
  step: 'secrets',
  severity: 'error',
  title: 'ssm-secure reference where CloudFormation refuses it',
  attack:
    'CloudFormation takes {{resolve:ssm-secure:...}} only in a short list of properties and fails the deployment anywhere else. What follows in practice is the quick way out: the value is stored as a plain String parameter, or written into the environment, where everybody who may read the function reads it.',
  fix: {
    serverless: `# Give the function the name of the parameter and read it at run time, with decryption.
provider:
  environment:
    DB_PASSWORD_PARAMETER: /\${self:service}/\${sls:stage}/db-password`,
    cloudformation: `# Functions: pass the name of the parameter and read it at run time. Other properties: keep the value in Secrets Manager,
# whose references are taken everywhere.
MasterUserPassword: !Sub '{{resolve:secretsmanager:\${DbSecret}::password}}'`,
  },
  docs: [
    {
      title: 'Get a secure string value from Systems Manager Parameter Store: resources that support it',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-522'] },
  *check(project: Project): Iterable<Observation> {
    for (const place of placesOf(project)) {
      if (!mentions(place) || isTaken(place)) continue;
      // Below custom and params it is only a text; where it is used it is reported.
      if (place.context === 'custom' || place.context === 'params') continue;
      const path = pathText(place.path);
      yield {
        message: `${path} holds a {{resolve:ssm-secure:...}} reference, which CloudFormation refuses there: the deployment fails.`,
        span: place.entry,
        subject: path,
      };
    }
  },
};

function mentions({ node }: Place): boolean {
  return writtenText(node)?.includes('{{resolve:ssm-secure:') ?? false;
}

function isTaken({ resourceType, path }: Place): boolean {
  const properties = path.slice(path.indexOf('Properties') + 1).filter((part) => Number.isNaN(Number(part)));
  return resourceType !== undefined && (takesSecureString[resourceType]?.includes(properties.join('.')) ?? false);
}
