import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';

export const missingQuota: Rule = {
  id: 'usage-plans/missing-quota',
  step: 'usage-plans',
  severity: 'note',
  title: 'Usage plan has no quota',
  attack:
    'A throttle limits the speed and not the sum: at 50 requests a second a client, or whoever holds its key, can copy four million records in a day. A quota ends that and makes the bill predictable. It is best effort: AWS may let a few requests more through.',
  fix: {
    serverless: `provider:
  apiGateway:
    usagePlan:
      quota: { limit: 100000, period: MONTH }`,
    cloudformation: `PartnerPlan:
  Type: AWS::ApiGateway::UsagePlan
  Properties:
    Quota: { Limit: 100000, Period: MONTH }`,
  },
  docs: [docs.usagePlans],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API6:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      if (plan.quota?.limit) continue;
      yield {
        message: `The usage plan ${plan.name ?? plan.id} has no quota: nothing limits the sum of requests.`,
        span: plan.span,
        subject: plan.id,
      };
    }
  },
};
