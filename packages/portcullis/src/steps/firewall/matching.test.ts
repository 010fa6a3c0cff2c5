import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../test/support/template.ts';
import { aclState, effectOf } from './web-acl.ts';

const block = (statement: string, priority = 1) =>
  `{ Name: block, Priority: ${priority}, Action: { Block: {} }, Statement: ${statement} }`;
const allow = (statement: string) => `{ Name: allow, Priority: 0, Action: { Allow: {} }, Statement: ${statement} }`;
const group = (more = '') =>
  `{ Name: group, Priority: 5, OverrideAction: { None: {} }, Statement: { ManagedRuleGroupStatement: { VendorName: AWS, Name: AWSManagedRulesCommonRuleSet${more} } } }`;

const nobody = '{ IPSetReferenceStatement: { Arn: !GetAtt Nobody.Arn } }';
const somebody = '{ IPSetReferenceStatement: { Arn: !GetAtt Somebody.Arn } }';
const noPattern =
  '{ RegexPatternSetReferenceStatement: { Arn: !GetAtt NoPattern.Arn, FieldToMatch: { UriPath: {} }, TextTransformations: [] } }';
const elsewhere = '{ IPSetReferenceStatement: { Arn: "arn:aws:wafv2:eu-west-1:111122223333:regional/ipset/a/1" } }';
const injection = '{ SqliMatchStatement: { FieldToMatch: { Body: {} }, TextTransformations: [] } }';
const label = '{ LabelMatchStatement: { Scope: LABEL, Key: "bad:one" } }';
const anySize =
  '{ SizeConstraintStatement: { FieldToMatch: { UriPath: {} }, ComparisonOperator: GE, Size: 0, TextTransformations: [] } }';
const anyPath =
  '{ ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString: /, PositionalConstraint: STARTS_WITH } }';
const onePath =
  '{ ByteMatchStatement: { FieldToMatch: { UriPath: {} }, SearchString: /health, PositionalConstraint: STARTS_WITH } }';
const rate = (limit: number, more = '') => `{ RateBasedStatement: { Limit: ${limit}, AggregateKeyType: IP${more} } }`;

function judge(rules: string) {
  const project = readTemplate(`Conditions: { Live: !Equals [!Ref AWS::Region, eu-west-1] }
Resources:
  Nobody: { Type: AWS::WAFv2::IPSet, Properties: { Scope: REGIONAL, IPAddressVersion: IPV4, Addresses: [] } }
  Somebody: { Type: AWS::WAFv2::IPSet, Properties: { Scope: REGIONAL, IPAddressVersion: IPV4, Addresses: [192.0.2.0/24] } }
  NoPattern: { Type: AWS::WAFv2::RegexPatternSet, Properties: { Scope: REGIONAL, RegularExpressionList: [] } }
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: { Allow: {} }
      Rules: ${rules}
`);
  const [acl] = project.webAcls;
  if (!acl) throw new Error('no web ACL');
  return `${effectOf(project, acl)} ${aclState(project, acl)}`;
}

describe('rules that look as if they stopped something', () => {
  it.each([
    ['addresses of a list', [block(somebody)], 'stops closed'],
    ['an empty list', [block(nobody)], 'counts half-open'],
    ['an empty list of patterns', [block(noPattern)], 'counts half-open'],
    ['a list that lies elsewhere', [block(elsewhere)], 'stops closed'],
    ['everything but an empty list', [block(`{ NotStatement: { Statement: ${nobody} } }`)], 'stops closed'],
    [
      'nobody and something',
      [block(`{ AndStatement: { Statements: [${injection}, ${nobody}] } }`)],
      'counts half-open',
    ],
    ['nobody or something', [block(`{ OrStatement: { Statements: [${injection}, ${nobody}] } }`)], 'stops closed'],
    ['nobody or nobody', [block(`{ OrStatement: { Statements: [${noPattern}, ${nobody}] } }`)], 'counts half-open'],
    ['a label that nothing sets', [block(label)], 'counts half-open'],
    ['a label beside a group', [block(label), group()], 'stops closed'],
    [
      'a label that a rule sets',
      [
        `{ Name: mark, Priority: 0, Action: { Count: {} }, RuleLabels: [{ Name: one }], Statement: ${injection} }`,
        block(label),
      ],
      'stops closed',
    ],
    [
      'a label that countries get',
      [allow('{ GeoMatchStatement: { CountryCodes: [DE] } }'), block(label)],
      'stops half-open',
    ],
    [
      'a country let through before the labels of countries',
      [
        allow('{ GeoMatchStatement: { CountryCodes: [DE] } }'),
        block('{ LabelMatchStatement: { Scope: NAMESPACE, Key: "awswaf:clientip:geo:country:" } }'),
      ],
      'stops closed',
    ],
    [
      'a country let through before attacks are looked for',
      [allow('{ GeoMatchStatement: { CountryCodes: [DE] } }'), block(injection)],
      'stops half-open',
    ],
    [
      'a country let through before other countries are kept out',
      [
        allow('{ GeoMatchStatement: { CountryCodes: [DE] } }'),
        block('{ NotStatement: { Statement: { GeoMatchStatement: { CountryCodes: [DE] } } } }'),
      ],
      'stops closed',
    ],
    [
      'a group all of whose rules count',
      [
        group(', ExcludedRules: []')
          .replace('AWSManagedRulesCommonRuleSet', 'AWSManagedRulesLinuxRuleSet')
          .replace(
            'ExcludedRules: []',
            'ExcludedRules: [{ Name: LFI_URIPATH }, { Name: LFI_QUERYSTRING }, { Name: LFI_HEADER }]',
          ),
      ],
      'counts half-open',
    ],
    [
      'a group one of whose rules still blocks',
      [
        group(', ExcludedRules: []')
          .replace('AWSManagedRulesCommonRuleSet', 'AWSManagedRulesLinuxRuleSet')
          .replace('ExcludedRules: []', 'ExcludedRules: [{ Name: LFI_URIPATH }, { Name: LFI_QUERYSTRING }]'),
      ],
      'stops closed',
    ],
    [
      'a group whose rule for large bodies only counts',
      [group(', RuleActionOverrides: [{ Name: SizeRestrictions_BODY, ActionToUse: { Count: {} } }]')],
      'stops half-open',
    ],
    ['a group that looks at nobody', [group(`, ScopeDownStatement: ${nobody}`)], 'counts half-open'],
    ['a group that looks at some', [group(`, ScopeDownStatement: ${onePath}`)], 'stops closed'],
    ['rates only', [block(rate(2000))], 'limits half-open'],
    ['rates and contents', [block(rate(2000)), block(injection, 2)], 'stops closed'],
    ['rates of nobody', [block(rate(2000, `, ScopeDownStatement: ${nobody}`))], 'counts half-open'],
    ['a rate beyond what the account takes', [block(rate(3_000_000))], 'counts half-open'],
    ['the same in another window', [block(rate(600_000, ', EvaluationWindowSec: 60'))], 'counts half-open'],
    ['every size let through first', [allow(anySize), block(injection)], 'stops open'],
    ['every path let through first', [allow(anyPath), block(injection)], 'stops open'],
    [
      'every path but none let through first',
      [allow(`{ NotStatement: { Statement: ${nobody} } }`), block(injection)],
      'stops open',
    ],
    ['every path let through behind', [block(injection, -1), allow(anyPath)], 'stops closed'],
    ['one path let through first', [allow(onePath), block(injection)], 'stops closed'],
    ['known senders let through first', [allow(somebody), block(injection)], 'stops closed'],
    ['a rule in one branch', [`!If [Live, ${block(injection)}, !Ref AWS::NoValue]`], 'undecided unknown'],
    [
      'one rule in one branch beside another',
      [`!If [Live, ${block(injection)}, !Ref AWS::NoValue]`, group()],
      'stops closed',
    ],
  ])('%s', (_name, rules, expected) => {
    expect(judge(`[${rules.join(', ')}]`)).toBe(expected);
  });

  it('are not certain when the whole list is in one branch', () => {
    expect(judge(`!If [Live, [${block(injection)}], []]`)).toBe('undecided unknown');
    expect(judge(`!If [Live, [${block(injection)}], [${group()}]]`)).toBe('stops closed');
  });
});
