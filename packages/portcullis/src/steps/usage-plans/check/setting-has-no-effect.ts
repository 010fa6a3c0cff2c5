import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { meantForHttpApi } from '../facts.ts';

export const settingHasNoEffect: Rule = {
  id: 'usage-plans/setting-has-no-effect',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Key or plan setting has no effect where it stands',
  attack:
    'The file holds a throttle, a quota or a key, and what gets deployed does not: the setting stands where nobody reads it. Clients are not limited, and whoever reviews the file believes that they are.',
  fix: {
    serverless: `provider:
  name: aws
  apiGateway:                               # keys and plans stand below apiGateway
    apiKeys: [acme]
    usagePlan:
      throttle: { rateLimit: 50, burstLimit: 100 }
      quota: { limit: 100000, period: MONTH }`,
    cloudformation: { notApplicable: 'CloudFormation refuses properties that it does not know' },
  },
  docs: [docs.frameworkKeys],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770', 'CWE-1188'] },
  *check(project) {
    for (const setting of project.ignored) {
      if (setting.step !== 'usage-plans' || meantForHttpApi(project, setting)) continue;
      // Beside a plan they do no harm, and without one key-without-plan speaks of the key.
      if (setting.path.endsWith('.StageKeys')) continue;
      yield {
        message: `${setting.path} has no effect. ${setting.reason}. ${setting.instead}.`,
        span: setting.span,
        subject: setting.path,
      };
    }
  },
};
