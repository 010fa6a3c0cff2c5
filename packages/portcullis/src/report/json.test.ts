import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { emptyReport, finding, report } from '../../test/support/report.ts';
import { renderJson, stringify } from './json.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

describe('the JSON report', () => {
  it('is the report', () => {
    const text = [...renderJson(report)].join('');
    expect(JSON.parse(text)).toEqual(report);
    expect(text).toBe(stringify(report));
  });

  it.each([
    ['with everything', report],
    ['empty', emptyReport],
    [
      'with errors and a suppression',
      {
        ...report,
        findings: [finding({ suppressed: { reason: 'public by design', by: 'public' } })],
        errors: [
          { code: 'SYNTAX', message: 'a', file: 'a.yml', location: { file: 'a.yml', line: 1, column: 1 }, next: 'b' },
          { code: 'NOTHING_TO_CHECK', message: 'a', file: null, location: null, next: 'b' },
        ],
      },
    ],
  ])('keeps to its schema: %s', (_name, value) => {
    validate(JSON.parse([...renderJson(value)].join('')));
    expect(validate.errors).toBeNull();
  });

  it.each([
    ['a key that is not in the schema', { ...report, extra: 1 }],
    ['a step that does not exist', { ...report, findings: [{ ...finding(), step: 'plans' }] }],
    ['a position from 0', { ...report, findings: [finding({ location: { ...finding().location, line: 0 } })] }],
    ['a missing list', { version: 1, projects: [], findings: [] }],
  ])('the schema refuses %s', (_name, value) => {
    expect(validate(value)).toBe(false);
  });

  it('says nothing to a terminal and loses nothing', () => {
    const message = 'a\x1b[31m\x9b1m\x7f\u202e\u2028z';
    const text = [...renderJson({ ...emptyReport, findings: [finding({ message })] })].join('');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be left
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/);
    expect((JSON.parse(text) as { findings: { message: string }[] }).findings[0]?.message).toBe(message);
  });

  it('has one line for each project and finding when there are many, and says the same', () => {
    const [project] = report.projects;
    const many = { ...report, projects: Array.from({ length: 60 }, () => project as NonNullable<typeof project>) };
    const text = [...renderJson(many)].join('');
    expect(JSON.parse(text)).toEqual(many);
    expect(text.split('\n').length).toBeLessThan(60 + many.findings.length + many.errors.length + 12);
  });
});
