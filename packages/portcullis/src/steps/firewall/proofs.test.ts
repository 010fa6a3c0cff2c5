import { describe, expect, it } from 'vitest';
import { type Node, SourceFile } from '../../project/index.ts';
import { weakValues } from './proofs.ts';

const span = { file: new SourceFile('template.yml', ''), start: 0, end: 0 };
const text = (value: string, from: Node['from'] = undefined): Node =>
  from ? { kind: 'scalar', value, span, from } : { kind: 'scalar', value, span };

describe('values that prove the sender', () => {
  it.each([
    ['a word', 'opensesame', 'guessable'],
    ['words with dashes', 'orders-origin-verify-header', 'guessable'],
    ['one character many times', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'guessable'],
    ['few characters and wildcards', '*k9Jf82mQpX0*', 'guessable'],
    ['a random value', 'k9Jf82mQpX0vLz7RtB4nWcYh', 'literal'],
    ['a static mapping of a REST API', "'k9Jf82mQpX0vLz7RtB4nWcYh'", 'literal'],
    ['a uuid', '6f1d2c5a-8b7e-4a60-9b1f-0c9d8e7f6a5b', 'literal'],
    ['a dynamic reference', '{{resolve:secretsmanager:orders}}', 'none'],
    ['nothing', ' ', 'none'],
  ])('%s', (_name, value, expected) => {
    expect(weakValues([text(value)])[0]?.weakness ?? 'none').toBe(expected);
  });

  it('are not weak when they come from where the files do not show them', () => {
    const from = [{ source: 'env' as const, address: 'ORIGIN', span }];
    expect(weakValues([text('k9Jf82mQpX0vLz7RtB4nWcYh', from)])).toEqual([]);
    expect(weakValues([{ kind: 'unknown', source: 'parameter', reason: 'is a parameter', span }])).toEqual([]);
    expect(weakValues([text('opensesame', [{ source: 'self', address: 'custom.word', span }])])).toHaveLength(1);
  });

  it('count in every branch of a condition', () => {
    const either: Node = {
      kind: 'either',
      condition: 'Live',
      branches: [text('{{resolve:ssm:x}}'), text('word')],
      span,
    };
    expect(weakValues([either]).map(({ weakness }) => weakness)).toEqual(['guessable']);
  });
});
