import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { limits } from '../facts.ts';

export const planWithoutThrottle: Rule = {
  id: 'usage-plans/plan-without-throttle',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Usage plan has no throttle',
  attack:
    'One client, or whoever holds its key, sends as many requests a second as the account allows (10,000 in most regions). All APIs of the account share that limit, so the others are refused, and every request that gets through is paid for.',
  fix: {
    serverless: `provider:
  apiGateway:
    usagePlan:
      throttle:
        rateLimit: 50                       # requests a second
        burstLimit: 100
      quota: { limit: 100000, period: MONTH }`,
    cloudformation: `PartnerPlan:
  Type: AWS::ApiGateway::UsagePlan
  Properties:
    Throttle:
      RateLimit: 50                         # requests a second
      BurstLimit: 100`,
  },
  docs: [docs.throttling, docs.usagePlans],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-770', 'CWE-799'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      if (limits(plan.throttle)) continue;
      if (plan.stages.some((stage) => stage.throttles.some(limits))) continue;
      yield {
        message: `The usage plan ${plan.name ?? plan.id} has no throttle: each of its keys may use the whole account's request rate.`,
        span: plan.span,
        subject: plan.id,
      };
    }
  },
};
