import type { Rule } from '../../../contract/index.ts';
import { checksNoAudience, displayName } from '../authorizers.ts';
import { docs } from '../docs.ts';

export const jwtWithoutAudience: Rule = {
  id: 'authorization/jwt-without-audience',
  step: 'authorization',
  severity: 'error',
  title: 'JWT authorizer checks no audience',
  attack:
    'An issuer signs tokens for many applications. Without an audience the authorizer has nothing to compare `aud` (or `client_id`) with, so a token that the issuer gave to another application, a test client or, at a public identity provider, the attacker, opens this API as well.',
  fix: {
    serverless: `provider:
  httpApi:
    authorizers:
      customers:
        type: jwt
        identitySource: $request.header.Authorization
        issuerUrl: https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE
        audience: [my-app-client-id]`,
    cloudformation: `ApiAuthorizer:
  Type: AWS::ApiGatewayV2::Authorizer
  Properties:
    ApiId: !Ref HttpApi
    AuthorizerType: JWT
    Name: customers
    IdentitySource: [$request.header.Authorization]
    JwtConfiguration:
      Issuer: https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE
      Audience: [!Ref UserPoolClient]`,
    sam: `OrdersApi:
  Type: AWS::Serverless::HttpApi
  Properties:
    Auth:
      Authorizers:
        Customers:
          IdentitySource: $request.header.Authorization
          JwtConfiguration:
            issuer: !Sub https://cognito-idp.\${AWS::Region}.amazonaws.com/\${UserPool}
            audience: [!Ref UserPoolClient]`,
  },
  docs: [
    docs.jwtAuthorizer,
    { title: 'RFC 7519, 4.1.3: "aud" (Audience) Claim', url: 'https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3' },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023'], cwe: ['CWE-287', 'CWE-345'] },
  *check(project) {
    for (const authorizer of project.authorizers) {
      if (!checksNoAudience(authorizer)) continue;
      yield {
        message: `The JWT authorizer ${displayName(project, authorizer)} names no audience, so a token that its issuer made for another application is accepted.`,
        span: authorizer.span,
        subject: authorizer.id,
        // Strangers without any token of the issuer stay outside.
        state: 'half-open',
        ...(project.format === 'serverless' && authorizer.name
          ? {
              fix: `provider:\n  httpApi:\n    authorizers:\n      ${authorizer.name}:\n        audience: [my-app-client-id]`,
            }
          : {}),
      };
    }
  },
};
