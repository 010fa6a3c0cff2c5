import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding, projectReport, renderOptions } from '../../test/support/report.ts';
import { type Report, severities } from '../contract/index.ts';
import { locate, SourceFile } from '../project/index.ts';
import { createRedactor, redact } from './redact.ts';
import { formatNames, loadFormat } from './render.ts';

const fileOf = (text: string) => new SourceFile('f.yml', text);

describe('createRedactor', () => {
  it('replaces every occurrence, overlapping ones too', () => {
    const { text } = createRedactor([], ['abcabc', 'cabca']);
    expect(text('x abcabca y abcabc')).toBe('x [secret] y [secret]');
  });

  it('leaves texts alone that are too short to be told from others', () => {
    expect(createRedactor([], ['dev']).text('stage dev')).toBe('stage dev');
  });

  it('knows a quoted secret without its quotes and escapes', () => {
    const raw = String.raw`"a\"bcdef"`;
    const { text } = createRedactor([{ file: fileOf(raw), start: 0, end: raw.length }]);
    expect(text('the value a"bcdef, as JSON a\\"bcdef')).toBe('the value [secret], as JSON [secret]');
    const single = "'it''s-me'";
    const redactor = createRedactor([{ file: fileOf(single), start: 0, end: single.length }]);
    expect(redactor.text("it's-me")).toBe('[secret]');
  });

  it('does not take the words of a sentence for the password that somebody made of one', () => {
    const file = fileOf('DB_PASSWORD: password\n');
    const redactor = createRedactor([{ file, start: 13, end: 21 }]);
    expect(redactor.text('DB_PASSWORD is a password')).toBe('DB_PASSWORD is a password');
    expect(redactor.hidden(file, 0, 21)).toEqual([{ start: 13, end: 21 }]);
  });

  it('uses a mask that contains no secret', () => {
    const redactor = createRedactor([], ['ecre']);
    expect(redactor.text('a secret')).toBe('a s[****]t');
  });

  it('learns more while it is used', () => {
    const redactor = createRedactor();
    expect(redactor.text('token-1234')).toBe('token-1234');
    redactor.hide([{ file: fileOf('token-1234'), start: 0, end: 10 }]);
    expect(redactor.text('token-1234')).toBe('[secret]');
  });
});

/** A document of keys and values, some of them secret, with everything else in a report made from its text. */
const documents = fc
  .array(
    fc.record({
      key: fc.stringMatching(/^[A-Z]{3,8}$/),
      // Upper and lower case, digits and symbols: no such text stands in a report by accident.
      value: fc.stringMatching(/^Q[a-z]{2,6}[0-9]{2,6}[-+/_.~][a-zA-Z0-9]{1,8}$/),
      quote: fc.constantFrom('', '"', "'"),
      lines: fc.boolean(),
      secret: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((entries) => {
    let text = '';
    const spans: { start: number; end: number }[] = [];
    const secrets: string[] = [];
    const values: { start: number; end: number }[] = [];
    for (const { key, value, quote, lines, secret } of entries) {
      text += `${key}: `;
      const start = text.length;
      text += lines ? `|\n  ${value}\n  x${value}` : `${quote}${value}${quote}`;
      values.push({ start, end: text.length });
      if (secret) {
        spans.push({ start, end: text.length });
        secrets.push(value);
      }
      text += '\n';
    }
    const file = new SourceFile('secrets.yml', text);
    return { file, spans: spans.map((span) => ({ file, ...span })), secrets, values };
  });

describe.each(formatNames)('%s', (format) => {
  it('never shows the text of a secret, wherever it got to', async () => {
    const render = await loadFormat(format);
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 200 }), ({ file, spans, secrets, values }, width) => {
        const [secret = 'none'] = secrets;
        const redactor = createRedactor(spans);
        const report: Report = {
          version: 1,
          projects: [
            projectReport({
              name: `service-${secret}`,
              unread: [{ what: secret, reason: `is ${secret}`, location: { file: 'secrets.yml', line: 1, column: 1 } }],
            }),
          ],
          findings: values.map((value, index) =>
            finding({
              message: `found ${file.text.slice(value.start, value.end)}`,
              location: locate({ file, ...value }),
              severity: severities[index % 3] ?? 'error',
              path: [`GET /${secret}`],
              question: `is ${secret} right?`,
              fix: `${secret}: ${index}`,
              route: `api GET /${secret}`,
              related: [{ message: secret, location: locate({ file, ...value }) }],
            }),
          ),
          errors: [{ code: 'SYNTAX', message: `near ${secret}`, file: null, location: null, next: `Drop ${secret}.` }],
        };
        const pieces = render(redact(report, redactor), {
          ...renderOptions,
          redactor,
          screen: { colour: false, unicode: true, width },
          source: () => file,
        });
        const output = [...pieces].join('');
        for (const text of secrets) expect(output).not.toContain(text);
        expect(output).toContain(secrets.length > 0 ? '[secret]' : 'secrets.yml');
      }),
    );
  });
});

it('comes to an end on a secret that repeats itself, and shows nothing of it', () => {
  const secret = '1'.repeat(100_000);
  const redactor = createRedactor([], [secret]);
  expect(redactor.text(`before ${'1'.repeat(200_000)}`)).toBe('before [secret]');
});
