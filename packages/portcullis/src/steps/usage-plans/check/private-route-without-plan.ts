import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { keyRequired, plansAreUndecided, plansOf, routeName, stagesLieElsewhere } from '../facts.ts';

export const privateRouteWithoutPlan: Rule = {
  id: 'usage-plans/private-route-without-plan',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Route needs an API key and no usage plan covers it',
  attack:
    'A route that needs a key refuses everyone until a usage plan covers its stage. Either nobody can call it, and the key will be taken off to make it work, or a plan that was made by hand covers it, with limits that nobody sees or reviews here.',
  fix: {
    serverless: `provider:
  apiGateway:
    apiKeys: [acme]
    usagePlan:
      throttle: { rateLimit: 50, burstLimit: 100 }
      quota: { limit: 100000, period: MONTH }`,
    cloudformation: `PartnerPlan:
  Type: AWS::ApiGateway::UsagePlan
  Properties:
    ApiStages:
      - ApiId: !Ref RestApi
        Stage: !Ref ProdStage
    Throttle: { RateLimit: 50, BurstLimit: 100 }
    Quota: { Limit: 100000, Period: MONTH }`,
    sam: `OrdersApi:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth:
      UsagePlan:
        CreateUsagePlan: PER_API
        Throttle: { RateLimit: 50, BurstLimit: 100 }
        Quota: { Limit: 100000, Period: MONTH }`,
  },
  docs: [docs.usagePlans, docs.frameworkKeys],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770'] },
  *check(project) {
    if (plansAreUndecided(project)) return;
    for (const api of project.apis) {
      if (api.kind !== 'rest' && api.kind !== 'websocket') continue;
      // The stack that owns the API and its stage has the plan as well, as a rule.
      if (plansOf(project, api).length > 0 || stagesLieElsewhere(project, api)) continue;
      const needing = api.routes.filter((route) => keyRequired(route) === true);
      const [first] = needing;
      if (!first) continue;
      const others = needing.length - 1;
      // One cause, one finding: a single plan covers all of them.
      yield {
        message: `${routeName(first)}${others === 0 ? ' needs' : ` and ${others} more ${others === 1 ? 'route' : 'routes'} need`} an API key, and no usage plan of this project covers the API.`,
        span: first.span,
        together: needing.map(({ span }) => span),
        subject: api.id,
        // The plan may be made elsewhere, or the key may open nothing.
        state: 'unknown',
        question: 'Does a usage plan in another stack or made by hand cover this stage?',
      };
    }
  },
};
