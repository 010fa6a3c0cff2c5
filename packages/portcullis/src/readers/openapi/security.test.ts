import { describe, expect, test } from 'vitest';
import { integration, apiLines as lines, openApiTemplate as template } from '../../../test/support/openapi.ts';
import { place, plain, readTemplate } from '../../../test/support/template.ts';

describe('the security of an operation of a REST API', () => {
  const cases: readonly (readonly [security: string, authorization: string, key: string, unenforced?: string])[] = [
    ['', 'none', 'false'],
    ['security: []', 'none', 'false'],
    ['security: [{}]', 'none', 'false'],
    ['security: [{ Key: [] }]', 'none', 'true'],
    ['security: [{ Sigv4: [] }]', 'iam', 'false'],
    ['security: [{ Linked: [] }]', 'iam', 'false'],
    ['security: [{ Token: [] }]', 'lambda:Api.Token', 'false'],
    ['security: [{ Request: [] }]', 'lambda:Api.Request', 'false'],
    ['security: [{ Cognito: [orders/read] }]', 'cognito:Api.Cognito', 'false'],
    ['security: [{ Cognito: [] }, { Key: [] }]', 'cognito:Api.Cognito', 'true'],
    ['security: [{ Cognito: [], Key: [] }]', 'cognito:Api.Cognito', 'true'],
    ['security: [{ Cognito: [] }, { Cognito: [a] }]', 'cognito:Api.Cognito', 'false'],
    ['security: [{ Cognito: [] }, { Bearer: [] }]', 'cognito:Api.Cognito', 'false', 'Bearer http'],
    [
      'security: [{ Cognito: [] }, { Token: [] }]',
      '? names several authorizers, of which an operation can have one',
      '?',
    ],
    [
      'security: [{ Sigv4: [] }, { Token: [] }]',
      '? names several authorizers, of which an operation can have one',
      '?',
    ],
    ['security: [{}, { Token: [] }]', '? has an empty security requirement beside others', '?'],
    ['security: [{ NONE: [] }]', 'none', 'false'],
    ['security: [{ api_key_false: [] }]', 'none', 'false'],
    ['security: [{ Nowhere: [] }]', 'none', 'false', 'Nowhere undefined'],
    ['security: [{ Bearer: [] }]', 'none', 'false', 'Bearer http'],
    ['security: [{ Basic: [] }]', 'none', 'false', 'Basic basic'],
    ['security: [{ OAuth: [read] }]', 'none', 'false', 'OAuth oauth2'],
    ['security: [{ Other: [] }]', 'none', 'false', 'Other apiKey'],
    ['security: [{ Half: [] }]', '? is the security scheme Half, which has an authtype and no authorizer', '?'],
    [
      'security: [{ Strange: [] }]',
      '? is the security scheme Strange, whose authorizer has no type that is known here',
      '?',
    ],
    [
      'security: [{ Jwt: [] }]',
      '? is the security scheme Jwt of the type oauth2; REST APIs have authorizers in schemes of the type apiKey',
      '?',
    ],
    ['security: [{ Hidden: [] }]', '? is filled in by the macro AWS::Include', '?'],
    ['security: [{ Maybe: [] }]', 'P(iam | none)', 'P(false | false)', 'Maybe http'],
    ['security: !If [P, [{ Token: [] }], []]', 'P(lambda:Api.Token | none)', 'P(false | false)'],
    ['security: [!If [P, { Token: [] }, !Ref AWS::NoValue]]', 'P(lambda:Api.Token | none)', 'P(false | false)'],
    ['security: !If [P, [{ Key: [] }], [{ Sigv4: [] }]]', 'P(none | iam)', 'P(true | false)'],
    ['security: !ImportValue schemes', '? is imported from another stack (schemes)', '?'],
    ['security: [!ImportValue schemes]', '? is imported from another stack (schemes)', '?'],
    ['security: { Token: [] }', '? has `security` that is a map, and OpenAPI has a list there', '?'],
    ['security: ~', 'none', 'false'],
    ['x-amazon-apigateway-auth: { type: NONE }', 'none', 'false'],
    ['x-amazon-apigateway-auth: { type: none }\n            security: [{ Key: [] }]', 'none', 'true'],
    ['x-amazon-apigateway-auth: { type: aws_iam }', 'iam', 'false'],
    ['x-amazon-apigateway-auth: { type: AWS_IAM }\n            security: [{ Sigv4: [] }]', 'iam', 'false'],
    [
      'x-amazon-apigateway-auth: { type: NONE }\n            security: [{ Token: [] }]',
      '? has NONE in x-amazon-apigateway-auth and another authorization in security',
      '?',
    ],
    [
      'x-amazon-apigateway-auth: { type: OAUTH }',
      '? has the x-amazon-apigateway-auth type OAUTH, which is not read',
      '?',
    ],
    ['x-amazon-apigateway-auth: !If [P, { type: AWS_IAM }, !Ref AWS::NoValue]', 'P(iam | none)', 'P(false | false)'],
  ];
  test.each(
    cases.map(([security, authorization, key, unenforced = '']) => [security, authorization, key, unenforced] as const),
  )('%s', (security, authorization, key, unenforced) => {
    const project = readTemplate(
      template(
        'rest',
        `\n          /orders:\n            get:\n              ${security.replaceAll('\n', '\n  ')}\n              ${integration}`,
      ),
    );
    const [route] = project.apis[0]?.routes ?? [];
    expect(plain(route?.authorization)).toBe(authorization);
    expect(plain(route?.apiKeyRequired)).toBe(key === '?' ? authorization : key);
    expect(route?.unenforced?.map((one) => `${one.name} ${one.type}`).join() ?? '').toBe(unenforced);
    expect(place(route?.span)).toBe('template.yml:13:13');
    expect(project.unread).toEqual([]);
  });
});

describe('the security of an operation of an HTTP API', () => {
  const cases: readonly (readonly [security: string, authorization: string, unenforced?: string])[] = [
    ['', 'none'],
    ['security: [{ Jwt: [read, write] }]', 'jwt:Api.Jwt'],
    ['security: [{ Found: [] }]', 'jwt:Api.Found'],
    ['security: [{ Request: [] }]', 'lambda:Api.Request'],
    ['security: [{ Sigv4: [] }]', 'iam'],
    ['security: [{ Key: [] }]', 'none', 'Key apiKey'],
    ['security: [{ Bearer: [] }]', 'none', 'Bearer http'],
    [
      'security: [{ Cognito: [] }]',
      '? is the security scheme Cognito with an authorizer of the type cognito_user_pools, which HTTP APIs do not have',
    ],
    [
      'security: [{ Token: [] }]',
      '? is the security scheme Token with an authorizer of the type token, which HTTP APIs do not have',
    ],
    ['security: [{ Jwt: [] }, { Request: [] }]', '? names several authorizers, of which an operation can have one'],
    [
      'x-amazon-apigateway-auth: { type: AWS_IAM }',
      '? is set by x-amazon-apigateway-auth, of which AWS does not say what it does in an HTTP API',
    ],
  ];
  test.each(cases.map(([security, authorization, unenforced = '']) => [security, authorization, unenforced] as const))(
    '%s',
    (security, authorization, unenforced) => {
      const project = readTemplate(
        template(
          'http',
          `\n          /orders:\n            get:\n              ${security}\n              ${integration}`,
        ),
      );
      const [route] = project.apis[0]?.routes ?? [];
      expect(plain(route?.authorization)).toBe(authorization);
      expect(route?.unenforced?.map((one) => `${one.name} ${one.type}`).join() ?? '').toBe(unenforced);
      if (security.includes('read')) expect(plain(route?.scopes)).toBe('[read, write]');
    },
  );
});

describe('security of the whole document', () => {
  const cases: readonly (readonly [root: string, operation: string, authorization: string])[] = [
    ['security: [{ Token: [] }]', '', 'lambda:Api.Token'],
    ['security: [{ Token: [] }]', 'security: []', 'none'],
    ['security: [{ Token: [] }]', 'security: [{ Sigv4: [] }]', 'iam'],
    ['security: [{ Token: [] }]', 'security: ~', 'lambda:Api.Token'],
    ['security: [{ Token: [] }]', 'x-amazon-apigateway-auth: { type: NONE }', 'none'],
    ['security: [{ Bearer: [] }]', '', 'none'],
    ['security: !If [P, [{ Token: [] }], []]', '', 'P(lambda:Api.Token | none)'],
    ['security: !If [P, [{ Token: [] }], []]', 'security: !If [P, [], [{ Sigv4: [] }]]', 'P(none | iam)'],
  ];
  test.each(cases)('%s, and the operation has %s', (root, operation, authorization) => {
    const text = template(
      'rest',
      `\n          /orders:\n            get: { ${operation === '' ? '' : `${operation},`} ${integration} }`,
      root,
    );
    expect(readTemplate(text).apis[0]?.routes.map((route) => plain(route.authorization))).toEqual([authorization]);
  });

  test('a scheme in the section of another version of OpenAPI is neither open nor closed', () => {
    const text = template('rest', `{ /a: { get: { security: [{ Sigv4: [] }], ${integration} } } }`).replace(
      'openapi: 3.0.1',
      "swagger: '2.0'",
    );
    expect(lines(readTemplate(text))).toEqual([
      'GET /a ? is the security scheme Sigv4, which is defined where this version of OpenAPI does not have it -> external orders',
    ]);
  });

  test('Swagger 2.0', () => {
    const text = template('rest', `{ /a: { get: { security: [{ Sigv4: [] }], ${integration} } } }`)
      .replace('openapi: 3.0.1', "swagger: '2.0'")
      .replace('        components:\n          securitySchemes:', '        securityDefinitions:');
    expect(lines(readTemplate(text))).toEqual(['GET /a iam -> external orders']);
  });
});
