import type { Rule } from '../../../contract/index.ts';
import { sometimes } from '../../../project/index.ts';
import { displayName } from '../authorizers.ts';
import {
  cacheKey,
  cacheSeconds,
  inWords,
  isAboutRoute,
  isCached,
  isInKey,
  readAuthorizers,
  routeNames,
  routesOf,
  servesSeveral,
} from '../code.ts';
import { docs } from '../docs.ts';

export const cachedAnswerMissesRouteKey: Rule = {
  id: 'authorization/cached-answer-misses-route-key',
  step: 'authorization',
  severity: 'error',
  title: 'Simple response of an authorizer is cached for all routes',
  attack:
    'A simple response says yes or no and names no route. API Gateway keeps it for the identity sources and uses it for every route with this authorizer, although the code decided by the route, method or path of one request. A caller asks for a route that is allowed and then for the others with the same token.',
  fix: {
    serverless: `provider:
  httpApi:
    authorizers:
      auth:
        type: request
        functionName: auth
        enableSimpleResponses: true
        resultTtlInSeconds: 300
        identitySource:
          - $request.header.Authorization
          - $context.routeKey            # one entry for each route`,
    cloudformation: `Authorizer:
  Type: AWS::ApiGatewayV2::Authorizer
  Properties:
    EnableSimpleResponses: true
    AuthorizerResultTtlInSeconds: 300
    IdentitySource:
      - $request.header.Authorization
      - $context.routeKey                # one entry for each route`,
  },
  docs: [docs.httpLambdaAuthorizer],
  mappings: { fsbp: [], owasp: ['API5:2023'], cwe: ['CWE-863', 'CWE-524'] },
  *check(project) {
    for (const { authorizer, function: fn, code } of readAuthorizers(project)) {
      if (!sometimes(authorizer.simpleResponses, (simple) => simple) || !isCached(project, authorizer)) continue;
      const key = cacheKey(authorizer);
      const missing = key ? code.decisionInputs.filter((input) => isAboutRoute(input) && !isInKey(input, key)) : [];
      const [input] = missing;
      const routes = routesOf(project, authorizer);
      if (!input || !servesSeveral(routes)) continue;
      const parameter = missing.every(({ kind }) => kind === 'path-parameter');
      yield {
        message: `${fn.name} decides by ${inWords(missing)} and answers yes or no; the authorizer ${displayName(project, authorizer)} keeps that for ${cacheSeconds(authorizer)} seconds without ${parameter ? '`$context.path`' : '`$context.routeKey`'} among its identity sources, so a yes for one of ${routeNames(routes)} is a yes for all.`,
        span: authorizer.span,
        subject: authorizer.id,
        // Strangers without any valid token stay outside.
        state: 'half-open',
        related: [{ message: `the decision reads ${inWords([input])} here`, span: input.span }],
      };
    }
  },
};
