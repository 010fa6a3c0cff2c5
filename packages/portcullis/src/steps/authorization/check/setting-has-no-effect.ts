import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';

export const settingHasNoEffect: Rule = {
  id: 'authorization/setting-has-no-effect',
  step: 'authorization',
  severity: 'warning',
  title: 'Authorization setting has no effect where it stands',
  attack:
    'The file says that a route is guarded and what gets deployed does not: the setting stands where nobody reads it. Whoever calls the route without credentials gets an answer, and whoever reads the file does not see why.',
  fix: {
    serverless: `functions:
  createOrder:
    events:
      - http:
          method: post
          path: orders
          authorizer: authorize             # below the event, beside method and path`,
    cloudformation: { notApplicable: 'CloudFormation refuses properties that it does not know' },
  },
  docs: [docs.frameworkHttp, docs.frameworkHttpApi, docs.restAccess],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1188', 'CWE-306'] },
  *check(project) {
    for (const setting of project.ignored) {
      if (setting.step !== 'authorization') continue;
      yield {
        message: `${setting.path} has no effect. ${setting.reason}. ${setting.instead}.`,
        span: setting.span,
        subject: setting.path,
      };
    }
  },
};
