import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTemplates } from '../../test/support/template.ts';
import { matches } from './reach/glob.ts';
import { reachOf } from './reach.ts';

const words = [
  'Allow',
  'Deny',
  'Effect',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Statement',
  'Condition',
  'Principal',
  'PolicyDocument',
  'dynamodb:*',
  's3:Get*',
  '*',
  'arn:aws:dynamodb:*:*:table/orders',
  'arn:aws:s3:::b/*',
  'arn:',
  '::::::',
  '\uE000\uE001',
  'Ref',
  'Fn::GetAtt',
  'Fn::If',
  'Fn::Join',
  'Table',
  'Role',
  'IsProd',
  '{"Statement":[{"Effect":"Allow"}]}',
];
const word = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 }));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    word,
    fc.constantFrom(null, 0, true),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 5 }),
  ),
}));

const types = [
  'AWS::IAM::Role',
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::DynamoDB::Table',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::KMS::Key',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::ECS::Service',
  'AWS::ECS::TaskDefinition',
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::Lambda::Function',
];
const propertyNames = [
  'Policies',
  'ManagedPolicyArns',
  'PolicyDocument',
  'Roles',
  'RoleName',
  'KeyPolicy',
  'Bucket',
  'BucketName',
  'BucketEncryption',
  'PublicAccessBlockConfiguration',
  'VersioningConfiguration',
  'SecurityGroupIngress',
  'GroupId',
  'TaskDefinition',
  'LoadBalancers',
  'NetworkConfiguration',
  'ContainerDefinitions',
  'Listeners',
  'LoadBalancerArn',
  'ListenerArn',
  'DefaultActions',
  'Actions',
  'Conditions',
  'Targets',
  'TargetType',
  'Environment',
  'TableName',
];
const resource = fc.record({
  Type: fc.constantFrom(...types),
  Properties: fc.dictionary(fc.constantFrom(...propertyNames), value, { maxKeys: 6 }),
});

describe('any document', () => {
  it('gives a model, and every route an answer', () => {
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 6 }), value, (resources, policy) => {
        const all = Object.fromEntries(resources.map((one, index) => [`R${index}`, one]));
        const text = JSON.stringify({
          Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'x'] } },
          Resources: {
            ...all,
            Fn: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
            Url: { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { Ref: 'Fn' }, AuthType: 'NONE' } },
            Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: policy } }] } },
          },
        });
        const { project } = readTemplates({ 'template.json': text });
        const routes = project.apis.flatMap((api) => api.routes);
        expect(routes.length).toBeGreaterThan(0);
        expect(new Set(routes.map((route) => route.id)).size).toBe(routes.length);
        for (const route of routes) {
          for (const { resource: name, access } of reachOf(project, route).resources) {
            expect(name).not.toMatch(/[\uE000\uE001]/);
            expect(['read', 'write']).toContain(access);
          }
        }
        for (const { node } of project.configuration) expect(node.span.end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

describe('wildcards', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  it('match as the same pattern written as a regular expression', () => {
    fc.assert(
      fc.property(letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, text) => {
        const expression = pattern.replaceAll('*', '[ab]*').replaceAll('?', '[ab]');
        expect(matches(pattern, text)).toBe(new RegExp(`^${expression}$`).test(text));
      }),
    );
  });

  it('take no time that grows out of hand', () => {
    expect(matches(`${'*a'.repeat(500)}b`, 'a'.repeat(2000))).toBe(false);
  });
});
