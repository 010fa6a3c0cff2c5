import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { apisWithoutKeys } from '../idle-plans.ts';

export const planWithoutPrivateRoute: Rule = {
  id: 'usage-plans/plan-without-private-route',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Usage plan covers no route that needs a key',
  attack:
    'A plan counts requests by their API key. On routes that ask for no key it counts nothing: its throttle and quota never apply, and whoever sends no key is not limited at all.',
  fix: {
    serverless: `functions:
  createOrder:
    events:
      - http:
          method: post
          path: orders
          private: true                     # asks for the key`,
    cloudformation: `CreateOrderMethod:
  Type: AWS::ApiGateway::Method
  Properties:
    ApiKeyRequired: true`,
  },
  docs: [docs.usagePlans, docs.frameworkKeys],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770'] },
  *check(project) {
    for (const plan of project.usagePlans) {
      const apis = apisWithoutKeys(project, plan);
      if (!apis) continue;
      yield {
        message: `The usage plan ${plan.name ?? plan.id} covers ${apis.map((api) => api.name ?? api.id).join(', ')}, where no route asks for an API key: it limits nothing.`,
        span: plan.span,
        subject: plan.id,
      };
    }
  },
};
