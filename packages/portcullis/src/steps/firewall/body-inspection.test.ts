import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../test/support/template.ts';
import { bodyGap, limitOf } from './body-inspection.ts';

const block = (statement: string, priority = 1) =>
  `{ Name: own${priority}, Priority: ${priority}, Action: { Block: {} }, Statement: ${statement} }`;
const size = (operator: string, bytes: number, handling: string) =>
  `{ SizeConstraintStatement: { FieldToMatch: { Body: { OversizeHandling: ${handling} } }, ComparisonOperator: ${operator}, Size: ${bytes}, TextTransformations: [] } }`;
const injection = '{ SqliMatchStatement: { FieldToMatch: { Body: {} }, TextTransformations: [] } }';

function gapOf(rules: readonly string[], { limit = '', target = '' } = {}) {
  const project = readTemplate(`Resources:
  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: { Scheme: internet-facing } }
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: { Allow: {} }
      ${limit === '' ? '' : `AssociationConfig: { RequestBody: { API_GATEWAY: { DefaultSizeInspectionLimit: ${limit} } } }`}
      Rules: [${rules.join(', ')}]
  ${target === '' ? '' : `Association: { Type: AWS::WAFv2::WebACLAssociation, Properties: { WebACLArn: !GetAtt Acl.Arn, ResourceArn: ${target} } }`}
`);
  const [acl] = project.webAcls;
  if (!acl) throw new Error('no web ACL');
  return { gap: bodyGap(project, acl)?.kind ?? 'closed', limit: limitOf(project, acl) };
}

describe('how much of a body is seen', () => {
  it.each([
    ['before API Gateway', {}, 16_384],
    ['with a limit of its own', { limit: 'KB_48' }, 49_152],
    ['with a limit that is not decided', { limit: '!Ref Limit' }, 65_536],
    ['before a load balancer', { target: '!Ref Balancer' }, 8_192],
    ['before a load balancer, whatever is written for API Gateway', { limit: 'KB_64', target: '!Ref Balancer' }, 8_192],
    ['before something else', { target: '!ImportValue arn' }, 16_384],
  ])('%s', (_name, options, expected) => {
    expect(gapOf([block(injection)], options).limit).toBe(expected);
  });
});

describe('a size rule beside rules that look at bodies', () => {
  it.each([
    ['none', [], 'none'],
    ['one that refuses what it cannot see', [block(size('GT', 100_000, 'MATCH'), 2)], 'closed'],
    ['one that lets it pass', [block(size('GT', 100, 'NO_MATCH'), 2)], 'blind'],
    ['one that counts', [block(size('GT', 100, 'MATCH'), 2).replace('Block', 'Count')], 'none'],
    ['one for small bodies', [block(size('LT', 100, 'MATCH'), 2)], 'none'],
    [
      'one of two parts',
      [block(`{ AndStatement: { Statements: [${size('GT', 100, 'MATCH')}, ${injection}] } }`, 2)],
      'closed',
    ],
    ['its opposite', [block(`{ NotStatement: { Statement: ${size('LE', 8_000, 'NO_MATCH')} } }`, 2)], 'closed'],
    [
      'its opposite, which takes large ones for small',
      [block(`{ NotStatement: { Statement: ${size('LE', 64_000, 'MATCH')} } }`, 2)],
      'blind',
    ],
    [
      'a group elsewhere',
      [
        '{ Name: g, Priority: 3, OverrideAction: { None: {} }, Statement: { RuleGroupReferenceStatement: { Arn: !ImportValue g } } }',
      ],
      'closed',
    ],
  ])('%s', (_name, more, expected) => {
    expect(gapOf([block(injection), ...more]).gap).toBe(expected);
  });

  it('matches large bodies exactly when its size lies below what it sees', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70_000 }), fc.constantFrom('GT', 'GE'), (bytes, operator) => {
        // A body larger than the limit is seen as one of exactly the limit.
        const seen = 16_384;
        const matches = operator === 'GT' ? seen > bytes : seen >= bytes;
        expect(gapOf([block(injection), block(size(operator, bytes, 'CONTINUE'), 2)]).gap).toBe(
          matches ? 'closed' : 'blind',
        );
      }),
      { numRuns: 60 },
    );
  });
});
