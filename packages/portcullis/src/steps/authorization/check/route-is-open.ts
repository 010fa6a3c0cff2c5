import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, always, type Project, type Route } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { standings } from '../facts.ts';
import { inOwnWords } from '../own-words.ts';
import { reaching } from '../reaching.ts';
import { functionOf, routeName } from '../routes.ts';
import { samFix, samRestFix } from '../sam-words.ts';

const restFix = `functions:
  createOrder:
    events:
      - http:
          method: post
          path: orders
          authorizer:
            type: COGNITO_USER_POOLS        # or aws_iam, or the name of an authorizer function
            authorizerId: !Ref ApiAuthorizer`;

const httpFix = `provider:
  httpApi:
    authorizers:
      customers:
        type: jwt
        identitySource: $request.header.Authorization
        issuerUrl: https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE
        audience: [my-app-client-id]
functions:
  createOrder:
    events:
      - httpApi:
          method: POST
          path: /orders
          authorizer: { name: customers }`;

const restTemplateFix = `CreateOrderMethod:
  Type: AWS::ApiGateway::Method
  Properties:
    AuthorizationType: COGNITO_USER_POOLS   # or AWS_IAM, or CUSTOM for a Lambda authorizer
    AuthorizerId: !Ref ApiAuthorizer`;

const httpTemplateFix = `CreateOrderRoute:
  Type: AWS::ApiGatewayV2::Route
  Properties:
    ApiId: !Ref HttpApi
    RouteKey: POST /orders
    AuthorizationType: JWT                  # or AWS_IAM, or CUSTOM for a Lambda authorizer
    AuthorizerId: !Ref ApiAuthorizer`;

const balancerTemplateFix = `OrdersListenerRule:
  Type: AWS::ElasticLoadBalancingV2::ListenerRule
  Properties:
    Actions:
      - Type: authenticate-cognito          # before the forward action; needs an HTTPS listener
        Order: 1
        AuthenticateCognitoConfig:
          UserPoolArn: !GetAtt UserPool.Arn
          UserPoolClientId: !Ref UserPoolClient
          UserPoolDomain: my-domain
      - Type: forward
        Order: 2
        TargetGroupArn: !Ref OrdersTargetGroup`;

const balancerFix = `provider:
  alb:
    authorizers:
      login:
        type: cognito
        userPoolArn: \${self:custom.userPoolArn}
        userPoolClientId: \${self:custom.userPoolClientId}
        userPoolDomain: my-domain
functions:
  createOrder:
    events:
      - alb:
          authorizer: [login]
          listenerArn: \${self:custom.listenerArn}
          priority: 1
          conditions: { path: /orders }`;

export const routeIsOpen: Rule = {
  id: 'authorization/route-is-open',
  step: 'authorization',
  severity: 'error',
  title: 'Route has no authorizer',
  attack:
    'The address of an API is public: it stands in the web page, in certificate logs, in a proxy log. Whoever has it sends the request with curl, without an account, as often as they like, and the function does with its own role what the request asks: reads, changes or deletes what the role reaches.',
  fix: { serverless: restFix, cloudformation: restTemplateFix, sam: samRestFix },
  docs: [docs.restAccess, docs.httpAccess, docs.frameworkHttp, docs.frameworkHttpApi],
  // APIGateway.8 looks at routes of HTTP and WebSocket APIs; there is no such control for methods of REST APIs.
  mappings: { fsbp: ['APIGateway.8'], owasp: ['API2:2023', 'API5:2023'], cwe: ['CWE-306'] },
  *check(project) {
    const open = [...standings(project)]
      .filter(({ standing }) => standing.verdict === 'open')
      .map(({ api, route, standing }) => ({
        api,
        route,
        seen: { ...observe(project, route, standing.harmless === true), ...beside(api, route) },
      }));
    // One snippet for all routes of one kind of API, in the words of the worst of them.
    const fixes = new Map<Api['kind'], string>();
    for (const { api, route } of open.toSorted((a, b) => b.seen.rank - a.seen.rank)) {
      if (fixes.has(api.kind)) continue;
      const own = project.format === 'sam' ? samFix(project, api, route) : undefined;
      fixes.set(api.kind, own ?? inOwnWords(project, api, route, fixOf(project, api)));
    }
    for (const { api, seen } of open) yield { ...seen, fix: fixes.get(api.kind) ?? fixOf(project, api) };
  },
};

function observe(project: Project, route: Route, harmless: boolean): Observation & { readonly rank: number } {
  const { path, rank, consequence } = reaching(project, route);
  const fn = functionOf(project, route);
  const target = fn ? `call ${fn.name}` : targetText(route);
  return {
    message: `${routeName(route)} has no authorizer: anyone who knows the address can ${target}${consequence ? `, which ${consequence}` : ''}.`,
    span: route.span,
    subject: route.id,
    route: route.id,
    path,
    rank,
    state: 'open',
    // A conventional health path whose function reaches nothing: worth a look, not a broken build.
    ...(harmless ? { severity: 'warning' } : {}),
  };
}

/** `ANY` is every method that has no route of its own: what the authorizer of GET guards, HEAD or POST may reach. */
function beside(api: Api, route: Route): Pick<Observation, 'related'> {
  if (route.method !== 'ANY') return {};
  const guarded = api.routes.filter(
    ({ path, method, authorization }) =>
      path === route.path && method !== 'OPTIONS' && always(authorization, ({ kind }) => kind !== 'none'),
  );
  return { related: guarded.map((one) => ({ message: `${routeName(one)} has an authorizer`, span: one.span })) };
}

function targetText({ integration }: Route): string {
  if (integration.kind === 'http') return 'call what is behind it';
  if (integration.kind === 'service') return `make the gateway call ${integration.service} with its own role`;
  return 'call it';
}

function fixOf(project: Project, api: Api): string {
  const serverless = project.format === 'serverless';
  if (api.kind === 'alb') return serverless ? balancerFix : balancerTemplateFix;
  if (api.kind === 'http') return serverless ? httpFix : httpTemplateFix;
  return serverless ? restFix : restTemplateFix;
}
