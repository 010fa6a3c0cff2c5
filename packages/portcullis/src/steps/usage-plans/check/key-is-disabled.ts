import type { Rule } from '../../../contract/index.ts';
import { always, get } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { linksTo } from '../facts.ts';

export const keyIsDisabled: Rule = {
  id: 'usage-plans/key-is-disabled',
  step: 'usage-plans',
  severity: 'note',
  title: 'API key of a usage plan is disabled',
  attack:
    'API Gateway refuses a disabled key, and CloudFormation makes a disabled one unless `Enabled` is true. The client cannot call; ' +
    'what follows as a rule is a second key made by hand in the console, in a plan that nobody reviews, or a route without a key.',
  fix: {
    serverless: `provider:
  apiGateway:
    apiKeys:
      - name: acme
        enabled: true`,
    cloudformation: `AcmeKey:
  Type: AWS::ApiGateway::ApiKey
  Properties:
    Name: acme
    Enabled: true`,
  },
  docs: [
    {
      title: 'CloudFormation: AWS::ApiGateway::ApiKey',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-apikey.html',
    },
    docs.usagePlans,
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1188'] },
  *check(project) {
    for (const key of project.apiKeys) {
      if (!always(key.enabled, (enabled) => !enabled)) continue;
      const plan = project.usagePlans.find(({ keys }) => keys.some((link) => linksTo(link, key.id)));
      if (!plan) continue;
      const written = get(project.resources.get(key.id)?.properties, 'Enabled') !== undefined;
      const why = written ? 'is disabled' : 'is disabled, because nothing says Enabled: true';
      yield {
        message: `The API key ${key.name ?? key.id} of the usage plan ${plan.name ?? plan.id} ${why}: API Gateway refuses it.`,
        span: key.span,
        subject: key.id,
      };
    }
  },
};
