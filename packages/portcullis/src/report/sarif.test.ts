import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { emptyReport, finding, renderOptions, report } from '../../test/support/report.ts';
import { sarifSubset } from '../../test/support/sarif-schema.ts';
import type { Suppressed } from '../contract/index.ts';
import { renderSarif } from './sarif.ts';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(sarifSubset);

interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly rules: readonly { readonly id: string; readonly help: { readonly markdown: string } }[];
        };
      };
      readonly invocations: readonly {
        readonly executionSuccessful: boolean;
        readonly toolExecutionNotifications: readonly unknown[];
      }[];
      readonly results: readonly {
        readonly ruleIndex?: number;
        readonly ruleId: string;
        readonly message: { readonly text: string };
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
          };
        }[];
        readonly suppressions?: unknown;
      }[];
    },
  ];
}

function logOf(value: typeof report): Log {
  const log: unknown = JSON.parse(renderSarif(value, renderOptions.rules, '0.1.0'));
  validate(log);
  expect(validate.errors).toBeNull();
  return log as Log;
}

describe('the SARIF report', () => {
  it('refers to its rules, fingerprints and places', () => {
    const [run] = logOf(report).runs;
    expect(run.tool.driver.rules.map((rule) => rule.id)).toEqual(renderOptions.rules.map((rule) => rule.id));
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex ?? -1]?.id).toBe(result.ruleId);
    expect(run.results[0]).toMatchObject({
      ruleId: 'authorization/route-is-open',
      level: 'error',
      message: {
        text: 'POST /orders has no authorizer\nPath: POST /orders -> createOrder -> OrdersRole -> OrdersTable (write)',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'serverless.yml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 10, startColumn: 15, endLine: 10, endColumn: 27 },
          },
          logicalLocations: [{ fullyQualifiedName: 'ApiGatewayRestApi POST /orders' }],
        },
      ],
      partialFingerprints: { 'portcullisFingerprint/v1': '0123456789abcdef0123456789abcdef' },
    });
    expect(run.results[1]).toMatchObject({
      relatedLocations: [{ message: { text: 'the function that receives it' } }],
    });
    expect(run.invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  });

  it('is valid with nothing in it', () => {
    expect(logOf(emptyReport).runs[0].results).toEqual([]);
  });

  it('says that a run with errors was not successful, and what they were', () => {
    const errors = [
      {
        code: 'SYNTAX',
        message: 'bad',
        file: 'a b.yml',
        location: { file: 'a b.yml', line: 2, column: 3 },
        next: 'Mend it.',
      },
      { code: 'PATH_NOT_FOUND', message: 'gone', file: 'x', location: null, next: 'Look.' },
      { code: 'NOTHING_TO_CHECK', message: 'none', file: null, location: null, next: 'Name one.' },
    ];
    const [invocation] = logOf({ ...emptyReport, errors }).runs[0].invocations;
    expect(invocation?.executionSuccessful).toBe(false);
    expect(invocation?.toolExecutionNotifications).toMatchObject([
      {
        level: 'error',
        descriptor: { id: 'SYNTAX' },
        message: { text: 'bad. Mend it.' },
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'a%20b.yml' }, region: { startLine: 2, startColumn: 3 } } },
        ],
      },
      { descriptor: { id: 'PATH_NOT_FOUND' } },
      { descriptor: { id: 'NOTHING_TO_CHECK' } },
    ]);
  });

  it.each([
    ['a b/ü#?.yml', { uri: 'a%20b/%C3%BC%23%3F.yml', uriBaseId: '%SRCROOT%' }],
    ['100%.yml', { uri: '100%25.yml', uriBaseId: '%SRCROOT%' }],
    ['/srv/x y.yml', { uri: 'file:///srv/x%20y.yml' }],
    ['C:/srv/x.yml', { uri: 'file:///C:/srv/x.yml' }],
    ['a:b.yml', { uri: 'a%3Ab.yml', uriBaseId: '%SRCROOT%' }],
    ['half\ud800.yml', { uri: 'half%EF%BF%BD.yml', uriBaseId: '%SRCROOT%' }],
  ])('writes %j as a URI', (file, expected) => {
    const location = { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
    const [result] = logOf({ ...emptyReport, findings: [finding({ location })] }).runs[0].results;
    expect(result?.locations[0]?.physicalLocation.artifactLocation).toEqual(expected);
  });

  it.each([
    ['GET /[click](javascript:alert(1)) is open', 'GET /[click\\](javascript:alert(1)) is open'],
    ['a\u001b[31mred\u202e and\na line', 'a\\x1b[31mred\\u202e and a line'],
    ['PASSWORD is [secret] (masked)', 'PASSWORD is [secret] (masked)'],
  ])('takes the meaning out of %j', (message, expected) => {
    const location = { file: 'a.yml', line: 1, column: 1, endLine: 1, endColumn: 2 };
    const related = [{ message, location }];
    const error = { code: 'SYNTAX', message, file: null, location: null, next: 'Mend it' };
    const log = logOf({ ...emptyReport, findings: [finding({ message, related, path: undefined })], errors: [error] });
    const [{ results, invocations }] = log.runs;
    expect(results).toMatchObject([
      { message: { text: expected }, relatedLocations: [{ message: { text: expected } }] },
    ]);
    expect(invocations[0]?.toolExecutionNotifications).toMatchObject([{ message: { text: `${expected}. Mend it` } }]);
  });

  it.each<[Suppressed, object]>([
    [
      { reason: 'in it', by: 'baseline' },
      { kind: 'external', justification: 'in it' },
    ],
    [
      {
        reason: 'by [me](x)',
        by: 'allow',
        until: '2027-01-31',
        location: { file: 'a.yml', line: 2, column: 3, endLine: 2, endColumn: 9 },
      },
      {
        kind: 'inSource',
        justification: 'by [me\\](x) (until 2027-01-31)',
        location: {
          physicalLocation: {
            artifactLocation: { uri: 'a.yml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 9 },
          },
        },
      },
    ],
  ])('marks what is suppressed: %o', (suppressed, expected) => {
    const [result] = logOf({ ...emptyReport, findings: [finding({ suppressed })] }).runs[0].results;
    expect(result?.suppressions).toEqual([expected]);
  });

  it('keeps a snippet inside its fence', () => {
    const [rule] = renderOptions.rules;
    if (!rule) throw new Error('no rule');
    const fix = { serverless: 'a: |\n  ```\n', cloudformation: { notApplicable: 'none' } };
    const log = JSON.parse(renderSarif(emptyReport, [{ ...rule, fix }], '0.1.0')) as Log;
    expect(log.runs[0].tool.driver.rules[0]?.help.markdown).toContain('````yaml\na: |\n  ```\n````');
  });
});
