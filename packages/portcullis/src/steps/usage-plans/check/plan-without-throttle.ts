import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { limits, strengthOf } from '../facts.ts';
import { isIdle } from '../idle-plans.ts';

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
    sam: `OrdersApi:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth:
      UsagePlan:
        CreateUsagePlan: PER_API
        Throttle: { RateLimit: 50, BurstLimit: 100 }`,
  },
  docs: [docs.throttling, docs.usagePlans],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-770', 'CWE-799'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      const strength = strengthOf(plan.throttle);
      if (strength === 'limit' || isIdle(project, plan)) continue;
      const name = `The usage plan ${plan.name ?? plan.id}`;
      if (strength === 'partial') {
        yield {
          message: `${name} has a throttle in one branch of a condition only: in the other each of its keys may use the whole account's request rate.`,
          span: plan.throttle?.span ?? plan.span,
          subject: plan.id,
        };
        continue;
      }
      if (strength === 'excessive') {
        yield {
          message: `${name} has a throttle that is not below the account's own limit (10,000 requests a second, bursts of 5,000): it limits nothing.`,
          span: plan.throttle?.span ?? plan.span,
          subject: plan.id,
          severity: 'note',
          state: 'half-open',
        };
        continue;
      }
      if (plan.stages.every((stage) => stage.throttles.some(limits))) continue;
      yield {
        message: `${name} has no throttle: each of its keys may use the whole account's request rate.`,
        span: plan.span,
        subject: plan.id,
      };
    }
  },
};
