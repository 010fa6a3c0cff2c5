import { describe, expect, it } from 'vitest';
import type { Finding } from '../contract/index.ts';
import { brief, briefFinding } from './brief.ts';

const long = 'a'.repeat(200_000);

describe('sentences with the words of users', () => {
  it.each([
    ['a sentence', 'POST /orders has no authorizer.', 'POST /orders has no authorizer.'],
    ['a word as long as is shown', 'a'.repeat(200), 'a'.repeat(200)],
    ['a longer word', `GET /${long} is open.`, `GET /${'a'.repeat(149)}…${'a'.repeat(49)} is open.`],
    ['a cut through an emoji', '😀'.repeat(101), `${'😀'.repeat(75)}…${'😀'.repeat(24)}`],
  ])('%s', (_name, text, expected) => {
    expect(brief(text)).toBe(expected);
  });

  it('are no longer than 2,000 characters', () => {
    expect(brief('one two '.repeat(1000))).toHaveLength(2000);
  });

  it('are cut in a finding wherever they stand, ids excepted', () => {
    const location = { file: 'a.yml', line: 1, column: 1, endLine: 1, endColumn: 2 };
    const finding: Finding = {
      rule: 'authorization/route-is-open',
      step: 'authorization',
      severity: 'error',
      state: 'open',
      message: long,
      location,
      route: long,
      path: [long],
      question: long,
      fix: `first: line\n${long}`,
      related: [{ message: long, location }],
      rank: 0,
      fingerprint: 'f',
    };
    const { route, ...rest } = briefFinding(finding);
    expect(route).toBe(long);
    expect(JSON.stringify(rest).length).toBeLessThan(2000);
    expect(rest.fix).toMatch(/^first: line\n/);
  });
});
