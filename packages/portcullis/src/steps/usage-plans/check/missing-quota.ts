import type { Rule } from '../../../contract/index.ts';
import { type UsagePlan, valueOf } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { isIdle } from '../idle-plans.ts';

export const missingQuota: Rule = {
  id: 'usage-plans/missing-quota',
  step: 'usage-plans',
  severity: 'note',
  title: 'Usage plan has no quota that can be reached',
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
    sam: `OrdersApi:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth:
      UsagePlan:
        CreateUsagePlan: PER_API
        Quota: { Limit: 100000, Period: MONTH }`,
  },
  docs: [docs.usagePlans],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API6:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      if (plan.quota?.limit) {
        const reached = beyondThrottle(plan);
        if (reached === undefined) continue;
        yield {
          message: `The quota of the usage plan ${plan.name ?? plan.id} is never reached: its throttle lets through at most ${reached} requests in that time.`,
          span: plan.quota.span,
          subject: plan.id,
        };
        continue;
      }
      if (isIdle(project, plan)) continue;
      yield {
        message: `The usage plan ${plan.name ?? plan.id} has no quota: nothing limits the sum of requests.`,
        span: plan.span,
        subject: plan.id,
      };
    }
  },
};

const seconds = { DAY: 86_400, WEEK: 604_800, MONTH: 2_678_400 } as const;

/** How many requests the plan's rate admits in the quota's period, when that is not more than the quota. */
function beyondThrottle({ quota, throttle }: UsagePlan): number | undefined {
  const limit = quota?.limit && valueOf(quota.limit);
  const period = quota?.period && valueOf(quota.period);
  // Without a rate of its own a plan is limited by the account.
  const rate = (throttle?.rate && valueOf(throttle.rate)) ?? accountRate;
  if (limit === undefined || period === undefined || rate <= 0 || (throttle?.rate && throttle.rate.kind !== 'known'))
    return undefined;
  const most = Math.min(rate, accountRate) * seconds[period];
  return limit >= most ? Math.round(most) : undefined;
}

const accountRate = 10_000;
