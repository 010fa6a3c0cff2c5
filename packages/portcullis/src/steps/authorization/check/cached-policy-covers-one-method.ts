import type { Rule } from '../../../contract/index.ts';
import { displayName } from '../authorizers.ts';
import {
  cacheKey,
  cacheSeconds,
  isCached,
  isInKey,
  readAuthorizers,
  routeNames,
  routesOf,
  servesSeveral,
} from '../code.ts';
import { docs } from '../docs.ts';

export const cachedPolicyCoversOneMethod: Rule = {
  id: 'authorization/cached-policy-covers-one-method',
  step: 'authorization',
  severity: 'warning',
  title: 'Cached policy names only the request that it was made for',
  attack:
    'The error is on the safe side: API Gateway keeps the policy for the token and compares it with every later request, so a policy with `event.methodArn` as its Resource answers 403 on every other route until the entry expires. What follows is the risk: whoever meets unexplained 403s in production widens the policy to `*` or switches the authorizer off.',
  fix: {
    serverless: `# Ask the authorizer for every request,
authorizer:
  name: auth
  resultTtlInSeconds: 0
# or let the policy name every route that this caller may use:
#   Resource: [\`\${stageArn}/GET/orders\`, \`\${stageArn}/GET/orders/*\`]`,
    cloudformation: `# Ask the authorizer for every request,
Authorizer:
  Type: AWS::ApiGateway::Authorizer
  Properties:
    AuthorizerResultTtlInSeconds: 0
# or let the policy name every route that this caller may use.`,
  },
  docs: [docs.lambdaAuthorizerOutput, docs.lambdaAuthorizerInput],
  mappings: { fsbp: [], owasp: ['API5:2023'], cwe: ['CWE-863'] },
  *check(project) {
    for (const { authorizer, function: fn, code } of readAuthorizers(project)) {
      const [first] = code.statements;
      if (!first || code.statements.some(({ covers }) => covers !== 'one-method')) continue;
      if (!isCached(project, authorizer) || code.simpleAnswers.length > 0) continue;
      const key = cacheKey(authorizer);
      const isByPath = key && isInKey({ kind: 'path', name: undefined, span: first.span }, key);
      const routes = routesOf(project, authorizer);
      if (!key || isByPath || !servesSeveral(routes)) continue;
      yield {
        message: `${fn.name} answers with a policy for the request at hand only, and the authorizer ${displayName(project, authorizer)} keeps it for ${cacheSeconds(authorizer)} seconds: the caller's next request to another path or method (${routeNames(routes)}) is refused.`,
        span: authorizer.span,
        subject: authorizer.id,
        // Refuses too much; nobody passes who should not.
        state: 'closed',
        related: [{ message: 'the policy is made here', span: first.span }],
      };
    }
  },
};
