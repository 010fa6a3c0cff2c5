import type { Rule } from '../../../contract/index.ts';
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

export const cachedPolicyCoversEveryRoute: Rule = {
  id: 'authorization/cached-policy-covers-every-route',
  step: 'authorization',
  severity: 'error',
  title: 'Authorizer decides by route and answers with a cached policy for every route',
  attack:
    'The authorizer looks at the method or path of one request and then allows all of them: API Gateway keeps the policy for the token, and as long as it does the code is not asked again. A caller asks for something harmless first and then, with the same token, for what the code would have refused.',
  fix: {
    serverless: `# Ask the authorizer for every request,
authorizer:
  name: auth
  resultTtlInSeconds: 0
# or let the policy name exactly what was decided, for all routes at once.`,
    cloudformation: `# Ask the authorizer for every request,
Authorizer:
  Type: AWS::ApiGateway::Authorizer
  Properties:
    AuthorizerResultTtlInSeconds: 0
# or let the policy name exactly what was decided, for all routes at once.`,
  },
  docs: [docs.lambdaAuthorizerOutput, docs.lambdaAuthorizerInput],
  mappings: { fsbp: [], owasp: ['API5:2023'], cwe: ['CWE-863', 'CWE-285'] },
  *check(project) {
    for (const { authorizer, function: fn, code } of readAuthorizers(project)) {
      const [first] = code.statements;
      // A policy that is narrow in one branch may be wide only for callers who may do everything.
      if (!first || code.statements.some(({ covers }) => covers !== 'everything')) continue;
      if (!isCached(project, authorizer)) continue;
      const key = cacheKey(authorizer);
      const missing = key ? code.decisionInputs.filter((input) => isAboutRoute(input) && !isInKey(input, key)) : [];
      const [input] = missing;
      const routes = routesOf(project, authorizer);
      if (!input || !servesSeveral(routes)) continue;
      yield {
        message: `${fn.name} decides by ${inWords(missing)} and allows every route of the stage; the authorizer ${displayName(project, authorizer)} keeps that for ${cacheSeconds(authorizer)} seconds, so whoever is let in on one of ${routeNames(routes)} is let in on all.`,
        span: authorizer.span,
        subject: authorizer.id,
        // Strangers without any valid token stay outside.
        state: 'half-open',
        related: [
          { message: `the decision reads ${inWords([input])} here`, span: input.span },
          { message: 'the policy for every route is made here', span: first.span },
        ],
      };
    }
  },
};
