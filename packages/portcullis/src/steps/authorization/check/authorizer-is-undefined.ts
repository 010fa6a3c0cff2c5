import type { Rule } from '../../../contract/index.ts';
import { outcomes } from '../../../project/index.ts';
import { missingAuthorizer } from '../authorizers.ts';
import { docs } from '../docs.ts';
import { standings } from '../facts.ts';
import { routeName } from '../routes.ts';

export const authorizerIsUndefined: Rule = {
  id: 'authorization/authorizer-is-undefined',
  step: 'authorization',
  severity: 'error',
  title: 'Route names an authorizer that does not exist',
  attack:
    'The route looks guarded in review and is not: nothing with that name is defined. The deployment fails, and the quick way to make it pass is to take the authorizer off the route, which then is open to everyone.',
  fix: {
    serverless: `functions:
  authorize:                                # the name that the event refers to
    handler: src/authorize.handler
  createOrder:
    events:
      - http: { method: post, path: orders, authorizer: authorize }`,
    cloudformation: `ApiAuthorizer:                              # the logical id that AuthorizerId refers to
  Type: AWS::ApiGateway::Authorizer
  Properties:
    Name: customers
    RestApiId: !Ref RestApi
    Type: COGNITO_USER_POOLS
    IdentitySource: method.request.header.Authorization
    ProviderARNs: [!GetAtt UserPool.Arn]`,
  },
  docs: [docs.lambdaAuthorizer, docs.frameworkHttp, docs.frameworkHttpApi],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-306'] },
  *check(project) {
    for (const { route, standing } of standings(project)) {
      if (standing.verdict !== 'missing-authorizer') continue;
      const [id] = outcomes(route.authorization).flatMap((outcome) => {
        const missing = outcome.kind === 'known' ? missingAuthorizer(project, outcome.value) : undefined;
        return missing === undefined ? [] : [missing];
      });
      yield {
        message: `${routeName(route)} names an authorizer that is defined nowhere in the project${id ? ` (${id})` : ''}.`,
        span: route.span,
        subject: route.id,
        route: route.id,
        // It does not deploy like this, so nobody can say yet who may enter.
        state: 'unknown',
      };
    }
  },
};
