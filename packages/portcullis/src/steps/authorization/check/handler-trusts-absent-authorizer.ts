import type { Rule } from '../../../contract/index.ts';
import { have, openHandlers, routeNames } from '../code.ts';
import { docs } from '../docs.ts';

export const handlerTrustsAbsentAuthorizer: Rule = {
  id: 'authorization/handler-trusts-absent-authorizer',
  step: 'authorization',
  severity: 'warning',
  title: 'Code takes its user from an authorizer that the route does not have',
  attack:
    'The code was written for a route with an authorizer, and this one has none: `requestContext.authorizer` is absent, so the user is `undefined` or the default that stands in the code. Queries for the user `undefined` find what other anonymous calls have left, filters by user fall away, and a default such as a test user is an identity that everybody has.',
  fix: {
    serverless: `functions:
  listOrders:
    events:
      - http:
          path: orders
          method: get
          authorizer:
            type: COGNITO_USER_POOLS
            authorizerId: !Ref ApiAuthorizer`,
    cloudformation: `ListOrders:
  Type: AWS::ApiGateway::Method
  Properties:
    AuthorizationType: COGNITO_USER_POOLS
    AuthorizerId: !Ref ApiAuthorizer`,
    sam: `Events:
  ListOrders:
    Type: Api
    Properties:
      Path: /orders
      Method: get
      Auth:
        Authorizer: Customers`,
  },
  docs: [docs.restAccess, docs.httpAccess],
  mappings: { fsbp: [], owasp: ['API2:2023'], cwe: ['CWE-306', 'CWE-287'] },
  *check(project) {
    for (const { function: fn, code, open, others } of openHandlers(project)) {
      const [first, ...more] = code.identityReads;
      if (!first || code.asksForIdentity) continue;
      // A function behind open and closed routes may look at the user only behind the closed ones.
      if (others.length > 0 && code.dispatches) continue;
      const route = open[0]?.route;
      yield {
        message: `${fn.name} takes \`requestContext.authorizer.${first.name}\` as its user${first.hasDefault ? ', or a default in its place,' : ''} without asking whether it is there, and ${routeNames(open)} ${have(open)} no authorizer.`,
        span: first.span,
        subject: `${fn.id} identity`,
        route: route?.id,
        question: 'What does the code do for a caller without a user?',
        related: [
          ...(route ? [{ message: 'the route without an authorizer', span: route.span }] : []),
          ...more.slice(0, 3).map(({ span }) => ({ message: 'read here too', span })),
        ],
      };
    }
  },
};
