import { describe, expect, it } from 'vitest';
import { readFiles } from '../../../test/support/read.ts';
import { assess } from '../run.ts';
import { authorization } from './index.ts';

/** The snippet of the first finding of the rule, in the project's own words. */
function fixOf(rule: string, files: Readonly<Record<string, string>>): string | undefined {
  const { project } = readFiles(files);
  if (!project) throw new Error('nothing was read');
  return assess(project, [authorization]).findings.find((finding) => finding.rule === `authorization/${rule}`)?.fix;
}

const service = (events: string, rest = '') => ({
  'serverless.yml': `service: bookings
provider: { name: aws, runtime: nodejs20.x${rest.startsWith(' httpApi') ? `,${rest}` : ''} }
functions:
  cancel:
    handler: a.b
    events: [${events}]
  verify: { handler: a.c }
${rest.startsWith(' httpApi') ? '' : rest}`,
});

const pool = `resources:
  Resources:
    Members: { Type: AWS::Cognito::UserPool }
`;
const authorizer = `${pool}    Guard:
      Type: AWS::ApiGateway::Authorizer
      Properties:
        Name: guard
        Type: COGNITO_USER_POOLS
        IdentitySource: method.request.header.Authorization
        RestApiId: !Ref ApiGatewayRestApi
        ProviderARNs: [!GetAtt Members.Arn]
`;

describe('how to close a route, in the words of the project', () => {
  it.each([
    [
      'function, method and path',
      'http: "DELETE bookings/{id}"',
      '',
      ['  cancel:', 'method: delete', 'path: bookings/{id}', '!Ref ApiAuthorizer'],
    ],
    ['the root', 'http: GET /', '', ['  cancel:', 'path: /\n']],
    [
      'a user pool without an authorizer',
      'http: DELETE bookings',
      pool,
      ['type: COGNITO_USER_POOLS', 'name: customers', 'arn: !GetAtt Members.Arn'],
    ],
    ['an authorizer of the resources', 'http: DELETE bookings', authorizer, ['authorizerId: !Ref Guard']],
    [
      'the function that guards another route',
      'http: DELETE bookings, http: { path: x, method: get, authorizer: verify }',
      '',
      ['authorizer: verify'],
    ],
    [
      'a JWT authorizer of httpApi',
      'httpApi: "DELETE /bookings/{id}"',
      ' httpApi: { authorizers: { members: { type: jwt, identitySource: $request.header.Authorization, issuerUrl: https://a.io/, audience: [b] } } }',
      ['method: DELETE', 'path: /bookings/{id}', 'authorizer: { name: members }'],
    ],
    ['any method of httpApi', 'httpApi: "* /bookings"', '', ["method: '*'", 'issuerUrl']],
  ])('%s', (_name, events, rest, parts) => {
    const list = events.split(', http:').join('}, {http:');
    const fix = fixOf('route-is-open', service(`{ ${list} }`, rest));
    for (const part of parts) expect(fix).toContain(part);
    expect(fix).not.toContain('createOrder');
    expect(fix).not.toContain('orders');
  });

  it('names the method of a template and its authorizer', () => {
    const fix = fixOf('route-is-open', {
      'template.yml': `Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Name: bookings } }
  Members: { Type: AWS::Cognito::UserPool }
  Guard:
    Type: AWS::ApiGateway::Authorizer
    Properties: { Name: g, Type: COGNITO_USER_POOLS, RestApiId: !Ref Api, IdentitySource: method.request.header.Authorization, ProviderARNs: [!GetAtt Members.Arn] }
  Cancel:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: DELETE, AuthorizationType: NONE, Integration: { Type: HTTP_PROXY, IntegrationHttpMethod: GET, Uri: https://a.io } }
`,
    });
    expect(fix).toMatch(/^Cancel:\n/);
    expect(fix).toContain('AuthorizationType: COGNITO_USER_POOLS\n');
    expect(fix).toContain('AuthorizerId: !Ref Guard');
  });

  it('names the function behind an open URL and the authorizer that checks no audience', () => {
    const files = {
      'serverless.yml': `service: bookings
provider:
  name: aws
  httpApi: { authorizers: { members: { type: jwt, identitySource: $request.header.Authorization, issuerUrl: https://a.io/ } } }
functions:
  cancel: { handler: a.b, url: true }
  list: { handler: a.c, events: [{ httpApi: { method: GET, path: /b, authorizer: { name: members } } }] }
`,
    };
    expect(fixOf('function-url-is-open', files)).toContain('  cancel:\n');
    expect(fixOf('jwt-without-audience', files)).toBe(
      'provider:\n  httpApi:\n    authorizers:\n      members:\n        audience: [my-app-client-id]',
    );
  });
});
