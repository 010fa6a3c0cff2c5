import type { Observation, Rule } from '../../../contract/index.ts';
import type { Api, Project, Route } from '../../../project/index.ts';
import { bypassOf } from '../bypass.ts';
import { docs } from '../docs.ts';
import { standings } from '../facts.ts';
import { reaching } from '../reaching.ts';
import { functionOf, routeName } from '../routes.ts';

export const openRouteBypassesAuthorizer: Rule = {
  id: 'authorization/open-route-bypasses-authorizer',
  step: 'authorization',
  severity: 'error',
  title: 'Open route for every path goes around the authorizer of others',
  attack:
    'Gateway and program disagree about what a path is. `/Orders`, at an HTTP API also `/orders/` or `HEAD /orders`, matches none of the routes with an authorizer and falls to the one for every path; the router inside the function takes it for `/orders` and answers. One character replaces the credential.',
  fix: {
    serverless: `functions:
  app:
    events:
      - httpApi: { method: GET, path: /orders, authorizer: { name: customers } }
      - httpApi:
          method: ANY
          path: /{proxy+}
          authorizer: { name: customers }   # the same as on the routes beside it; list what is public by its path`,
    cloudformation: `CatchAllRoute:
  Type: AWS::ApiGatewayV2::Route
  Properties:
    ApiId: !Ref HttpApi
    RouteKey: ANY /{proxy+}
    AuthorizationType: JWT                  # the same as on the routes beside it; list what is public by its path
    AuthorizerId: !Ref ApiAuthorizer`,
    sam: `App:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      CatchAll:
        Type: HttpApi
        Properties:
          ApiId: !Ref HttpApi
          Method: ANY
          Path: /{proxy+}
          Auth: { Authorizer: customers }         # the same as on the routes beside it; list what is public by its path`,
  },
  docs: [
    docs.httpAccess,
    docs.restAccess,
    {
      title: 'API Gateway: create routes for HTTP APIs, routing API requests',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html',
    },
  ],
  mappings: { fsbp: ['APIGateway.8'], owasp: ['API2:2023', 'API5:2023'], cwe: ['CWE-288', 'CWE-178'] },
  *check(project) {
    for (const { api, route, standing } of standings(project))
      if (standing.verdict === 'bypass') yield* observe(project, api, route);
  },
};

const mostRelated = 10;

function* observe(project: Project, api: Api, route: Route): Generator<Observation> {
  const bypass = bypassOf(api, route);
  const [first] = bypass
    ? [...bypass.around].sort((a, b) => Number(a.path.includes('+}')) - Number(b.path.includes('+}')))
    : [];
  if (!bypass || !first) return;
  const { path, rank, consequence } = reaching(project, route);
  const target = functionOf(project, route)?.name ?? 'the same program';
  const others = bypass.around.length - 1;
  const more = others === 0 ? '' : ` and ${others} more`;
  yield {
    message: `${routeName(route)} has no authorizer and leads to ${target} like ${routeName(first)}${more}, which ${others === 0 ? 'has' : 'have'} one: ${spelling(api, first)} gets there without a credential${consequence ? `, and ${target} ${consequence}` : ''}.`,
    span: route.span,
    subject: route.id,
    route: route.id,
    path,
    rank,
    related: bypass.around
      .slice(0, mostRelated)
      .map((guarded) => ({ message: `${routeName(guarded)} has an authorizer`, span: guarded.span })),
    ...(bypass.certain
      ? {}
      : {
          severity: 'warning' as const,
          state: 'half-open' as const,
          question: 'Does the code compare paths as strictly as the gateway does, letter case and slashes included?',
        }),
  };
}

/** A request that the gateway sends to the route for every path and a router takes for the guarded one. */
function spelling(api: Api, guarded: Route): string {
  if (guarded.path.endsWith('+}')) {
    const prefix = guarded.path.slice(0, guarded.path.lastIndexOf('/'));
    return `\`${prefix.toUpperCase()}/...\``;
  }
  return api.kind === 'http' ? `\`${guarded.path}/\`` : `\`${inOtherCase(guarded.path)}\``;
}

function inOtherCase(path: string): string {
  const other = path.replace(/(?<=\/)[a-z]/, (letter) => letter.toUpperCase());
  return other === path ? path.toLowerCase() : other;
}
