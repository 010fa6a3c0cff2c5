import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTemplates } from '../../../test/support/template.ts';

const verbs = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'x-amazon-apigateway-any-method'] as const;

const authorization = fc.constantFrom<unknown>(
  undefined,
  [],
  [{}],
  [{ A: [] }],
  [{ B: ['read'] }, { K: [] }],
  [{ X: [] }],
  { 'Fn::If': ['P', [{ A: [] }], []] },
  [{ 'Fn::If': ['Q', { A: [] }, { Ref: 'AWS::NoValue' }] }],
  { 'Fn::ImportValue': 'x' },
  null,
  7,
);

const scheme = fc.constantFrom<unknown>(
  { type: 'apiKey', name: 'x-api-key', in: 'header' },
  { type: 'http', scheme: 'bearer' },
  { type: 'apiKey', 'x-amazon-apigateway-authtype': 'awsSigv4' },
  { type: 'apiKey', 'x-amazon-apigateway-authorizer': { type: 'token', authorizerUri: 'x' } },
  { 'Fn::If': ['P', { type: 'oauth2', 'x-amazon-apigateway-authorizer': { type: 'jwt' } }, { Ref: 'AWS::NoValue' }] },
  { $ref: '#/components/securitySchemes/B' },
  { $ref: '#/paths' },
  null,
  'text',
);

const operation = fc.record({
  security: authorization,
  'x-amazon-apigateway-integration': fc.constantFrom<unknown>(
    undefined,
    { type: 'mock' },
    { type: 'aws_proxy', uri: { 'Fn::GetAtt': ['Fn', 'Arn'] } },
    { 'Fn::If': ['P', { type: 'mock' }, { $ref: '#/x' }] },
    [],
  ),
});

const path = fc.constantFrom('/', '/a', '/a/b', '/a/{id}', '/{proxy+}', '/a/', '//', '/constructor', '/__proto__');

const decided = fc.dictionary(path, fc.dictionary(fc.constantFrom(...verbs), operation));

const template = (type: string, body: unknown) =>
  JSON.stringify({
    Conditions: {
      P: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'a'] },
      Q: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'b'] },
    },
    Resources: { Fn: { Type: 'AWS::Lambda::Function' }, Api: { Type: type, Properties: { Body: body } } },
  });

const types = ['AWS::ApiGateway::RestApi', 'AWS::ApiGatewayV2::Api'] as const;

const read = (type: string, body: unknown) => readTemplates({ 'template.json': template(type, body) }).project;

describe('any document', () => {
  test('every operation is a route, each with its own id', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        decided,
        fc.dictionary(fc.constantFrom('A', 'B', 'K'), scheme),
        authorization,
        (type, paths, securitySchemes, security) => {
          const project = read(type, {
            openapi: '3.0.1',
            paths,
            components: { securitySchemes },
            ...(security === undefined ? {} : { security }),
          });
          const routes = project.apis[0]?.routes ?? [];
          const wanted = Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0);
          expect(routes.length).toBe(wanted);
          expect(new Set(routes.map((route) => route.id)).size).toBe(wanted);
          expect(project.unread).toEqual([]);
        },
      ),
    );
  });

  test('nothing throws, and what hides operations is unread', () => {
    const undecided = fc.constantFrom<unknown>(
      { 'Fn::ImportValue': 'x' },
      { 'Fn::Transform': { Name: 'M' } },
      { $ref: '#/nowhere' },
      'text',
      [],
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), decided, path, undecided, (type, paths, at, hidden) => {
        const project = read(type, { openapi: '3.0.1', paths: { ...paths, [at]: hidden } });
        expect(project.apis[0]?.unreadRoutes.length).toBe(1);
      }),
    );
  });

  test('JSON of any shape is read without an error', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.jsonValue({ maxDepth: 5 }),
        fc.constantFrom(
          'paths',
          'components',
          'security',
          'servers',
          'x-amazon-apigateway-policy',
          'x-amazon-apigateway-cors',
          'info',
        ),
        (type, value, key) => {
          for (const body of [
            value,
            { openapi: '3.0.1', paths: { '/a': { get: {} } }, [key]: value },
            { openapi: '3.0.1', paths: { '/a': { get: value } } },
          ])
            expect(read(type, body).apis.length).toBe(1);
        },
      ),
    );
  });

  test('the same document as text gives the same routes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), decided, (type, paths) => {
        const body = JSON.parse(
          JSON.stringify({ openapi: '3.0.1', paths }).replaceAll(/"Fn::If"|"Ref"|"Fn::\w+"/g, '"x"'),
        ) as unknown;
        const ids = (one: unknown) =>
          read(type, one).apis[0]?.routes.map((route) => `${route.id} ${route.authorization.kind}`);
        expect(ids(JSON.stringify(body))).toEqual(ids(body));
      }),
    );
  });
});
