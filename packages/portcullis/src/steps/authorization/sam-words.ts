import { type Api, outcomes, type Project, type Route } from '../../project/index.ts';
import { functionOf, localId } from './routes.ts';

const userPool = `        Authorizers:
          Customers:
            UserPoolArn: !GetAtt UserPool.Arn`;

/** How AWS SAM closes all routes of a REST API: the ones that are meant to be public then say so. */
export const samRestFix = `OrdersApi:
  Type: AWS::Serverless::Api
  Properties:
    StageName: prod
    Auth:
      DefaultAuthorizer: Customers          # a public event says Auth: { Authorizer: NONE }
      AddDefaultAuthorizerToCorsPreflight: false
${userPool.replaceAll(/^ {2}/gm, '')}`;

/** The same for an HTTP API. */
const samHttpFix = `OrdersApi:
  Type: AWS::Serverless::HttpApi
  Properties:
    Auth:
      DefaultAuthorizer: Customers          # a public event says Auth: { Authorizer: NONE }
      Authorizers:
        Customers:
          IdentitySource: $request.header.Authorization
          JwtConfiguration:
            issuer: !Sub https://cognito-idp.\${AWS::Region}.amazonaws.com/\${UserPool}
            audience: [!Ref UserPoolClient]`;

const implicit = { ServerlessRestApi: 'Api', ServerlessHttpApi: 'HttpApi' } as const;

/**
 * The snippet for a route of a SAM template, in its own words: the event with an authorizer that its API has already, else an authorizer for
 * the API, which for the implicit one stands in Globals. Undefined where the route comes from no event.
 */
export function samFix(project: Project, api: Api, route: Route): string | undefined {
  if (api.kind !== 'rest' && api.kind !== 'http') return undefined;
  const authorizer = project.authorizers.find(
    ({ api: of, name }) =>
      name !== undefined && outcomes(of).some(({ kind }) => kind === 'known') && localId(of) === api.id,
  );
  const written = project.resources.get(api.id)?.generated === false;
  const { file, start, end } = route.span;
  const event = file.text.slice(start, end);
  const fn = functionOf(project, route);
  if (authorizer && fn && /^\w{1,64}$/.test(event)) {
    return `${fn.id}:
  Type: AWS::Serverless::Function
  Properties:
    Events:
      ${event}:
        Type: ${api.kind === 'rest' ? 'Api' : 'HttpApi'}
        Properties:
          Auth: { Authorizer: ${authorizer.name} }`;
  }
  const snippet = api.kind === 'rest' ? samRestFix : samHttpFix;
  if (written) return snippet.replace('OrdersApi', () => api.id);
  const section = Object.hasOwn(implicit, api.id) ? implicit[api.id as keyof typeof implicit] : undefined;
  if (section === undefined) return undefined;
  const auth = snippet.slice(snippet.indexOf('    Auth:'));
  return `Globals:\n  ${section}:\n${auth}`;
}
