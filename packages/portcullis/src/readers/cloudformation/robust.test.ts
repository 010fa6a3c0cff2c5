import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plain, readTemplate, readTemplates } from '../../../test/support/template.ts';
import { InputError } from '../../project/index.ts';

const types = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::Authorizer',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Lambda::Function',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Url',
  'AWS::Lambda::Permission',
  'AWS::WAFv2::WebACL',
  'AWS::WAFv2::WebACLAssociation',
  'AWS::WAFRegional::WebACL',
  'AWS::Cognito::UserPool',
  'AWS::CloudFormation::Stack',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::Route53::RecordSet',
  'AWS::IAM::Role',
];

const keys = [
  ...['RestApiId', 'ApiId', 'ResourceId', 'ParentId', 'PathPart', 'HttpMethod', 'AuthorizationType', 'AuthorizerId'],
  ...['Integration', 'Type', 'Uri', 'StageName', 'MethodSettings', 'ApiStages', 'Throttle', 'Quota', 'Limit', 'Stage'],
  ...['KeyId', 'UsagePlanId', 'RouteKey', 'Target', 'IntegrationUri', 'IntegrationType', 'JwtConfiguration', 'Issuer'],
  ...['Audience', 'Issuers', 'Rules', 'Action', 'Statement', 'ResourceArn', 'WebACLArn', 'FunctionName', 'Principal'],
  ...['Environment', 'Variables', 'Role', 'Policy', 'EndpointConfiguration', 'Types', 'TemplateURL', 'Name'],
  ...['ConnectionType', 'ConnectionId', 'RequestParameters', 'LoadBalancerArn', 'AliasTarget', 'DNSName', 'Body'],
  ...['Ref', 'Fn::GetAtt', 'Fn::Sub', 'Fn::Join', 'Fn::If', 'Fn::Select', 'Fn::Split', 'Condition', 'Fn::ImportValue'],
];

const words = [
  ...['A', 'B', 'C', 'D', 'A.Arn', '${A}', '${A.Arn}/x', 'arn:aws:apigateway:x::/restapis/${A}/stages/${B}', 'CUSTOM'],
  ...['NONE', 'AWS_PROXY', 'HTTP_PROXY', 'VPC_LINK', 'GET', 'ANY', '/', ',', '', 'AWS::NoValue', 'AWS::Region', 'P'],
  ...['arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${A.Arn}/invocations', '-1', 'https://x', '__proto__'],
];

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<unknown>(...words, 0, -1, null, true),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('tree'), { maxKeys: 4 }),
  ),
}));

const resource = fc.record(
  {
    Type: fc.constantFrom(...types),
    Properties: fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 8 }),
    Condition: fc.constantFrom('P', 'Q', 'R'),
  },
  { requiredKeys: ['Type'] },
);

test('no template of known resources makes the reader throw, and every place lies in the file', () => {
  const template = fc.record(
    {
      Resources: fc.record({ A: resource, B: resource, C: resource, D: resource }),
      Conditions: fc.record({ P: tree, Q: tree }),
      Parameters: fc.record({ P: fc.record({ Default: tree, Type: fc.constantFrom('String', 'CommaDelimitedList') }) }),
      Outputs: fc.record({ O: tree }),
      Mappings: tree,
    },
    { requiredKeys: ['Resources'] },
  );
  fc.assert(
    fc.property(template, (value) => {
      const text = JSON.stringify(value, null, 1);
      const { project } = readTemplates({ 'template.json': text });
      for (const api of project.apis) {
        for (const { span, integration } of [...api.routes, { span: api.span, integration: api }]) {
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(Math.max(span.end, integration.span.end)).toBeLessThanOrEqual(text.length);
        }
        expect(new Set(api.routes.map((route) => route.id)).size).toBe(api.routes.length);
      }
      for (const one of project.resources.values()) plain(one.properties);
    }),
    { numRuns: 400 },
  );
});

test('random documents are read or refused with one message', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify({ Resources: value });
      try {
        readTemplates({ 'template.json': text });
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
  );
});

// Each of these would take longer than the life of a machine, or its memory, if it were followed to the end.
const explosions: readonly (readonly [string, () => Readonly<Record<string, string>>])[] = [
  [
    'conditions that double',
    () => {
      const names = Array.from({ length: 60 }, (_, index) => index);
      const lines = names.map((n) => `  C${n}: !And [!Condition C${n + 1}, !Condition C${n + 1}]`).join('\n');
      return {
        't.yml': `Conditions:\n${lines}\nResources: { A: { Type: X, Condition: Z, Properties: { V: !If [C0, a, b] } } }`,
      };
    },
  ],
  [
    'a chain of conditions',
    () => {
      const names = Array.from({ length: 2_000 }, (_, index) => index);
      const lines = names.map((n) => `  C${n}: !Not [!Condition C${n + 1}]`).join('\n');
      return { 't.yml': `Conditions:\n${lines}\nResources: { A: { Type: X, Condition: C0 } }` };
    },
  ],
  [
    'stacks that hand on a text twice',
    () => {
      const files: Record<string, string> = {};
      for (let level = 0; level < 60; level += 1) {
        const name = level === 0 ? 't.yml' : `t${level}.yml`;
        files[name] = `Parameters: { P: { Type: String } }
Resources:
  V: { Type: X, Properties: { V: !Ref P } }
  S: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: t${level + 1}.yml, Parameters: { P: !Sub "\${P}\${P}\${V}" } } }
`;
      }
      files['t60.yml'] = 'Resources: { X: { Type: X } }';
      return files;
    },
  ],
  [
    'stacks that wait for each other many times',
    () => {
      const many = Array.from({ length: 50 }, () => '!Ref P').join(', ');
      const wait = (id: string) => Array.from({ length: 50 }, () => `!GetAtt ${id}.Outputs.O`).join(', ');
      const stack = (id: string, other: string) =>
        `  ${id}: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: i.yml, Parameters: { P: !Join ['', [${wait(other)}]] } } }\n`;
      return {
        't.yml': `Resources:\n${stack('A', 'B')}${stack('B', 'A')}`,
        'i.yml': `Parameters: { P: { Type: String } }\nResources: { V: { Type: X, Properties: { V: !Ref P } } }\nOutputs: { O: { Value: !Join ['', [${many}]] } }\n`,
      };
    },
  ],
  [
    'a long default in every text',
    () => {
      const subs = Array.from({ length: 400 }, () => `!Sub "${'${P}'.repeat(100)}"`).join(', ');
      return {
        't.yml': `Parameters: { P: { Type: String, Default: ${'x'.repeat(4_000)} } }\nResources: { A: { Type: X, Properties: { V: [${subs}] } } }`,
      };
    },
  ],
  [
    'a chain of path parts',
    () => {
      const names = Array.from({ length: 1_500 }, (_, index) => index);
      const parts = names.map(
        (n) => `  R${n}: { Type: AWS::ApiGateway::Resource, Properties: { PathPart: p, ParentId: !Ref R${n + 1} } }
  M${n}: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: a, HttpMethod: GET, ResourceId: !Ref R${n} } }`,
      );
      return { 't.yml': `Resources:\n${parts.join('\n')}` };
    },
  ],
];

test.each(explosions)('%s come to an end', (_name, files) => {
  const { project } = readTemplates(files());
  expect(project.resources.size).toBeGreaterThan(0);
  expect([...project.resources.values()].filter((resource) => resource.properties.kind !== 'map')).toEqual([]);
});

test('a text that grows too long is unknown, not cut', () => {
  const [, files] = explosions[4] ?? [];
  const text = files?.()['t.yml'] ?? '';
  expect(plain(readTemplate(text).resources.get('A')?.properties)).toContain('? is put together from too many pieces');
});

test('comes to an end on conditions that ask for two others at each level', () => {
  const level = (index: number) =>
    ['A', 'B'].map(
      (name) =>
        `  ${name}${index}: !Equals [!If [A${index + 1}, !If [B${index + 1}, x, y], !If [B${index + 1}, x, z]], x]`,
    );
  const conditions = Array.from({ length: 40 }, (_, index) => level(index)).flat();
  const text = `Parameters: { P: { Type: String } }
Conditions:
${conditions.join('\n')}
  A40: !Equals [!Ref P, x]
  B40: !Equals [!Ref P, x]
Resources: { Bucket: { Type: AWS::S3::Bucket, Condition: A0, Properties: { BucketName: !If [A0, a, b] } } }
`;
  const { project, errors } = readTemplates({ 'template.yml': text });
  expect(errors).toEqual([]);
  expect(project.buckets).toHaveLength(1);
});
