import type { Rule } from '../../../contract/index.ts';
import { docs } from '../docs.ts';
import { standings } from '../facts.ts';
import { reaching } from '../reaching.ts';
import { routeName } from '../routes.ts';

export const routeMayBeOpen: Rule = {
  id: 'authorization/route-may-be-open',
  step: 'authorization',
  severity: 'warning',
  title: 'Whether the route is closed cannot be seen in the files',
  attack:
    'The gateway lets every request through; what keeps strangers out, if anything does, is the network around it or a check in the code. Such a check is easy to forget on one path or in one refactoring, and nothing in front of it notices.',
  fix: {
    serverless: `functions:
  api:
    events:
      - http:
          method: any
          path: '{proxy+}'
          authorizer: authorize             # the gateway refuses what the code would have to refuse`,
    cloudformation: `ProxyMethod:
  Type: AWS::ApiGateway::Method
  Properties:
    AuthorizationType: CUSTOM               # the gateway refuses what the code would have to refuse
    AuthorizerId: !Ref ApiAuthorizer`,
  },
  docs: [docs.restAccess, docs.httpAccess, docs.resourcePolicies, docs.privateApis, docs.loadBalancerLogin],
  mappings: { fsbp: [], owasp: ['API2:2023'], cwe: ['CWE-306'] },
  *check(project) {
    for (const { route, standing } of standings(project)) {
      if (standing.verdict !== 'question') continue;
      const { path, rank } = reaching(project, route);
      yield {
        message: `${routeName(route)} ${standing.why ?? ''}${standing.kind === 'none' ? '; the gateway asks for no credentials' : ''}.`,
        span: route.span,
        subject: route.id,
        route: route.id,
        path,
        rank,
        ...(standing.question === undefined ? {} : { question: standing.question }),
        // Nothing, or only the answer to a preflight, is behind it: worth knowing, no reason to stop.
        ...(standing.harmless ? { severity: 'note' as const, state: 'half-open' as const } : {}),
      };
    }
  },
};
