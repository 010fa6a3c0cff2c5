import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTemplates } from '../../../test/support/template.ts';

// Whatever stands in a SAM template, reading it ends with a project, and a method that an event describes is never lost.

const word = fc.constantFrom(
  'a',
  'NONE',
  'AWS_IAM',
  'Pool',
  'Token',
  'Api',
  'Fn',
  'get',
  'ANY',
  '/x/{id}',
  'true',
  '',
  '__proto__',
);
const leaf = fc.oneof(word, fc.constantFrom<unknown>(true, false, null, 0, 5, -1), fc.constant({ Ref: 'Param' }));

const keys = [
  'Authorizer',
  'Authorizers',
  'DefaultAuthorizer',
  'ApiKeyRequired',
  'AuthorizationScopes',
  'ResourcePolicy',
  'IpRangeWhitelist',
  'CustomStatements',
  'UsagePlan',
  'CreateUsagePlan',
  'Identity',
  'Headers',
  'FunctionArn',
  'UserPoolArn',
  'JwtConfiguration',
  'Pool',
  'Token',
  'Type',
  'Properties',
  'Path',
  'Method',
  'RestApiId',
  'ApiId',
  'Auth',
  'RouteSettings',
  'AuthType',
  'Statement',
  'DynamoDBCrudPolicy',
  'TableName',
  'Fn::If',
  'Fn::Sub',
  'Ref',
  'paths',
  'openapi',
  'swagger',
  'get',
  '/x/{id}',
  'security',
  'x-amazon-apigateway-integration',
  'DomainName',
  'BasePath',
  'Id',
  'Destination',
  'Permissions',
  'constructor',
  'toString',
];

const value = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('node'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).node;

const properties = fc.dictionary(
  fc.constantFrom(
    'Auth',
    'Cors',
    'CorsConfiguration',
    'StageName',
    'DefinitionBody',
    'DefinitionUri',
    'MergeDefinitions',
    'OpenApiVersion',
    'Domain',
    'EndpointConfiguration',
    'RouteSettings',
    'Events',
    'Policies',
    'Role',
    'FunctionUrlConfig',
    'AutoPublishAlias',
    'EventInvokeConfig',
    'DeadLetterQueue',
    'Environment',
    'Tracing',
    'Routes',
    'Location',
    'Source',
    'Destination',
    'Permissions',
  ),
  value,
  { maxKeys: 6, noNullPrototype: true },
);

const kind = fc.constantFrom(
  'Api',
  'HttpApi',
  'Function',
  'StateMachine',
  'WebSocketApi',
  'Connector',
  'Application',
  'SimpleTable',
  'Strange',
);

const template = fc.record({
  Transform: fc.constantFrom('AWS::Serverless-2016-10-31', ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31']),
  Globals: fc.oneof(value, fc.record({ Function: properties, Api: properties, HttpApi: properties })),
  Conditions: fc.constant({ C: { 'Fn::Equals': [{ Ref: 'Param' }, 'x'] } }),
  Parameters: fc.constant({ Param: { Type: 'String' } }),
  Resources: fc.dictionary(
    fc.constantFrom('Api', 'Fn', 'Other', 'ServerlessRestApi', 'ServerlessHttpApi', 'FnRole', 'ServerlessUsagePlan'),
    fc.record(
      {
        Type: kind.map((name) => `AWS::Serverless::${name}`),
        Properties: properties,
        Condition: fc.constantFrom('C', 'Missing'),
        Connectors: value,
        IgnoreGlobals: leaf,
      },
      { requiredKeys: ['Type'], noNullPrototype: true },
    ),
    { maxKeys: 5, noNullPrototype: true },
  ),
});

test('no template makes the reader throw', () => {
  fc.assert(
    fc.property(template, (written) => {
      const { project } = readTemplates({ 'template.json': JSON.stringify(written) });
      expect(project.format).toBe('sam');
      // Everything has a place in the file.
      for (const resource of project.resources.values()) expect(resource.span.file.path).toContain('template.json');
    }),
    { numRuns: 400 },
  );
});

const path = fc.constantFrom('/', '/a', '/a/', '/a/{id}', '/{proxy+}', '/b');
const method = fc.constantFrom('get', 'POST', 'any', 'Delete', 'options');

test('every event of an API is a route or is recorded as unread', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(path, method, fc.constantFrom('Api', 'HttpApi'), fc.boolean()), { maxLength: 6 }),
      (events) => {
        const written = {
          Transform: 'AWS::Serverless-2016-10-31',
          Conditions: { C: { 'Fn::Equals': [{ Ref: 'Param' }, 'x'] } },
          Parameters: { Param: { Type: 'String' } },
          Resources: Object.fromEntries(
            events.map(([Path, Method, Type, conditional], index) => [
              `F${index}`,
              {
                Type: 'AWS::Serverless::Function',
                ...(conditional ? { Condition: 'C' } : {}),
                Properties: { Events: { E: { Type, Properties: { Path, Method } } } },
              },
            ]),
          ),
        };
        const { project } = readTemplates({ 'template.json': JSON.stringify({ ...written, Outputs: {} }) });
        const routes = project.apis.flatMap((api) => api.routes);
        const refused = project.unread.filter(({ what }) => what.startsWith('a second event'));
        // Paths that differ in the last slash only are one resource of a REST API.
        expect(routes.length + refused.length + slashes(events)).toBeGreaterThanOrEqual(events.length);
        for (const route of routes)
          expect(['none', undefined]).toContain(
            route.authorization.kind === 'known' ? route.authorization.value.kind : undefined,
          );
      },
    ),
    { numRuns: 150 },
  );
});

function slashes(events: readonly (readonly [string, string, string, boolean])[]): number {
  return events.filter(([one]) => one === '/a/').length;
}
