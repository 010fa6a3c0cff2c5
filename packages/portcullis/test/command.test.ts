import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The command as people run it: a process, real files, exit codes, both streams. Needs the bundle (npm run build).
const bin = fileURLToPath(new URL('../bin/portcullis.cjs', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function place(files: Readonly<Record<string, string | Uint8Array>>): string {
  const where = mkdtempSync(join(folder, 'case-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(where, path)), { recursive: true });
    writeFileSync(join(where, path), text);
  }
  return where;
}

function portcullis(cwd: string, ...args: string[]) {
  const child = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
  });
  return { status: child.status, out: child.stdout, err: child.stderr, all: child.stdout + child.stderr };
}

const open =
  'service: orders\nprovider:\n  name: aws\n  runtime: nodejs22.x\nfunctions:\n  create:\n    handler: a.b\n    events:\n      - http: POST /orders\n';
const quiet = 'AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  Topic:\n    Type: AWS::SNS::Topic\n';

describe('exit codes', () => {
  it.each<[string, Record<string, string | Uint8Array>, string[], number]>([
    ['0: nothing found', { 't.yml': quiet }, [], 0],
    ['1: an open route', { 'serverless.yml': open }, [], 1],
    ['0: an open route, --fail-on never', { 'serverless.yml': open }, ['--fail-on', 'never'], 0],
    ['0: an open route, another step asked', { 'serverless.yml': open }, ['--step', 'secrets'], 0],
    ['2: nothing to check', { 'readme.md': 'x' }, [], 2],
    ['2: nothing to check, even with --fail-on never', {}, ['--fail-on', 'never'], 2],
    ['2: a path that does not exist', { 'serverless.yml': open }, ['nowhere'], 2],
    ['2: broken YAML', { 'serverless.yml': 'service: [a\nprovider: {' }, [], 2],
    [
      '2: broken JSON beside a good project',
      { 'serverless.yml': open, 'template.json': '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"AWS::X"' },
      [],
      2,
    ],
    ['2: unknown option', { 'serverless.yml': open }, ['--stagee', 'x'], 2],
    ['2: unknown step', { 'serverless.yml': open }, ['--step', 'firewal'], 2],
    ['2: unknown format', { 'serverless.yml': open }, ['--format', 'yaml'], 2],
    ['2: --param without a value', { 'serverless.yml': open }, ['--param', 'x'], 2],
    ['2: an output folder that does not exist', { 'serverless.yml': open }, ['--output', 'no/where.json'], 2],
    ['2: binary junk named as a template', { 't.template': new Uint8Array([0, 1, 2, 255]) }, ['t.template'], 2],
    [
      '2: a service written in code',
      { 'serverless.ts': 'export default { service: 1, provider: 1, functions: 1 }' },
      [],
      2,
    ],
    [
      '2: a service for another cloud',
      { 'serverless.yml': 'service: a\nprovider: {name: google}\nfunctions: {}\n' },
      [],
      2,
    ],
    [
      '0: what osls packages, with its state file',
      {
        't.json': `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}`,
        'serverless-state.json': '{"service": {"resources": {"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}}}',
      },
      [],
      0,
    ],
    ['2: too large', { 'template.yml': 'x'.repeat(20 * 1024 * 1024) }, [], 2],
  ])('%s', (name, files, args, expected) => {
    const { status, all, out } = portcullis(place(files), 'check', ...args);
    expect(status, all).toBe(expected);
    expect(all).not.toMatch(/\n\s+at .*\(|node:internal/);
    if (expected === 2) expect(all.trim().length, name).toBeGreaterThan(20);
    if (name.includes('beside a good project')) expect(out).toContain('POST /orders');
  });

  it('an unknown command and no command at all say what there is', () => {
    expect(portcullis(folder, 'chek')).toMatchObject({ status: 2, all: expect.stringContaining('check') });
    expect(portcullis(folder, '--help')).toMatchObject({ status: 0, out: expect.stringContaining('check') });
    expect(portcullis(folder, '--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('explain: 0 for a rule, 2 with the nearest name for a typing mistake', () => {
    expect(portcullis(folder, 'explain', 'authorization/route-is-open')).toMatchObject({
      status: 0,
      out: expect.stringContaining('attack'),
    });
    expect(portcullis(folder, 'explain', 'authorization/route-is-opn')).toMatchObject({
      status: 2,
      all: expect.stringContaining('authorization/route-is-open'),
    });
  });
});

describe('what is printed', () => {
  it('the finding stands at file:line:column, without colour when it is no terminal', () => {
    const { out } = portcullis(place({ 'serverless.yml': open }), 'check');
    expect(out).toMatch(/serverless\.yml:9:\d+/);
    expect(out).not.toContain('\u001b[');
  });

  it('JSON has the published shape and the route at its place', () => {
    const { out } = portcullis(place({ 'a/serverless.yml': open }), 'check', '--format', 'json');
    const report = JSON.parse(out) as {
      projects: { file: string; stage: string; apis: { kind: string; routes: unknown[] }[] }[];
      errors: unknown[];
    };
    expect(report.projects).toHaveLength(1);
    expect(report.projects[0]).toMatchObject({
      file: 'a/serverless.yml',
      format: 'serverless',
      stage: 'dev',
      gates: { authorization: 'open' },
    });
    expect(report.projects[0]?.apis[0]).toMatchObject({
      kind: 'rest',
      routes: [
        {
          method: 'POST',
          path: '/orders',
          function: 'create',
          location: { file: 'a/serverless.yml', line: 9 },
          gates: {
            authorization: { state: 'open', kind: 'none', name: null },
            key: { required: false },
            plan: { throttle: null, quota: null },
            firewall: { state: 'open' },
          },
          reaches: [],
        },
      ],
    });
    expect(report.errors).toEqual([]);
  });

  it('a fingerprint stays when lines move, and when another function takes the same environment', () => {
    const service = (comment: string, more: string) =>
      `${comment}service: s\nprovider:\n  name: aws\n  environment:\n    SESSION_SECRET: kX3-orders-9fQ2-session\nfunctions:\n  a: {handler: a.b, events: [{http: GET /a}]}\n${more}`;
    const prints = (text: string) => {
      const { out } = portcullis(place({ 'serverless.yml': text }), 'check', '--format', 'json', '--fail-on', 'never');
      const { findings } = JSON.parse(out) as {
        findings: { rule: string; fingerprint: string; location: { line: number } }[];
      };
      return new Map(findings.map(({ rule, fingerprint }) => [rule, fingerprint]));
    };
    const before = prints(service('', ''));
    const after = prints(service('# moved\n\n', '  b: {handler: b.c}\n'));
    for (const rule of ['secrets/literal-secret', 'authorization/route-is-open']) {
      expect(before.get(rule)).toMatch(/^[0-9a-f]{32}$/);
      expect(after.get(rule)).toBe(before.get(rule));
    }
  });

  it('the same input gives the same bytes', () => {
    const where = place({ 'serverless.yml': open, 'b/serverless.yml': open, 't.yml': quiet });
    for (const format of ['pretty', 'json', 'sarif'])
      expect(portcullis(where, 'check', '--format', format).out).toBe(
        portcullis(where, 'check', '--format', format).out,
      );
  });

  it('--output writes the report into the file', () => {
    const where = place({ 'serverless.yml': open });
    const { status, out } = portcullis(where, 'check', '--format', 'json', '--output', 'report.json');
    expect(status).toBe(1);
    expect(out).not.toContain('"projects"');
    expect(JSON.parse(readFileSync(join(where, 'report.json'), 'utf8'))).toHaveProperty('projects');
  });

  it('--stage and --param decide what is read', () => {
    const where = place({
      'serverless.yml':
        'service: s\nprovider: {name: aws, stage: "${opt:stage, \'dev\'}"}\nparams:\n  prod: {path: /prod}\n  default: {path: /other}\nfunctions:\n  f:\n    handler: a.b\n    events:\n      - http: {method: get, path: "${param:path}"}\n',
    });
    const paths = (...args: string[]) =>
      /"path": "([^"]+)"/.exec(portcullis(where, 'check', '--format', 'json', ...args).out)?.[1];
    expect(paths()).toBe('/other');
    expect(paths('--stage', 'prod')).toBe('/prod');
    expect(paths('--param', 'path=/mine')).toBe('/mine');
  });

  it('a closed pipe ends it quietly', () => {
    const where = place({ 'serverless.yml': open });
    const child = spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" check --format json | head -c 1`], {
      cwd: where,
      encoding: 'utf8',
    });
    expect(child.stderr).toBe('');
  });

  it('links that run in circles are not followed', () => {
    const where = place({ 'serverless.yml': open });
    symlinkSync(where, join(where, 'again'));
    expect(JSON.parse(portcullis(where, 'check', '--format', 'json').out)).toMatchObject({
      projects: [{ file: 'serverless.yml' }],
    });
  });

  it('many templates are surveyed in threads, in order, with what is wrong with each', () => {
    const numbers = Array.from({ length: 130 }, (_, index) => String(index).padStart(3, '0'));
    const template = (number: string) =>
      number === '077'
        ? '{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {'
        : JSON.stringify({
            AWSTemplateFormatVersion: '2010-09-09',
            Parameters: { Password: { Type: 'String', Default: `xK9-${number}-pQ7vB2mZ` } },
            Resources: { Pool: { Type: 'AWS::Cognito::UserPool' } },
          });
    const where = place(Object.fromEntries(numbers.map((number) => [`t${number}.json`, template(number)])));
    const { status, out } = portcullis(where, 'check', '--format', 'json');
    const report = JSON.parse(out) as {
      projects: { file: string }[];
      findings: { location: { file: string } }[];
      errors: { file: string }[];
    };
    const good = numbers.filter((number) => number !== '077').map((number) => `t${number}.json`);
    expect(status).toBe(2);
    expect(report.projects.map(({ file }) => file)).toEqual(good);
    expect([...new Set(report.findings.map(({ location }) => location.file))].sort()).toEqual(good);
    expect(report.errors.map(({ file }) => file)).toEqual(['t077.json']);
    const pretty = portcullis(where, 'check').out;
    expect(pretty).toContain('[secret]');
    expect(pretty).not.toMatch(/xK9-\d{3}/);
  });

  it('no secret appears in any format', () => {
    const secret = 'uJ7pQz-hidden-4Kd9';
    const where = place({
      'serverless.yml': `service: s\nprovider:\n  name: aws\n  environment:\n    DB_PASSWORD: ${secret}\n    FROM_ENV: \${env:PORTCULLIS_TEST_TOKEN, '${secret}2'}\ncustom:\n  apiToken: ${secret}3 # ${'x'}\nfunctions:\n  f: {handler: a.b, events: [{http: GET /x}]}\n`,
      'broken.yml': `AWSTemplateFormatVersion: "2010-09-09"\nResources:\n  A:\n    Type: AWS::X::Y\n   Password: "${secret}\n`,
    });
    for (const format of ['pretty', 'json', 'sarif'])
      expect(portcullis(where, 'check', '--format', format).all, format).not.toContain(secret);
  });
});
