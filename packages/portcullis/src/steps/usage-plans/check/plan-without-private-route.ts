import type { Rule } from '../../../contract/index.ts';
import { type Api, type Project, type UsagePlan, valueOf } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { keyRequired } from '../facts.ts';

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
      const apis = coveredApis(project, plan);
      if (!apis || apis.length === 0) continue;
      if (apis.some((api) => api.unreadRoutes.length > 0 || api.routes.length === 0)) continue;
      // HTTP APIs have a rule of their own.
      if (apis.some(({ kind }) => kind !== 'rest')) continue;
      if (apis.some((api) => api.routes.some((route) => keyRequired(route) !== false))) continue;
      yield {
        message: `The usage plan ${plan.name ?? plan.id} covers ${apis.map((api) => api.name ?? api.id).join(', ')}, where no route asks for an API key: it limits nothing.`,
        span: plan.span,
        subject: plan.id,
      };
    }
  },
};

/** The APIs that the plan covers, or undefined when one of them lies elsewhere or is not decided. */
function coveredApis(project: Project, plan: UsagePlan): readonly Api[] | undefined {
  const found: Api[] = [];
  for (const stage of plan.stages) {
    const link = valueOf(stage.api);
    const api = link && project.apis.find(({ id }) => id === (link.kind === 'local' ? link.id : link.name));
    if (!api) return undefined;
    if (!found.includes(api)) found.push(api);
  }
  return found;
}
