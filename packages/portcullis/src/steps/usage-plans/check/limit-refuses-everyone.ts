import type { Observation, Rule } from '../../../contract/index.ts';
import { type Fact, sometimes, type Throttle } from '../../../project/index.ts';
import { docs } from '../docs.ts';

export const limitRefusesEveryone: Rule = {
  id: 'usage-plans/limit-refuses-everyone',
  step: 'usage-plans',
  severity: 'note',
  title: 'Limit of zero refuses every request',
  attack:
    'Zero is not "no limit": API Gateway answers 429 to everybody. Somebody will mend that in a hurry, and the quick way is to take the ' +
    'throttle out altogether: then nothing limits the route any more.',
  fix: {
    serverless: `provider:
  apiGateway:
    usagePlan:
      throttle: { rateLimit: 50, burstLimit: 100 }   # requests a second; at most at once
      quota: { limit: 100000, period: MONTH }`,
    cloudformation: `PartnerPlan:
  Type: AWS::ApiGateway::UsagePlan
  Properties:
    Throttle: { RateLimit: 50, BurstLimit: 100 }     # requests a second; at most at once
    Quota: { Limit: 100000, Period: MONTH }`,
  },
  docs: [docs.throttling, docs.httpThrottling],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      const name = `The usage plan ${plan.name ?? plan.id}`;
      yield* zero(name, plan.id, plan.throttle);
      for (const stage of plan.stages)
        for (const throttle of stage.throttles)
          yield* zero(
            `${name} for ${throttle.method} ${throttle.path}`,
            `${plan.id} ${throttle.path} ${throttle.method}`,
            throttle,
          );
      if (plan.quota && isZero(plan.quota.limit)) {
        yield {
          message: `${name} has a quota of 0: its keys open nothing.`,
          span: plan.quota.span,
          subject: `${plan.id} quota`,
        };
      }
    }
    for (const api of project.apis) {
      for (const stage of api.stages)
        for (const throttle of stage.throttles) {
          const route = throttle.path === '*' ? '' : ` for ${throttle.method} ${throttle.path}`;
          yield* zero(
            `The stage ${stage.id} of ${api.name ?? api.id}${route}`,
            `${stage.id} ${throttle.path} ${throttle.method}`,
            throttle,
          );
        }
    }
  },
};

function* zero(name: string, subject: string, throttle: Throttle | undefined): Generator<Observation> {
  if (!throttle || !(isZero(throttle.rate) || isZero(throttle.burst))) return;
  const which = isZero(throttle.rate) ? 'rate' : 'burst';
  yield {
    message: `${name} has a ${which} limit of 0: every request is answered with 429.`,
    span: throttle.span,
    subject,
  };
}

const isZero = (fact: Fact<number> | undefined) => fact !== undefined && sometimes(fact, (value) => value === 0);
