import { describe, expect, it } from 'vitest';
import { plain } from '../../../../test/support/template.ts';
import { known, type Node, type PolicyStatement, SourceFile, valueOf } from '../../../project/index.ts';
import { parseDocument } from '../../document/index.ts';
import { policyFact, statementsOf } from './policy.ts';

const parse = (text: string): Node => parseDocument(new SourceFile('policy.yml', text));
const span = { file: new SourceFile('x', ''), start: 0, end: 0 };
const undecided: Node = { kind: 'unknown', source: 'import', reason: 'is imported', span };
const absent: Node = { kind: 'scalar', value: null, span };
const either = (...branches: readonly Node[]): Node => ({ kind: 'either', condition: 'IsProd', branches, span });
const map = (key: string, value: Node): Node => ({ kind: 'map', entries: [{ key, keySpan: span, value }], span });

function line(statement: PolicyStatement): string {
  const { effect, actions, notActions, resources, notResources, principals, notPrincipals, conditions } = statement;
  return [
    plain(effect),
    plain(actions),
    notActions.length > 0 ? `not ${plain(notActions)}` : '',
    `on ${plain(resources)}`,
    notResources.length > 0 ? `not on ${plain(notResources)}` : '',
    principals ? `for ${plain(principals)}` : '',
    notPrincipals ? `not for ${plain(notPrincipals)}` : '',
    ...conditions.map((one) => `if ${one.operator} ${one.key} ${plain(one.values)}`),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

describe('statementsOf', () => {
  it.each([
    ['nothing', 'null', []],
    ['an empty document', '{}', []],
    ['no statements', '{ Statement: [] }', []],
    [
      'single values',
      "{ Statement: { Effect: Allow, Action: 's3:GetObject', Resource: '*', Principal: '*' } }",
      ['Allow [s3:GetObject] on [*] for [*]'],
    ],
    [
      'lists',
      "{ Statement: [{ Effect: Deny, Action: [a:B, a:C], Resource: [x, y], Principal: { AWS: ['*', '123456789012'], Service: s3.amazonaws.com } }] }",
      ['Deny [a:B, a:C] on [x, y] for [*, 123456789012, s3.amazonaws.com]'],
    ],
    [
      'everything but',
      '{ Statement: [{ Effect: Deny, NotAction: a:B, NotResource: x, NotPrincipal: { AWS: y } }] }',
      ['Deny [] not [a:B] on [] not on [x] not for [y]'],
    ],
    [
      'conditions',
      '{ Statement: [{ Effect: Allow, Action: a, Condition: { IpAddress: { aws:SourceIp: [1.2.3.0/24, 10.0.0.0/8] }, Bool: { aws:SecureTransport: false } } }] }',
      ['Allow [a] on [] if IpAddress aws:SourceIp [1.2.3.0/24, 10.0.0.0/8] if Bool aws:SecureTransport [false]'],
    ],
    ['a list instead of a document', '[{ Effect: Allow, Action: a }]', ['Allow [a] on []']],
    ['a list inside the list', '{ Statement: [[{ Effect: Allow, Action: [[a], b] }]] }', ['Allow [a, b] on []']],
    ['JSON text', `'{"Statement": [{"Effect": "Allow", "Action": "a:B", "Resource": "*"}]}'`, ['Allow [a:B] on [*]']],
    ['no Effect', '{ Statement: [{ Action: a }] }', ['? has no Effect [a] on []']],
    ['a wrong Effect', '{ Statement: [{ Effect: allow, Action: a }] }', ['? is neither Allow nor Deny [a] on []']],
    [
      'a text in the place of a statement',
      '{ Statement: [hello] }',
      [
        '? is a scalar, where a policy statement was expected [? is a scalar, where a policy statement was expected] on [? is a scalar, where a policy statement was expected] for [? is a scalar, where a policy statement was expected]',
      ],
    ],
  ])('%s', (_name, text, expected) => {
    expect(statementsOf(parse(text)).map(line)).toEqual(expected);
  });

  it('places a statement and its conditions', () => {
    const text = "Statement:\n  - Effect: Allow\n    Condition: { IpAddress: { 'aws:SourceIp': 1.2.3.4 } }\n";
    const [statement] = statementsOf(parse(text));
    const place = (at: { start: number; end: number } | undefined) => text.slice(at?.start, at?.end);
    expect(place(statement?.span)).toContain('Effect: Allow');
    expect(place(statement?.conditions[0]?.span)).toBe("'aws:SourceIp': 1.2.3.4");
  });

  it('keeps references inside JSON text', () => {
    const text: Node = {
      kind: 'text',
      span,
      parts: [
        '{"Statement":[{"Effect":"Allow","Action":"a","Resource":["',
        { kind: 'reference', id: 'Bucket', attribute: 'Arn', span },
        '/*","',
        { kind: 'reference', id: 'Table', attribute: 'Arn', span },
        '"]}]}',
      ],
    };
    expect(statementsOf(text).map(line)).toEqual(['Allow [a] on [${Bucket.Arn}/*, ${Table.Arn}]']);
    expect(statementsOf(text)[0]?.resources[1]?.kind).toBe('reference');
  });

  it('takes both branches of a condition, and no Deny in one of them for certain', () => {
    const allow = parse('{ Effect: Allow, Action: a }');
    const deny = parse('{ Effect: Deny, Action: b }');
    expect(statementsOf(map('Statement', either(allow, deny))).map(line)).toEqual([
      'Allow [a] on []',
      'IsProd(Deny | ? is there only under the condition IsProd) [b] on []',
    ]);
    expect(statementsOf(map('Statement', either(deny, absent)))).toHaveLength(1);
    const chosen: Node = {
      kind: 'map',
      span,
      entries: [
        { key: 'Effect', keySpan: span, value: parse('Deny') },
        { key: 'Resource', keySpan: span, value: either(parse('x'), parse('y')) },
      ],
    };
    expect(statementsOf(map('Statement', chosen)).map(line)).toEqual([
      'IsProd(Deny | ? is there only under the condition IsProd) [] on [x, y]',
    ]);
    expect(statementsOf(map('Statement', deny), 'IsProd').map(line)).toEqual([
      'IsProd(Deny | ? is there only under the condition IsProd) [b] on []',
    ]);
  });

  it('makes a statement for each branch of a Condition, with and without', () => {
    const condition = either(parse('{ IpAddress: { aws:SourceIp: 10.0.0.0/8 } }'), absent);
    const statement: Node = {
      kind: 'map',
      span,
      entries: [
        { key: 'Effect', keySpan: span, value: parse('Allow') },
        { key: 'Condition', keySpan: span, value: condition },
      ],
    };
    expect(statementsOf(map('Statement', statement)).map(line)).toEqual([
      'Allow [] on [] if IpAddress aws:SourceIp [10.0.0.0/8]',
      'Allow [] on []',
    ]);
  });

  it('says what is not decided', () => {
    expect(statementsOf(undecided).map((one) => plain(one.effect))).toEqual(['? is imported']);
    expect(statementsOf(map('Statement', undecided)).map((one) => plain(one.effect))).toEqual(['? is imported']);
  });

  it('survives JSON text that is nested without end', () => {
    const text = `{"Statement":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(statementsOf({ kind: 'scalar', value: text, span }).length).toBeLessThan(2);
  });
});

describe('policyFact', () => {
  it.each([
    ['absent', undefined, known([])],
    ['null', absent, known([])],
    [
      'an empty text, as compiled osls templates have it',
      { kind: 'scalar', value: ' ', span } as Node,
      known([], span),
    ],
  ])('%s is no policy', (_name, node, expected) => {
    expect(policyFact(node)).toEqual(expected);
  });

  it.each([
    ['undecided', undecided, '? is imported'],
    ['no policy', { kind: 'scalar', value: 'hello', span } as Node, '? is not a policy document'],
    ['conditional', either(undecided, absent), 'IsProd(? is imported | [])'],
  ])('%s', (_name, node, expected) => {
    expect(plain(policyFact(node))).toBe(expected);
  });

  it('holds the statements of a document and of its JSON text', () => {
    expect(valueOf(policyFact(parse('{ Statement: [{ Effect: Allow }] }')))).toHaveLength(1);
    const text: Node = { kind: 'scalar', value: '{"Statement":[{"Effect":"Allow"}]}', span };
    expect(valueOf(policyFact(text))).toHaveLength(1);
  });
});
