import { expect, test } from 'vitest';
import { readTemplate } from '../../../../test/support/template.ts';
import { authorizerIsUnused } from './authorizer-is-unused.ts';

const everyone = '{ Statement: [{ Effect: Allow, Principal: "*", Action: execute-api:Invoke, Resource: "*" }] }';

test.each([
  ['NONE', 'The authorizer guard is attached to no route, and one route of its API asks for no credentials.'],
  // IAM behind a policy that lets every account in is weak, and asks for a signature all the same.
  ['AWS_IAM', 'The authorizer guard is attached to no route.'],
])('routes with %s beside an authorizer that is attached to nothing', (type, message) => {
  const project = readTemplate(`Resources:
  Api: { Type: AWS::ApiGateway::RestApi, Properties: { Policy: ${everyone} } }
  Guard: { Type: AWS::ApiGateway::Authorizer, Properties: { RestApiId: !Ref Api, Name: guard, Type: TOKEN } }
  Get: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: GET, AuthorizationType: ${type}, Integration: { Type: HTTP_PROXY, Uri: 'https://example.com' } } }
`);
  expect([...authorizerIsUnused.check(project)].map((found) => found.message)).toEqual([message]);
});
