import type { Rule } from '../../../contract/index.ts';
import { always } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { linksTo, plansAreUndecided } from '../facts.ts';

export const keyWithoutPlan: Rule = {
  id: 'usage-plans/key-without-plan',
  step: 'usage-plans',
  severity: 'warning',
  title: 'API key belongs to no usage plan',
  attack:
    'A key works only through a usage plan: without one API Gateway refuses it on every route that needs a key. What usually follows is that somebody takes the key off the routes to make the client work, and then they are open, without limit.',
  fix: {
    serverless: `provider:
  apiGateway:
    apiKeys:
      - partner:                            # the name of the plan
          - acme
          - globex
    usagePlan:
      - partner:
          throttle: { rateLimit: 50, burstLimit: 100 }
          quota: { limit: 100000, period: MONTH }`,
    cloudformation: `PartnerPlanKey:
  Type: AWS::ApiGateway::UsagePlanKey
  Properties:
    KeyId: !Ref PartnerKey
    KeyType: API_KEY
    UsagePlanId: !Ref PartnerPlan`,
  },
  docs: [docs.usagePlans, docs.frameworkKeys],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770'] },
  *check(project) {
    if (plansAreUndecided(project)) return;
    for (const key of project.apiKeys) {
      if (always(key.enabled, (enabled) => !enabled)) continue;
      if (project.usagePlans.some((plan) => plan.keys.some((link) => linksTo(link, key.id)))) continue;
      yield {
        message: `The API key ${key.name ?? key.id} belongs to no usage plan: nothing limits it, and API Gateway refuses it.`,
        span: key.span,
        subject: key.id,
      };
    }
  },
};
