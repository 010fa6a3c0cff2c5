import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// What people install: the packed archive, in a folder outside the checkout, without network.
const source = fileURLToPath(new URL('..', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-packed-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: source, stdio: 'pipe' });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"name": "user", "private": true}');
  execFileSync('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${archive}`], {
    cwd: folder,
    stdio: 'pipe',
  });
  writeFileSync(
    join(folder, 'serverless.yml'),
    'service: users\nprovider:\n  name: aws\n  runtime: nodejs22.x\nfunctions:\n  hello:\n    handler: index.hello\n    events:\n      - httpApi: GET /hello\n',
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const portcullis = (...args: string[]) =>
  spawnSync('npx', ['--no-install', 'portcullis', ...args], { cwd: folder, encoding: 'utf8' });

describe('the packed package', () => {
  it('brings no dependencies and only what it needs', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['portcullis']);
    const installed = readdirSync(join(folder, 'node_modules/portcullis')).sort();
    expect(installed).toEqual([
      'LICENSE',
      'README.md',
      'THIRD-PARTY-NOTICES.txt',
      'bin',
      'dist',
      'package.json',
      'schema',
    ]);
    const notices = readFileSync(join(folder, 'node_modules/portcullis/THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(notices).toMatch(/^yaml /m);
    expect(notices).toMatch(/^jsonc-parser /m);
  });

  it('checks a service and answers 1', () => {
    const { status, stdout, stderr } = portcullis('check');
    // npm itself may warn about the settings of whoever runs this.
    expect(stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm '))).toEqual([]);
    expect(stdout).toContain('GET /hello');
    expect(status).toBe(1);
  });

  it('writes JSON that its own published schema accepts', () => {
    const { stdout } = portcullis('check', '--format', 'json');
    const schema = JSON.parse(
      readFileSync(join(folder, 'node_modules/portcullis/schema/report.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors)).toBe(true);
  });

  it('explains a rule and lists the rules', () => {
    expect(portcullis('explain', 'authorization/route-is-open').status).toBe(0);
    expect(portcullis('rules').stdout).toContain('deployment-bucket/');
  });

  it('answers 2 where there is nothing to check', () => {
    const empty = mkdtempSync(join(tmpdir(), 'portcullis-empty-'));
    try {
      const { status, stdout, stderr } = portcullis('check', empty);
      expect(status).toBe(2);
      expect(stdout + stderr).toMatch(/nothing/i);
      expect(existsSync(join(empty, 'report'))).toBe(false);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });
});
