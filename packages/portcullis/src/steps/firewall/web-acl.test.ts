import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectWith } from '../../../test/support/project.ts';
import {
  known,
  type MapNode,
  type Node,
  SourceFile,
  unknown,
  type WebAcl,
  type WebAclRule,
} from '../../project/index.ts';
import { earlyAllows, widthOf } from './early-allow.ts';
import { aclState, effectOf } from './web-acl.ts';

const span = { file: new SourceFile('template.yml', ''), start: 0, end: 0 };

/** A plain value as a tree of nodes. */
function node(value: unknown): Node {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(node), span };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({ key, keySpan: span, value: node(item) }));
    return { kind: 'map', entries, span } satisfies MapNode;
  }
  return { kind: 'scalar', value: value as string, span };
}

type Action = 'allow' | 'block' | 'count' | 'captcha' | 'challenge' | 'none';

function rule(action: Action | undefined, statement: unknown, priority: number | 'undecided' = 0): WebAclRule {
  const [key] = Object.keys(statement as object);
  return {
    name: 'r',
    span,
    priority: priority === 'undecided' ? unknown('is a parameter') : known(priority),
    action: action ? known(action) : unknown('is a parameter'),
    statement: {
      kind: key === 'ManagedRuleGroupStatement' ? 'managed-group' : 'other',
      group: undefined,
      node: node(statement),
    },
  };
}

function acl(rules: readonly WebAclRule[], defaultAction: 'allow' | 'block' = 'allow'): WebAcl {
  const base = { id: 'Acl', name: 'acl', span, generation: 'v2' as const, scope: known('REGIONAL' as const) };
  return { ...base, defaultAction: known(defaultAction), rules };
}

const managed = { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' } };
const geo = { GeoMatchStatement: { CountryCodes: ['DE'] } };
const office = { IPSetReferenceStatement: { Arn: 'arn' } };
const project = projectWith();

describe('what a web ACL does', () => {
  it.each([
    ['no rules', [], 'allow', 'empty', 'open'],
    ['no rules, default block', [], 'block', 'stops', 'closed'],
    ['a managed group that acts', [rule('none', managed)], 'allow', 'stops', 'closed'],
    ['a managed group that counts', [rule('count', managed)], 'allow', 'counts', 'half-open'],
    ['allow only', [rule('allow', geo)], 'allow', 'counts', 'half-open'],
    ['a challenge', [rule('challenge', geo)], 'allow', 'stops', 'closed'],
    ['an undecided action', [rule(undefined, geo)], 'allow', 'undecided', 'unknown'],
    ['an undecided action beside a block', [rule(undefined, geo), rule('block', geo)], 'allow', 'stops', 'closed'],
    ['a country before the group', [rule('allow', geo, 0), rule('none', managed, 1)], 'block', 'stops', 'open'],
    ['an office before the group', [rule('allow', office, 0), rule('none', managed, 1)], 'allow', 'stops', 'half-open'],
    [
      'priorities not decided',
      [rule('allow', geo, 'undecided'), rule('none', managed, 1)],
      'allow',
      'stops',
      'unknown',
    ],
  ] as const)('%s', (_name, rules, action, effect, state) => {
    expect(effectOf(project, acl(rules, action))).toBe(effect);
    expect(aclState(project, acl(rules, action))).toBe(state);
  });

  it('is half open as WAF Classic, whatever its rules say', () => {
    expect(aclState(project, { ...acl([rule('block', geo)]), generation: 'classic' })).toBe('half-open');
  });
});

const header = (Name: string) => ({
  ByteMatchStatement: { SearchString: 'x', FieldToMatch: { SingleHeader: { Name } }, PositionalConstraint: 'EXACTLY' },
});

describe('how many senders a statement lets match', () => {
  it.each([
    ['a country', geo, 'anyone'],
    ['an address list', office, 'some'],
    ['an address from a header', { IPSetReferenceStatement: { IPSetForwardedIPConfig: {} } }, 'anyone'],
    ['a label', { LabelMatchStatement: { Scope: 'LABEL', Key: 'k' } }, 'some'],
    ['a user agent', header('User-Agent'), 'anyone'],
    ['a secret header', header('X-Origin-Secret'), 'some'],
    ['a path', { ByteMatchStatement: { FieldToMatch: { UriPath: {} } } }, 'anyone'],
    ['everyone but', { NotStatement: { Statement: office } }, 'anyone'],
    ['a path from the office', { AndStatement: { Statements: [geo, office] } }, 'some'],
    ['the office or a country', { OrStatement: { Statements: [office, geo] } }, 'anyone'],
    ['two offices', { OrStatement: { Statements: [office, office] } }, 'some'],
    ['nothing that is known', { NewStatement: {} }, 'undecided'],
    ['an empty statement', {}, 'undecided'],
  ])('%s', (_name, statement, width) => {
    expect(widthOf(node(statement))).toBe(width);
  });

  it('is not decided for a statement that is a parameter', () => {
    expect(widthOf(undefined)).toBe('undecided');
    expect(widthOf({ kind: 'unknown', source: 'parameter', reason: 'is a parameter', span })).toBe('undecided');
  });
});

describe('Allow before the groups', () => {
  it('is found whenever an Allow has a lower priority than some group that acts, and never otherwise', () => {
    const some = fc.record({
      action: fc.constantFrom<Action>('allow', 'block', 'count', 'none'),
      priority: fc.integer({ min: 0, max: 20 }),
      group: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), (written) => {
        const rules = written.map(({ action, priority, group }) => {
          if (group) return rule(action === 'count' ? 'count' : 'none', managed, priority);
          return rule(action === 'none' ? 'block' : action, geo, priority);
        });
        const acting = written.filter(({ group, action }) => group && action !== 'count');
        const expected = written.filter(
          ({ group, action, priority }) =>
            !group && action === 'allow' && acting.some((other) => priority < other.priority),
        );
        expect(earlyAllows(project, acl(rules))).toHaveLength(expected.length);
      }),
    );
  });
});
