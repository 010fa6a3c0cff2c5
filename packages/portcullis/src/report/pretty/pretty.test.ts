import { describe, expect, it } from 'vitest';
import { emptyReport, finding, renderOptions as options, projectReport, report } from '../../../test/support/report.ts';
import { renderPretty } from './index.ts';

const lines = (text: string) => text.split('\n');

describe('the pretty report', () => {
  it('shows gates, findings, notes and the verdict', () => {
    expect(renderPretty(report, options)).toMatchInlineSnapshot(`
      "serverless.yml
      orders · stage dev · 2 routes: 1 open, 1 closed

        ○ authorization      who may enter?                   open            1 error
        ◐ usage plans        how often?                       half open       1 warning, 1 note
        ? firewall           with what in their hands?        unknown
        ○ secrets            what must nobody read?           open            1 error
        · deployment bucket  where does the code itself lie?  not applicable

      ── error authorization/route-is-open ───────────────────────────────────────────────────────────────
         Route has no authorizer

        POST /orders has no authorizer
        serverless.yml:10:15
           8 │     handler: src/orders.create
           9 │     events:
        > 10 │       - http: POST /orders
             │               ^^^^^^^^^^^^
          11 │       - http: GET /orders
        path: POST /orders -> createOrder -> OrdersRole -> OrdersTable (write)

        how to close it:
          functions:
            createOrder:
              events:
                - http:
                    authorizer: customers

      ── error secrets/literal-secret ────────────────────────────────────────────────────────────────────
         Secret in plain text

        API_KEY in provider.environment is a secret in plain text
        serverless.yml:5:14
          3 │   name: aws
          4 │   environment:
        > 5 │     API_KEY: [secret]
            │              ^^^^^^^^
          6 │ functions:
          7 │   createOrder:
        see: serverless.yml:7:3  the function that receives it

      ── warning usage-plans/no-throttle ─────────────────────────────────────────────────────────────────
         Nothing limits the rate

        No stage or method throttle is set
        serverless.yml:1:1
        > 1 │ service: orders
            │ ^^^^^^^^^^^^^^^
          2 │ provider:
        to answer: Is the account limit of 10,000 requests per second enough?

      ── 1 note
         serverless.yml:1:1  The plan has no quota (usage-plans/no-quota)

      ────────────────────────────────────────────────────────────────────────────────────────────────────
      ○ authorization   ◐ usage plans   ? firewall   ○ secrets   · deployment bucket
      2 errors, 1 warning and 1 note in 1 project.
      Exit code 1: 2 errors at or above --fail-on error.
      Next: portcullis explain authorization/route-is-open
      "
    `);
  });

  it('draws with ASCII and fits a narrow screen', () => {
    const text = renderPretty(report, { ...options, screen: { colour: false, unicode: false, width: 60 } });
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(lines(text).filter((line) => line.length > 60)).toEqual([]);
    expect(text).toContain('  x authorization      open            1 error\n');
  });

  it('is the same text with colours, but for the colours', () => {
    const coloured = renderPretty(report, { ...options, screen: { ...options.screen, colour: true } });
    expect(coloured).toContain('\x1b[31m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removes what colours are made of
    expect(coloured.replace(/\x1b\[\d+m/g, '')).toBe(renderPretty(report, options));
  });

  it('puts places of one rule together and says once how to close them', () => {
    const places = ['/a', '/b', '/c'].map((path) => finding({ message: `GET ${path} is open`, fix: 'close: it\n' }));
    const text = renderPretty({ ...report, findings: places }, options);
    expect(text.match(/close: it/g)).toHaveLength(1);
    expect(text.match(/authorization\/route-is-open · 3 places/g)).toHaveLength(1);
    expect(text.match(/GET \/[abc] is open/g)).toHaveLength(3);
  });

  it('shows a snippet of its own under the place that has one', () => {
    const places = ['one: 1', 'all: 1', 'all: 1'].map((fix) => finding({ fix }));
    const text = renderPretty({ ...report, findings: places }, options);
    expect(text.indexOf('one: 1')).toBeLessThan(text.indexOf('all: 1'));
    expect(text.match(/how to close it:/g)).toHaveLength(2);
  });

  it('lists more than ten places of one rule, one line each, after the worst', () => {
    const places = Array.from({ length: 12 }, (_, index) =>
      finding({
        message: `GET /${index} is open`,
        ...(index % 2 ? { path: [`GET /${index}`, 'fn', 'Table (read)'] } : {}),
      }),
    );
    const text = renderPretty({ ...report, findings: places }, options);
    expect(text).toContain('and 11 more places, worst first:');
    expect(lines(text)).toContain('    serverless.yml:10:15  GET /1 -> fn -> Table (read)');
    expect(lines(text)).toContain('    serverless.yml:10:15  GET /2 is open');
    expect(text.match(/\^\^\^/g)?.length).toBeGreaterThan(0);
    expect(lines(text).filter((line) => line.startsWith('>'))).toHaveLength(0);
    expect(lines(text).filter((line) => line.startsWith('  > '))).toHaveLength(1);
  });

  it('shows many projects as a table', () => {
    const projects = Array.from({ length: 6 }, (_, index) => projectReport({ file: `s${index}/serverless.yml` }));
    const text = renderPretty({ ...report, projects, findings: [] }, options);
    expect(lines(text)[0]).toBe('  authorization  usage plans  firewall  secrets  deployment bucket');
    expect(lines(text)[1]).toBe(
      '        ○             ◐          ?         ○             ·          s0/serverless.yml',
    );
    expect(lines(text).filter((line) => line.endsWith('/serverless.yml'))).toHaveLength(6);
    expect(text).toContain('Nothing found in 6 projects.\nExit code 0: nothing at or above error.\n');
  });

  it('shows only the steps that were asked', () => {
    const text = renderPretty({ ...report, findings: [] }, { ...options, steps: options.steps.slice(0, 1) });
    expect(text).toContain('authorization');
    expect(text).not.toContain('deployment bucket');
  });

  it('names what was not read and what was not checked', () => {
    const text = renderPretty(
      {
        ...emptyReport,
        projects: [
          projectReport({
            unread: [{ what: 'OpenAPI body', reason: 'lies in S3', location: { file: 't.yml', line: 3, column: 7 } }],
          }),
        ],
        errors: [
          {
            code: 'SYNTAX',
            message: 'a tab is used for indentation; expected spaces',
            file: 'b.yml',
            location: { file: 'b.yml', line: 2, column: 1 },
            next: 'Replace the tab.',
          },
        ],
      },
      options,
    );
    expect(text).toContain('   t.yml:3:7  OpenAPI body: lies in S3\n');
    expect(text).toContain(
      'not checked SYNTAX b.yml:2:1\n   a tab is used for indentation; expected spaces\n   Replace the tab.\n',
    );
    expect(text).toContain('Exit code 2: 1 input could not be checked');
  });

  it('counts suppressed findings and shows them no further', () => {
    const [first = finding()] = report.findings;
    const text = renderPretty(
      { ...report, findings: [{ ...first, suppressed: { reason: 'public', by: 'public' } }] },
      options,
    );
    expect(text).not.toContain('has no authorizer');
    expect(text).toContain('Nothing found in 1 project; 1 suppressed.\nExit code 0');
  });

  it('lets nothing of the user act on the terminal', () => {
    const evil = '\x1b]0;owned\x07\u202e';
    const text = renderPretty(
      {
        ...report,
        projects: [projectReport({ file: evil, name: evil, stage: evil })],
        findings: [
          finding({
            message: evil,
            path: [evil],
            question: evil,
            fix: evil,
            location: { file: evil, line: 1, column: 1, endLine: 1, endColumn: 1 },
          }),
          finding({ severity: 'note', message: evil }),
        ],
        errors: [{ code: 'SYNTAX', message: evil, file: evil, location: null, next: evil }],
      },
      options,
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be left
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(text).toContain('\\x1b]0;owned\\x07\\u202e');
  });
});
