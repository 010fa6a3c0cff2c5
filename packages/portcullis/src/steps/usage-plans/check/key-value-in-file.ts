import type { Rule } from '../../../contract/index.ts';
import type { Span } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { literalValues } from '../facts.ts';

export const keyValueInFile: Rule = {
  id: 'usage-plans/key-value-in-file',
  step: 'usage-plans',
  severity: 'error',
  title: "API key's value stands in the file",
  attack:
    'Everybody who can read the repository, one of its forks, its history or the template in the deployment bucket has the key and calls the API in the name of that client. A value that is written down also stays the same in all stages and is hard to change after a leak.',
  fix: {
    serverless: `provider:
  apiGateway:
    apiKeys:
      - acme                                # without a value API Gateway makes one: aws apigateway get-api-keys --include-values`,
    cloudformation: `AcmeKey:
  Type: AWS::ApiGateway::ApiKey
  Properties:
    Name: acme
    Enabled: true                           # without Value API Gateway makes one`,
  },
  docs: [
    docs.usagePlans,
    {
      title: 'CloudFormation: AWS::ApiGateway::ApiKey',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-apikey.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-798', 'CWE-540'] },
  *check(project) {
    for (const key of project.apiKeys) {
      for (const span of literalValues(key)) {
        yield {
          message: `The value of the API key ${key.name ?? key.id} is written in the file${isTooShort(span) ? ', and it is shorter than the 20 characters that API Gateway asks for' : ''}.`,
          span,
          subject: key.id,
        };
      }
    }
  },
};

/** Letters of the value as it stands there, quotes apart (API reference, CreateApiKey: 20 to 128 characters). */
function isTooShort({ file, start, end }: Span): boolean {
  const text = file.text.slice(start, end);
  const quotes = /^["']/.test(text) ? 2 : 0;
  return text.length - quotes < 20 && !text.includes('${');
}
