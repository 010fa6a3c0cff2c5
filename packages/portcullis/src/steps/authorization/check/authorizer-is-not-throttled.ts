import type { Rule } from '../../../contract/index.ts';
import {
  type Api,
  type Authorizer,
  always,
  type Fact,
  type Link,
  type Project,
  type Route,
  sometimes,
  undecided,
} from '../../../project/index.ts';
import { displayName } from '../authorizers.ts';
import { routeNames, routesOf } from '../code.ts';
import { docs } from '../docs.ts';
import { localId } from '../routes.ts';

export const authorizerIsNotThrottled: Rule = {
  id: 'authorization/authorizer-is-not-throttled',
  step: 'authorization',
  severity: 'note',
  title: 'Nothing limits how often strangers make the authorizer run',
  attack:
    'API Gateway runs a Lambda authorizer before it looks at the API key, so the limits of a usage plan come too late: a caller without any key sends a new made-up token with every request, and each one runs the function, past the cache. That is billed, uses up the concurrency that the account shares among its functions, and lets tokens be guessed at that speed.',
  fix: {
    serverless: `# A throttle of the stage, or a rate-based rule in the web ACL, stands before the authorizer:
plugins:
  - serverless-api-gateway-throttling
custom:
  apiGatewayThrottling:
    maxRequestsPerSecond: 100
    maxConcurrentRequests: 50`,
    cloudformation: `# A throttle of the stage, or a rate-based rule in the web ACL, stands before the authorizer:
ProdStage:
  Type: AWS::ApiGateway::Stage
  Properties:
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: '*'
        ThrottlingRateLimit: 100            # requests a second
        ThrottlingBurstLimit: 50`,
  },
  docs: [
    docs.lambdaAuthorizer,
    {
      title: 'API Gateway: throttle requests to REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html',
    },
    {
      title: 'AWS WAF: rate-based rule statement',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-770', 'CWE-307'] },
  *check(project) {
    for (const authorizer of project.authorizers) {
      if (authorizer.type !== 'token' && authorizer.type !== 'request') continue;
      const routes = routesOf(project, authorizer).filter(({ api, route }) => isUnlimited(project, api, route));
      if (routes.length === 0 || hasReservedConcurrency(project, authorizer)) continue;
      yield {
        message: `The authorizer ${displayName(project, authorizer)} of ${routeNames(routes)} runs before the API key is looked at, and neither the stage nor a web ACL limits how often.`,
        span: authorizer.span,
        subject: authorizer.id,
      };
    }
  },
};

/** Only a usage plan limits the route. Where nothing does at all, usage-plans/no-throttle says it. */
function isUnlimited(project: Project, api: Api, route: Route): boolean {
  if (api.kind !== 'rest' || !always(route.apiKeyRequired, (required) => required)) return false;
  if (!project.resources.has(api.id) || sometimes(api.endpoint, (kind) => kind === 'PRIVATE')) return false;
  return (
    !api.stages.every(({ throttles }) => throttles.some((throttle) => covers(throttle, route))) &&
    !mayHaveRateRule(project, api)
  );
}

function covers({ path, method, rate, burst }: Api['stages'][number]['throttles'][number], route: Route): boolean {
  return (
    (rate || burst) !== undefined &&
    (path === '*' || path === route.path) &&
    (method === '*' || method === route.method)
  );
}

/** A web ACL with a rate-based rule may protect the API; one whose rules or target are not decided here may too. */
function mayHaveRateRule(project: Project, api: Api): boolean {
  return project.webAclAssociations.some(({ target, webAcl }) => {
    const concerns =
      undecided(target).length > 0 || sometimes(target, (one) => one.kind === 'stage' && one.api === api.id);
    return concerns && mayLimit(project, webAcl);
  });
}

function mayLimit(project: Project, link: Fact<Link>): boolean {
  const id = localId(link);
  const acl = project.webAcls.find((candidate) => candidate.id === id);
  return (
    !acl ||
    acl.rules.some(
      ({ statement }) => statement.kind === 'rate' || statement.kind === 'group' || statement.kind === 'unknown',
    )
  );
}

/** A limit on the function itself keeps it from taking the account's concurrency. */
function hasReservedConcurrency(project: Project, authorizer: Authorizer): boolean {
  const id = authorizer.function && localId(authorizer.function);
  const properties = id === undefined ? undefined : project.resources.get(id)?.properties;
  return properties?.kind === 'map' && properties.entries.some(({ key }) => key === 'ReservedConcurrentExecutions');
}
