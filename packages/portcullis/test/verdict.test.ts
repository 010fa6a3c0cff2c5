import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allRules, steps } from '../src/steps/index.ts';
import { readCases } from './support/cases.ts';
import { readFiles } from './support/read.ts';
import { problemsOf } from './support/verdict.ts';

const folder = mkdtempSync(join(tmpdir(), 'portcullis-cases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const opened = 'authorization/route-is-open';

/** What is wrong with a case of one rule whose only route has this comment behind it. */
function problems(comment: string, more = ''): readonly string[] {
  const path = join(folder, 'one.cases.yml');
  writeFileSync(
    path,
    `- name: one
  format: serverless
${more}  files:
    serverless.yml: |
      service: shop
      provider: { name: aws, runtime: nodejs20.x }
      functions:
        create:
          handler: create.handler
          events:
            - httpApi: POST /orders ${comment}
`,
  );
  const rule = allRules.find(({ id }) => id === opened);
  const [entry] = readCases(path);
  if (!rule || !entry) throw new Error('no such rule or case');
  const { project } = readFiles(entry.files);
  if (!project) throw new Error('nothing was read');
  return problemsOf(rule, entry, [project], steps);
}

describe('a case of a rule', () => {
  it.each([
    '# <fires>',
    '# <fires error>',
    '# <fires open>',
    '# <fires error open>',
    '# <fires error: has no authorizer ... POST /orders>',
    '# <fires: type: jwt>',
  ])('holds with %s', (comment) => {
    expect(problems(comment)).toEqual([]);
  });

  it.each([
    ['', /unexpected: error open/],
    ['# <fires warning>', /none is warning/],
    ['# <fires closed>', /none is closed/],
    ['# <fires error: every table>', /none is error "every table"/],
    ['# <fires: has no authorizer ... every table>', /none is "has no authorizer" "every table"/],
    ['# <fires> <fires>', /nothing is found/],
  ])('fails with %s', (comment, said) => {
    expect(problems(comment).join('\n')).toMatch(said);
  });

  it('fails when a finding holds what none may hold', () => {
    expect(problems('# <fires>', '  never: [has no authorizer]\n')).toEqual([expect.stringContaining('holds')]);
    expect(problems('# <fires>', '  never: [has an authorizer]\n')).toEqual([]);
  });

  it('is refused when it asks for what is neither a severity nor a state', () => {
    expect(() => problems('# <fires serious>')).toThrow('serious is neither a severity nor a state');
  });

  it('says in a list of lines what a mark would say', () => {
    expect(problems('', '  fires: { serverless.yml: ["7 error: POST /orders"] }\n')).toEqual([]);
    expect(problems('', '  fires: { serverless.yml: ["7 note"] }\n').join()).toMatch(/none is note/);
  });
});
