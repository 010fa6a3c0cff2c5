import type { Observation, Rule } from '../../../contract/index.ts';
import type { Api, Project, Route, UnenforcedScheme } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { standingOf } from '../facts.ts';
import { routeName } from '../routes.ts';

const restFix = `components:                 # securityDefinitions in Swagger 2.0
  securitySchemes:
    customers:
      type: apiKey          # the only type with which a REST API has authorizers
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer:
        type: cognito_user_pools   # or token, request with authorizerUri
        providerARNs: [!GetAtt UserPool.Arn]`;

const httpFix = `components:
  securitySchemes:
    customers:
      type: oauth2
      x-amazon-apigateway-authorizer:
        type: jwt
        identitySource: $request.header.Authorization
        jwtConfiguration:
          issuer: https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE
          audience: [!Ref UserPoolClient]`;

export const securitySchemeIsNotEnforced: Rule = {
  id: 'authorization/security-scheme-is-not-enforced',
  step: 'authorization',
  severity: 'error',
  title: 'Security scheme of the OpenAPI document is enforced by nobody',
  attack:
    'The document says that its operations need a token, and everybody who reads it believes so. API Gateway enforces a security scheme only when it carries x-amazon-apigateway-authorizer or x-amazon-apigateway-authtype, or is the API key of a REST API; any other scheme is documentation. Whoever leaves the header away, or sends any text in it, is served.',
  fix: { serverless: restFix, cloudformation: restFix },
  docs: [
    {
      title: 'API Gateway: x-amazon-apigateway-authorizer object',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html',
    },
    {
      title: 'API Gateway: x-amazon-apigateway-authtype property',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html',
    },
    docs.restAccess,
  ],
  mappings: { fsbp: ['APIGateway.8'], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-306', 'CWE-1059'] },
  *check(project) {
    for (const api of project.apis) {
      for (const [name, { scheme, routes }] of unenforcedOf(project, api)) {
        const [first] = routes;
        if (first) yield observe(api, name, scheme, first, routes);
      }
    }
  },
};

interface Use {
  readonly scheme: UnenforcedScheme;
  readonly routes: Route[];
}

/** By name, the schemes that open routes rely on. A route that is closed by other means loses nothing. */
function unenforcedOf(project: Project, api: Api): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  for (const route of api.routes) {
    if (!route.unenforced || standingOf(project, api, route).state !== 'open') continue;
    for (const scheme of route.unenforced) {
      const use = uses.get(scheme.name);
      if (use) use.routes.push(route);
      else uses.set(scheme.name, { scheme, routes: [route] });
    }
  }
  return uses;
}

function observe(
  api: Api,
  name: string,
  { type, span }: UnenforcedScheme,
  first: Route,
  routes: readonly Route[],
): Observation {
  const more = routes.length > 1 ? ` and ${routes.length - 1} more` : '';
  const verb = routes.length > 1 ? 'are' : 'is';
  const what =
    type === undefined
      ? `The document defines no security scheme ${name}`
      : `The security scheme ${name} (${type}) has no x-amazon-apigateway-authorizer`;
  return {
    message: `${what}, so API Gateway asks for nothing: ${routeName(first)}${more} ${verb} open in spite of it.`,
    span,
    subject: `${api.id} ${name}`,
    state: 'open',
    ...(api.kind === 'http' ? { fix: httpFix } : {}),
    related: routes.slice(0, 5).map((route) => ({ message: `${routeName(route)} names it`, span: route.span })),
  };
}
