import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding, projectReport, renderOptions, report } from '../../test/support/report.ts';
import type { Finding, Report } from '../contract/index.ts';
import { redact } from './redact.ts';
import { formatNames, loadFormat } from './render.ts';

async function rendered(name: (typeof formatNames)[number], of: Report, changes: Partial<typeof renderOptions> = {}) {
  const render = await loadFormat(name);
  const options = { ...renderOptions, ...changes };
  return [...render(redact(of, options.redactor), options)].join('');
}

/** Tags of XML or HTML in order, checked to be balanced and free of raw user text; throws where they are not. */
function elements(markup: string): string[] {
  const empty = new Set(['meta', 'input', 'br']);
  const open: string[] = [];
  const names: string[] = [];
  const body = markup.replace(/<style>[^<]*<\/style>/, '').replace(/^<[?!][^>]*>/, '');
  let rest = 0;
  for (const tag of body.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g)) {
    const between = body.slice(rest, tag.index);
    if (/[<>]/.test(between) || /&(?!(?:amp|lt|gt|quot|#\d+);)/.test(between)) throw new Error(`raw text: ${between}`);
    if (/&(?!(?:amp|lt|gt|quot|#\d+);)/.test(tag[3] ?? '')) throw new Error(`raw attribute: ${tag[3]}`);
    rest = tag.index + tag[0].length;
    const name = tag[2] ?? '';
    names.push(name);
    if (tag[1] === '/') {
      const top = open.pop();
      if (top !== name) throw new Error(`</${name}> closes <${top}>`);
    } else if (tag[4] !== '/' && !empty.has(name)) open.push(name);
  }
  if (open.length > 0 || body.slice(rest).trim() !== '')
    throw new Error(`left open: ${open.join(' ')}${body.slice(rest)}`);
  return names;
}

const suppressed = finding({
  message: 'GET /health has no authorizer',
  fingerprint: 'f'.repeat(32),
  suppressed: { reason: 'returns no data', by: 'public', until: '2027-01-31' },
});
const full: Report = {
  ...report,
  findings: [...report.findings, suppressed],
  errors: [
    {
      code: 'SYNTAX',
      message: 'the file is broken',
      file: 'b/serverless.yml',
      location: { file: 'b/serverless.yml', line: 3, column: 7 },
      next: 'Close the quote.',
    },
  ],
};

describe('junit', () => {
  it('has a suite for each step, a case for each finding, and one that passes for each rule without findings', async () => {
    const xml = await rendered('junit', full);
    elements(xml);
    expect(xml).toContain('<testsuites name="Portcullis" tests="6" failures="2" errors="1" skipped="1">');
    expect(xml).toContain('<testsuite name="authorization" tests="2" failures="1" errors="0" skipped="1"');
    expect(xml).toContain('<skipped message="public: returns no data"/>');
    expect(xml).toContain('<failure type="error" message="POST /orders has no authorizer">');
    expect(xml).toContain('<error type="SYNTAX" message="the file is broken">Close the quote.</error>');
  });

  it('holds no character that reorders or hides text', async () => {
    const [finding] = report.findings;
    const hostile = { ...finding, message: 'open \u202eecilbup\u2066 \u200b\ud800' } as Finding;
    const xml = await rendered('junit', { ...report, findings: [hostile] });
    expect(xml).toContain('open \ufffdecilbup');
    expect(xml).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069]/);
  });

  it('counts rules that found nothing as passed', async () => {
    const xml = await rendered('junit', { ...report, findings: [] });
    expect(xml).toContain('tests="4" failures="0" errors="0" skipped="0"');
    expect(xml).toContain(
      '<testcase classname="authorization/route-is-open" name="Route has no authorizer: nowhere in 1 project"/>',
    );
  });

  it.each([
    ['error', 2],
    ['warning', 3],
    ['note', 4],
    ['never', 0],
  ] as const)('fails from --fail-on %s on: %i failures', async (failOn, failures) => {
    expect(await rendered('junit', report, { failOn })).toContain(
      `failures="${failures}" errors="0" skipped="0">\n  <`,
    );
  });
});

describe('github', () => {
  it('writes one workflow command for each finding that stands, worst first, with paths from the root of the repository', async () => {
    const lines = (await rendered('github', full, { base: 'services/orders' })).trimEnd().split('\n');
    expect(lines.map((line) => line.split('::')[1]?.split(' ')[0])).toEqual([
      'error',
      'error',
      'error',
      'warning',
      'notice',
      undefined,
    ]);
    expect(lines[0]).toBe(
      '::error file=services/orders/b/serverless.yml,line=3,col=7,title=Not checked (SYNTAX)::the file is broken%0AClose the quote.',
    );
    expect(lines[1]).toContain(
      'file=services/orders/serverless.yml,line=10,endLine=10,col=15,endColumn=27,title=Route has no authorizer (authorization/route-is-open)::POST /orders has no authorizer%0Apath: POST /orders -> createOrder',
    );
    expect(lines.at(-1)).toBe('2 errors, 1 warning and 1 note in 1 project.');
  });

  it('never lets text of the user begin a command or a property', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), async (message, file) => {
        const hostile = finding({
          message: `x\n::error ::${message}`,
          location: { file: `a,b:${file}\r\n::stop-commands::x`, line: 1, column: 1, endLine: 1, endColumn: 2 },
        });
        const lines = (await rendered('github', { ...report, findings: [hostile] })).trimEnd().split(/\r\n|\r|\n/);
        expect(lines).toHaveLength(2);
        expect(lines[0]).toMatch(/^::error file=[^:,]*,line=1,endLine=1,col=1,endColumn=2,title=[^:,]*::x ::error ::/);
      }),
    );
  });
});

describe('gitlab', () => {
  it('has what the schema of GitLab requires', async () => {
    const log = JSON.parse(await rendered('gitlab', full, { base: 'services/orders' }));
    expect(Object.keys(log)).toEqual(['version', 'scan', 'vulnerabilities']);
    expect(log.scan).toMatchObject({
      type: 'sast',
      status: 'failure',
      start_time: '2026-11-22T09:30:00',
      end_time: '2026-11-22T09:30:01',
      scanner: { id: 'portcullis', name: 'Portcullis', version: '0.1.0', vendor: { name: 'Portcullis' } },
      messages: [{ level: 'error', value: 'services/orders/b/serverless.yml:3: SYNTAX: the file is broken' }],
    });
    expect(log.vulnerabilities).toHaveLength(4);
    for (const one of log.vulnerabilities) {
      expect(one.id).toMatch(/^[0-9a-f]{32}$/);
      expect(one.name.length).toBeLessThanOrEqual(255);
      expect(['High', 'Medium', 'Info']).toContain(one.severity);
      expect(one.identifiers.length).toBeGreaterThan(0);
      for (const identifier of one.identifiers)
        expect(Object.keys(identifier)).toEqual(expect.arrayContaining(['type', 'name', 'value']));
      expect(one.location.file).toBe('services/orders/serverless.yml');
      expect(one.location.end_line).toBeGreaterThanOrEqual(one.location.start_line);
    }
    expect(log.vulnerabilities.map((one: { id: string }) => one.id)).not.toContain(suppressed.fingerprint);
  });

  it('cuts what GitLab would refuse', async () => {
    const long = finding({ rule: 'x/unknown', message: 'm'.repeat(400), fix: 'f'.repeat(9000) });
    const log = JSON.parse(await rendered('gitlab', { ...report, findings: [long] }));
    expect(log.vulnerabilities[0].name).toHaveLength(255);
    expect(log.vulnerabilities[0].solution).toHaveLength(7000);
  });
});

describe('markdown', () => {
  it('shows the gates, the findings folded by severity and what was not checked', async () => {
    const text = await rendered('markdown', full, { base: 'services' });
    expect(text).toContain(
      '## Portcullis: not everything could be checked\n\n2 errors, 1 warning and 1 note in 1 project; 1 suppressed.',
    );
    expect(text).toContain('| `serverless.yml` | 🔴 open | 🟡 half open | ❔ unknown | 🔴 open | – not applicable |');
    expect(text).toContain('<details open><summary><b>Errors (2)</b></summary>');
    expect(text).toContain('  `services/serverless.yml:10`  \n  path: POST /orders → createOrder');
    expect(text).toContain('> **Not checked** (SYNTAX) `b/serverless.yml:3`: the file is broken. Close the quote.');
    expect(text).not.toContain('/health');
  });

  it('escapes what would act: mentions, links, HTML, tables, code', async () => {
    const text = await rendered('markdown', {
      ...report,
      projects: [projectReport({ file: 'a|`b`.yml' })],
      findings: [finding({ message: '@team <img src=x> [a](http://x) `c` | d', fix: 'a: |\n  ```\n  <script>\n' })],
    });
    expect(text).toContain('| ``a\\|`b`.yml`` |');
    expect(text).toContain('@\u200bteam \\<img src=x\\> \\[a\\]\\(http:\u200b//x\\) \\`c\\` \\| d');
    expect(text).toContain('  ````yaml\n  a: |\n    ```\n    <script>\n  ````\n');
  });

  it('stays below what GitHub takes, closes what it opened and counts the rest', async () => {
    const findings = Array.from({ length: 500 }, (_, index) => finding({ message: `${index} ${'long '.repeat(40)}` }));
    const text = await rendered('markdown', { ...report, findings });
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/<\/details>\n\n\d+ more entries do not fit here/);
    expect(text.match(/<details/g)?.length).toBe(text.match(/<\/details/g)?.length);
  });
});

describe('html', () => {
  it('is one document without script or network, with a box for each step and severity', async () => {
    const html = await rendered('html', full);
    const names = elements(html.replace('<!doctype html>', ''));
    expect(names).not.toContain('script');
    expect(names.filter((name) => name === 'article')).toHaveLength(2 * full.findings.length);
    expect(names.filter((name) => name === 'input')).toHaveLength(5 + 3 + 1);
    expect(html).toContain("default-src 'none'; style-src 'sha256-");
    expect(html).not.toMatch(/(?:src|href)="(?!https:\/\/docs\.aws\.amazon\.com)/);
    expect(html).toContain('<ol class="path" aria-label="Path"><li>POST /orders</li><li>createOrder</li>');
  });

  it('shows no secret in its frames', async () => {
    expect(await rendered('html', full)).not.toContain('s3cr3t-value-9');
  });
});

describe.each(['junit', 'html'] as const)('%s', (name) => {
  it('stays well formed whatever the user calls things', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const hostile = finding({
          message: `${text}]]><script>`,
          path: [text, '"><b>'],
          fix: `${text}&`,
          question: text,
          location: { file: `${text}'">`, line: 1, column: 1, endLine: 1, endColumn: 1 },
        });
        const markup = await rendered(name, {
          ...full,
          projects: [projectReport({ file: text, name: text })],
          findings: [hostile, { ...hostile, suppressed: { reason: text, by: 'allow' } }],
        });
        elements(markup.replace('<!doctype html>', ''));
      }),
      { numRuns: 60 },
    );
  });
});

it.each(formatNames)('%s prints no secret', async (name) => {
  const leaking = finding({ message: 'API_KEY is s3cr3t-value-9', fix: 's3cr3t-value-9', path: ['s3cr3t-value-9'] });
  expect(await rendered(name, { ...full, findings: [leaking] })).not.toContain('s3cr3t-value-9');
});
