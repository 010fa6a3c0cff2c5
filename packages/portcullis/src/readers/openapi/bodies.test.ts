import { describe, expect, test } from 'vitest';
import { apiLines as lines } from '../../../test/support/openapi.ts';
import { readFiles } from '../../../test/support/read.ts';
import { place, plain, readTemplate, readTemplates } from '../../../test/support/template.ts';

describe('documents', () => {
  const document = `{ "openapi": "3.0.1", "paths": { "/a": { "get": { "x-amazon-apigateway-integration": { "type": "aws_proxy", "uri": "\${Fn.Arn}" } } } } }`;
  const api = (body: string) => `Conditions: { P: !Equals [!Ref AWS::Region, x] }
Resources:
  Fn: { Type: AWS::Lambda::Function }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { ${body} }
`;
  const cases: readonly (readonly [
    name: string,
    properties: string,
    routes: readonly string[],
    unread?: readonly string[],
  ])[] = [
    ['JSON text', `Body: !Sub '${document}'`, ['GET /a none -> Fn']],
    ['JSON text without pieces', `Body: '${document.replace('${Fn.Arn}', 'x')}'`, ['GET /a none -> external x']],
    ['YAML text', `Body: "openapi: 3.0.1\\npaths:\\n  /a: { get: {} }\\n"`, ['GET /a none -> unknown']],
    [
      'a map as JSON text',
      'Body: { Fn::ToJsonString: { openapi: 3.0.1, paths: { /a: { get: {} } } } }',
      ['GET /a none -> unknown'],
    ],
    ['a text that is no document', 'Body: hello', [], ['Body of Api: is no OpenAPI document that can be read here']],
    ['a text with an error', `Body: '{"openapi": '`, [], ['Body of Api: is no OpenAPI document that can be read here']],
    ['a list', 'Body: [1]', [], ['Body of Api: is no OpenAPI document that can be read here']],
    ['another map', 'Body: { a: 1 }', [], ['Body of Api: is no OpenAPI document that can be read here']],
    ['one that is given later', 'Body: !ImportValue x', [], ['Body of Api: is imported from another stack (x)']],
    [
      'one in S3',
      'Body: { Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://b/k } } }',
      [],
      ['Body of Api: is filled in by the macro AWS::Include'],
    ],
    ['S3', 'BodyS3Location: { Bucket: b, Key: k }', [], ['BodyS3Location of Api: the OpenAPI document lies in S3']],
    ['an address', 'BodyS3Location: s3://b/k', [], ['BodyS3Location of Api: the OpenAPI document lies in S3']],
    [
      'two documents',
      'Body: !If [P, { openapi: 3.0.1, paths: { /a: { get: {} } } }, { openapi: 3.0.1, paths: { /b: { get: {} } } }]',
      ['GET /a none -> unknown', 'GET /b none -> unknown'],
    ],
    [
      'one of two',
      'Body: !If [P, { openapi: 3.0.1, paths: { /a: { get: {} } } }, !ImportValue x]',
      ['GET /a none -> unknown'],
      ['a branch of the Body of Api: is imported from another stack (x)'],
    ],
    [
      'none in a branch',
      'Body: !If [P, { openapi: 3.0.1, paths: { /a: { get: {} } } }, !Ref AWS::NoValue]',
      ['GET /a none -> unknown'],
    ],
    [
      'a macro beside it',
      'Body: { openapi: 3.0.1, paths: { /a: { get: {} } }, Fn::Transform: { Name: Mine } }',
      ['GET /a none -> unknown'],
      ['a part of the Body of Api: what the macro adds is not known here'],
    ],
    ['null', 'Body: ~', []],
  ];
  test.each(cases.map(([name, properties, routes, unread = []]) => [name, properties, routes, unread] as const))(
    '%s',
    (_, properties, routes, unread) => {
      const project = readTemplate(api(properties));
      expect(lines(project)).toEqual(routes);
      expect(project.unread.map((one) => `${one.what}: ${one.reason}`)).toEqual(unread);
      expect(project.apis[0]?.unreadRoutes).toEqual(project.unread);
    },
  );

  test('authorizers of two documents are told apart', () => {
    const branch = (uri: string) =>
      `{ openapi: 3.0.1, security: [{ A: [] }], paths: { /a: { get: {} } }, components: { securitySchemes: { A: { type: apiKey, x-amazon-apigateway-authorizer: { type: token, authorizerUri: ${uri} } } } } }`;
    const project = readTemplate(api(`Body: !If [P, ${branch('one')}, ${branch('two')}]`));
    expect(lines(project)).toEqual(['GET /a lambda:Api.A -> unknown', 'GET /a lambda:Api.A (2) -> unknown']);
    expect(project.authorizers.map((one) => `${one.id} ${plain(one.function)}`)).toEqual([
      'Api.A external one',
      'Api.A (2) external two',
    ]);
  });

  test('a secret in a document is looked at once', () => {
    const project = readTemplate(
      api(
        'Body: { openapi: 3.0.1, paths: { /a: { get: { x-amazon-apigateway-integration: { type: http, uri: x } } } } }',
      ),
    );
    expect(project.configuration.map((one) => one.owner)).toEqual(['Api']);
  });
});

describe('documents beside the template', () => {
  const body = `openapi: 3.0.1
paths:
  /a:
    get:
      x-amazon-apigateway-integration: { type: mock }
`;
  const at = (properties: string) =>
    `Resources:\n  Api:\n    Type: AWS::ApiGateway::RestApi\n    Properties: ${properties}\n`;

  test('a path in BodyS3Location', () => {
    const { project, errors } = readTemplates({
      'app/template.yml': at('{ BodyS3Location: ../api/openapi.yml }'),
      'api/openapi.yml': body,
    });
    expect(errors).toEqual([]);
    expect(lines(project)).toEqual(['GET /a none -> mock']);
    expect(place(project.apis[0]?.routes[0]?.span)).toBe('api/openapi.yml:4:5');
    expect(project.files.map((file) => file.path)).toEqual(['app/template.yml', 'api/openapi.yml']);
  });

  test('an asset of a CDK program', () => {
    const { project } = readTemplates({
      'cdk.out/Api.template.json': JSON.stringify({
        Resources: {
          Api: {
            Type: 'AWS::ApiGateway::RestApi',
            Properties: { BodyS3Location: { Bucket: { 'Fn::Sub': 'cdk-${AWS::AccountId}' }, Key: 'f00.yaml' } },
            Metadata: { 'aws:asset:path': 'asset.f00.yaml', 'aws:asset:property': 'BodyS3Location' },
          },
        },
      }),
      'cdk.out/asset.f00.yaml': body,
    });
    expect(lines(project)).toEqual(['GET /a none -> mock']);
  });

  test('a file of a service', () => {
    const { project, errors } = readFiles({
      'serverless.yml': `service: orders
provider: { name: aws }
resources:
  Resources:
    Api: { Type: AWS::ApiGateway::RestApi, Properties: { Body: '\${file(openapi.yml)}' } }
`,
      'openapi.yml': body,
    });
    expect(errors).toEqual([]);
    expect(project && lines(project)).toEqual(['GET /a none -> mock']);
    expect(place(project?.apis[0]?.routes[0]?.span)).toBe('openapi.yml:4:5');
  });

  const bad: readonly (readonly [
    name: string,
    files: Readonly<Record<string, string>>,
    code: string,
    reason: string,
  ])[] = [
    ['no file', { 'template.yml': at('{ BodyS3Location: none.yml }') }, '', 'there is no file none.yml'],
    [
      'out of the project',
      { 'template.yml': at('{ BodyS3Location: ../../etc/passwd }') },
      'OUTSIDE_PROJECT',
      'the file ../../etc/passwd lies outside the project',
    ],
    [
      'credentials',
      { 'template.yml': at('{ BodyS3Location: .git/config }'), '.git/config': 'a' },
      'OUTSIDE_PROJECT',
      'the file .git/config holds credentials of a tool',
    ],
    [
      'a syntax error',
      { 'template.yml': at('{ BodyS3Location: a.json }'), 'a.json': '{' },
      'SYNTAX',
      'the file a.json could not be read',
    ],
    [
      'itself',
      { 'template.yml': at('{ BodyS3Location: template.yml }') },
      'CIRCULAR_FILE',
      'the file template.yml contains itself',
    ],
    [
      'no document',
      { 'template.yml': at('{ BodyS3Location: a.yml }'), 'a.yml': 'hello' },
      '',
      'is no OpenAPI document that can be read here',
    ],
  ];
  test.each(bad)('%s', (_, files, code, reason) => {
    const { project, errors } = readTemplates(files);
    expect(errors.map((error) => error.code).join()).toBe(code);
    expect(project.apis[0]?.routes).toEqual([]);
    expect(project.unread.map((one) => one.reason)).toEqual([reason]);
  });
});
