import type { Project } from '../../src/project/index.ts';
import { routeLines } from './template.ts';

// Templates with one API that is described by an OpenAPI document.

const lambda =
  'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:1:function:orders/invocations';

/** Schemes that REST and HTTP APIs have in common, and those of one of them. */
const schemes = `
    Key: { type: apiKey, name: x-api-key, in: header }
    Sigv4: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }
    Token:
      type: apiKey
      name: Auth
      in: header
      x-amazon-apigateway-authtype: custom
      x-amazon-apigateway-authorizer: { type: token, authorizerUri: '${lambda}', authorizerResultTtlInSeconds: 60, identityValidationExpression: '^x-' }
    Request:
      type: apiKey
      name: Unused
      in: header
      x-amazon-apigateway-authorizer: { type: REQUEST, authorizerUri: '${lambda}', identitySource: 'a, b', authorizerPayloadFormatVersion: '2.0', enableSimpleResponses: true }
    Cognito:
      type: apiKey
      name: Authorization
      in: header
      x-amazon-apigateway-authtype: cognito_user_pools
      x-amazon-apigateway-authorizer: { type: cognito_user_pools, providerARNs: [!GetAtt Pool.Arn] }
    Jwt:
      type: oauth2
      x-amazon-apigateway-authorizer: { type: jwt, jwtConfiguration: { issuer: 'https://login.example.com', audience: [app] }, identitySource: $request.header.Authorization }
    Found:
      type: openIdConnect
      openIdConnectUrl: https://login.example.com/.well-known/openid-configuration
      x-amazon-apigateway-authorizer: { type: jwt, jwtConfiguration: { audience: [app] } }
    Strange: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authorizer: { type: magic } }
    Half: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: custom }
    Bearer: { type: http, scheme: bearer }
    Basic: { type: basic }
    OAuth: { type: oauth2, flows: {} }
    Other: { type: apiKey, name: X-Token, in: header }
    Linked: { $ref: '#/components/securitySchemes/Sigv4' }
    Maybe: !If [P, { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 }, { type: http, scheme: bearer }]
    Hidden: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://bucket/scheme.yml } } }`;

export const integration = `x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: '${lambda}' }`;

/** A template with one API whose document holds `paths`, written in YAML at a column of 8. */
export function openApiTemplate(kind: 'rest' | 'http', paths: string, more = ''): string {
  const type = kind === 'rest' ? 'AWS::ApiGateway::RestApi' : 'AWS::ApiGatewayV2::Api';
  return `Conditions: { P: !Equals [!Ref AWS::Region, x], Q: !Equals [!Ref AWS::Region, y] }
Resources:
  Pool: { Type: AWS::Cognito::UserPool }
  Fn: { Type: AWS::Lambda::Function }
  Api:
    Type: ${type}
    Properties:
      Body:
        openapi: 3.0.1
        ${more}
        paths: ${paths}
        components:
          securitySchemes: ${schemes.replaceAll('\n', '\n        ')}
`;
}

export const apiLines = (project: Project): readonly string[] =>
  routeLines(project.apis).map((line) => line.replace(/^\w+ Api /, ''));
