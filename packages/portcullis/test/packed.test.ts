import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  // The one dependency is packed too, from the checkout: nothing is taken from a registry or from npm's cache.
  const modules = fileURLToPath(new URL('../../../node_modules/', import.meta.url));
  const platforms = readdirSync(join(modules, '@esbuild')).map((name) => join(modules, '@esbuild', name));
  for (const dependency of [join(modules, 'esbuild'), ...platforms])
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      cwd: dependency,
      stdio: 'pipe',
    });
  const archives = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"name": "user", "private": true}');
  execFileSync(
    'npm',
    ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', ...archives.map((name) => `./${name}`)],
    {
      cwd: folder,
      stdio: 'pipe',
    },
  );
  writeFileSync(
    join(folder, 'serverless.yml'),
    'service: users\nprovider:\n  name: aws\n  runtime: nodejs22.x\nfunctions:\n  hello:\n    handler: index.hello\n    events:\n      - httpApi: GET /hello\n',
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const portcullis = (...args: string[]) =>
  spawnSync('npx', ['--no-install', 'portcullis', ...args], { cwd: folder, encoding: 'utf8' });

describe('the packed package', () => {
  it('brings one dependency and only what it needs', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      '@esbuild',
      'esbuild',
      'portcullis',
    ]);
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

  it('runs a service that is written in TypeScript, with --exec', () => {
    const place = join(folder, 'typescript');
    mkdirSync(join(place, 'src'), { recursive: true });
    writeFileSync(
      join(place, 'serverless.ts'),
      "import type { AWS } from '@serverless/typescript';\nimport hello from '@functions/hello';\nconst service: AWS = {\n  service: 'users',\n  provider: { name: 'aws', runtime: 'nodejs22.x' },\n  functions: { hello },\n};\nmodule.exports = service;\n",
    );
    writeFileSync(
      join(place, 'src/hello.ts'),
      "export default {\n  handler: `${__dirname.split('/').at(-1)}/hello.main`,\n  events: [{ httpApi: 'GET /hello' }],\n};\n",
    );
    writeFileSync(
      join(place, 'tsconfig.json'),
      '{ "compilerOptions": { "baseUrl": ".", "paths": { "@functions/*": ["src/*"] } } }',
    );
    const { status, stdout } = portcullis('check', 'typescript', '--exec', '--format', 'json');
    const { projects, findings, errors } = JSON.parse(stdout);
    expect(errors).toEqual([]);
    expect(projects[0].apis[0].routes[0]).toMatchObject({ method: 'GET', path: '/hello', function: 'hello' });
    expect(
      findings.map(({ location }: { location: { file: string; line: number } }) => `${location.file}:${location.line}`),
    ).toContain('typescript/src/hello.ts:3');
    expect(status).toBe(1);
    const refused = portcullis('check', 'typescript');
    expect([refused.status, refused.stderr.includes('NEEDS_EXECUTION')]).toEqual([2, true]);
    rmSync(place, { recursive: true });
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
