import type { Observation, Rule } from '../../../contract/index.ts';
import { type Authorizer, type Project, sometimes } from '../../../project/index.ts';
import { displayName } from '../authorizers.ts';
import { docs } from '../docs.ts';
import { asksForNoScope, changesSomething, type GuardedRoute, guardedBy } from '../guarding.ts';
import { reaching } from '../reaching.ts';
import { routeName } from '../routes.ts';

export const writeRouteAsksForNoScope: Rule = {
  id: 'authorization/write-route-asks-for-no-scope',
  step: 'authorization',
  severity: 'note',
  title: 'Routes that change data accept every token of the user pool',
  attack:
    'Every application that may sign users in at the pool gets tokens that this authorizer accepts, the one that only reads a profile as well as the one that orders. A token that leaks from the weakest of them, an ID token included, changes data here.',
  fix: {
    serverless: `functions:
  createOrder:
    events:
      - http:
          method: post
          path: orders
          authorizer:
            type: COGNITO_USER_POOLS
            authorizerId: !Ref ApiAuthorizer
            scopes: [orders/write]              # a scope of an AWS::Cognito::UserPoolResourceServer`,
    cloudformation: `CreateOrderMethod:
  Type: AWS::ApiGateway::Method
  Properties:
    AuthorizationType: COGNITO_USER_POOLS
    AuthorizerId: !Ref ApiAuthorizer
    AuthorizationScopes: [orders/write]         # a scope of an AWS::Cognito::UserPoolResourceServer`,
    sam: `CreateOrder:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      Create:
        Type: Api
        Properties:
          RestApiId: !Ref Api
          Method: post
          Path: /orders
          Auth: { Authorizer: pool, AuthorizationScopes: [orders/write] }`,
  },
  docs: [
    docs.jwtAuthorizer,
    {
      title: 'API Gateway: control access to REST APIs with Amazon Cognito user pools',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html',
    },
    {
      title: 'Amazon Cognito: scopes, M2M, and resource servers',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API5:2023'], cwe: ['CWE-862', 'CWE-1270'] },
  *check(project) {
    for (const authorizer of project.authorizers) {
      if (!isCognito(authorizer)) continue;
      const writing = guardedBy(project, authorizer).filter(({ route }) => changesSomething(route));
      const bare = writing.filter(({ route }) => asksForNoScope(route));
      if (bare.length > 0) yield observe(project, authorizer, bare, writing.length);
    }
  },
};

/** One finding for an authorizer, not one for a route. */
function observe(
  project: Project,
  authorizer: Authorizer,
  bare: readonly GuardedRoute[],
  writing: number,
): Observation {
  const [first] = bare;
  const name = displayName(project, authorizer);
  const names = bare.slice(0, 3).map(({ route }) => routeName(route));
  const more = bare.length > names.length ? ` and ${bare.length - names.length} more` : '';
  const rank = Math.max(...bare.map(({ route }) => reaching(project, route).rank));
  const which = `${names.join(', ')}${more}`;
  // Most of the routes beside it ask for one: that one does not is more likely forgotten than meant.
  const forgotten = bare.length * 2 <= writing && first !== undefined;
  return {
    message: forgotten
      ? `${which} ${bare.length === 1 ? 'asks' : 'ask'} for no scope, unlike the other routes of ${name} that change data.`
      : `No scope is asked for by ${which}: ${name} accepts ${authorizer.type === 'cognito' ? 'the ID token of everybody who can sign in at its user pool' : 'every token of its user pool, ID tokens included'}.`,
    span: forgotten ? first.route.span : authorizer.span,
    ...(forgotten ? { together: bare.map(({ route }) => route.span) } : {}),
    subject: authorizer.id,
    rank,
    ...(forgotten
      ? { severity: 'warning' as const, question: 'May everyone with any token of the pool call it?' }
      : {}),
  };
}

/** Issuers other than Cognito put the API's own name into `aud`, which the authorizer compares. */
function isCognito({ type, userPools, issuer }: Authorizer): boolean {
  if (type === 'cognito') return true;
  if (type !== 'jwt') return false;
  if (userPools.length > 0) return true;
  return issuer !== undefined && sometimes(issuer, (text) => text.toLowerCase().startsWith('https://cognito-idp.'));
}
