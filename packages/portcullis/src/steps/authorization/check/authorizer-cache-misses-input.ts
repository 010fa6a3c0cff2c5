import type { Rule } from '../../../contract/index.ts';
import type { Authorizer, DecisionInput, Project } from '../../../project/index.ts';
import { displayName } from '../authorizers.ts';
import { cacheKey, cacheSeconds, inWords, isCached, isInKey, readAuthorizers } from '../code.ts';
import { docs } from '../docs.ts';

/** Headers that code reads to trace a request or to describe a client, hardly ever to decide. */
const technical =
  /^(?:x-amzn-trace-id|x-(?:amzn-)?request-id|x-correlation-id|correlation-id|request-id|traceparent|tracestate|user-agent|accept(?:-.*)?|content-.*|host|connection|via|origin|referer|x-forwarded-(?:proto|port|host)|x-b3-.*|cloudfront-.*|sentry-.*)$/;

export const authorizerCacheMissesInput: Rule = {
  id: 'authorization/authorizer-cache-misses-input',
  step: 'authorization',
  severity: 'warning',
  title: 'Cached authorizer decides by something that is not part of the cache key',
  attack:
    'API Gateway keeps the result of a Lambda authorizer and gives it to every later request with the same identity sources, without asking again. What else the code looked at is not asked again either: a caller passes once with a header, an address or a parameter that is allowed, and then sends the same token with another tenant, another address or no second factor at all.',
  fix: {
    serverless: `functions:
  getOrder:
    events:
      - http:
          path: orders/{id}
          method: get
          authorizer:
            name: auth
            type: request
            # Everything that the decision reads; or resultTtlInSeconds: 0
            identitySource: method.request.header.Authorization, method.request.header.X-Tenant`,
    cloudformation: `Authorizer:
  Type: AWS::ApiGateway::Authorizer
  Properties:
    Type: REQUEST
    # Everything that the decision reads; or AuthorizerResultTtlInSeconds: 0
    IdentitySource: method.request.header.Authorization, method.request.header.X-Tenant`,
  },
  docs: [docs.lambdaAuthorizerInput, docs.httpLambdaAuthorizer],
  mappings: { fsbp: [], owasp: ['API5:2023', 'API2:2023'], cwe: ['CWE-863', 'CWE-524'] },
  *check(project) {
    for (const { authorizer, function: fn, code } of readAuthorizers(project)) {
      // The event of a TOKEN authorizer has no headers, parameters or address.
      if (authorizer.type !== 'request' || !isCached(project, authorizer)) continue;
      const key = cacheKey(authorizer);
      if (!key) continue;
      const missing = code.decisionInputs.filter((input) => counts(input) && !isInKey(input, key));
      const [first] = missing;
      if (!first) continue;
      yield {
        message: `The authorizer ${displayName(project, authorizer)} keeps its result for ${cacheSeconds(authorizer)} seconds, and its function ${fn.name} decides by ${inWords(missing)} too: requests that differ in that get each other's result.`,
        span: authorizer.span,
        subject: authorizer.id,
        fix: fixOf(project, authorizer, missing),
        related: [{ message: `the decision reads ${inWords([first])} here`, span: first.span }],
      };
    }
  },
};

function counts({ kind, name }: DecisionInput): boolean {
  if (kind === 'header') return name !== undefined && !technical.test(name);
  return kind === 'query' || kind === 'address';
}

function fixOf(project: Project, authorizer: Authorizer, missing: readonly DecisionInput[]): string {
  const isHttp = project.resources.get(authorizer.id)?.type === 'AWS::ApiGatewayV2::Authorizer';
  const names = missing.map(({ kind, name }) => {
    const part = kind === 'header' ? `header.${name}` : kind === 'query' ? `querystring.${name}` : undefined;
    if (part === undefined) return isHttp ? '$context.identity.sourceIp' : 'context.identity.sourceIp';
    return isHttp ? `$request.${part}` : `method.request.${part}`;
  });
  const off = project.format === 'serverless' ? 'resultTtlInSeconds: 0' : 'AuthorizerResultTtlInSeconds: 0';
  const key = project.format === 'serverless' ? 'identitySource' : 'IdentitySource';
  return `# Add to ${key}: ${names.join(', ')}\n# or ask the authorizer every time${authorizer.ttl ? '' : ' (REST APIs keep results for 300 seconds by default)'}:\n${off}`;
}
