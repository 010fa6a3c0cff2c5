import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalCodes } from '../src/index.ts';

const here = fileURLToPath(new URL('..', import.meta.url));

describe('docs/lambda.md', () => {
  const text = readFileSync(join(here, '../../docs/lambda.md'), 'utf8');
  it('explains exactly the codes that exist', () => {
    const documented = [...text.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \|/gm)].map(([, code]) => code);
    expect(documented).toEqual(Object.keys(refusalCodes));
  });
});

describe('what is published', () => {
  let user = '';
  beforeAll(() => {
    user = mkdtempSync(join(tmpdir(), 'portcullis-lambda-'));
    execFileSync('npm', ['pack', '--silent', '--pack-destination', user], { cwd: here, stdio: 'pipe' });
    mkdirSync(join(user, 'node_modules/@portcullis/lambda'), { recursive: true });
    execFileSync(
      'tar',
      ['-xzf', 'portcullis-lambda-0.1.0.tgz', '--strip-components=1', '-C', 'node_modules/@portcullis/lambda'],
      { cwd: user },
    );
    symlinkSync(join(here, '../../node_modules/@types'), join(user, 'node_modules/@types'));
  });
  afterAll(() => rmSync(user, { recursive: true, force: true }));

  const entries = ['', '/jwt', '/cognito', '/basic', '/api-key', '/with-authorization'];
  const names: Record<string, string> = {
    '': 'anyOf',
    '/api-key': 'apiKey',
    '/with-authorization': 'withAuthorization',
  };
  it.each(entries)('loads as ES module and as CommonJS, without any dependency: %s', (entry) => {
    const name = names[entry] ?? entry.slice(1);
    const run = (code: string, ...flags: string[]) =>
      execFileSync(process.execPath, [...flags, '-e', code], { cwd: user, encoding: 'utf8' });
    expect(run(`console.log(typeof require('@portcullis/lambda${entry}').${name})`)).toBe('function\n');
    expect(
      run(`import { ${name} } from '@portcullis/lambda${entry}'; console.log(typeof ${name})`, '--input-type=module'),
    ).toBe('function\n');
  });
  it('keeps the JWT authorizer under 25 KB', () => {
    for (const file of ['jwt.js', 'jwt.cjs'])
      expect(statSync(join(user, 'node_modules/@portcullis/lambda/dist', file)).size).toBeLessThan(25_000);
  });
  it('has types that a strict user compiles with, and that refuse a check left out', () => {
    const use = (type: string) => {
      const folder = join(user, type);
      mkdirSync(folder);
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
      writeFileSync(
        join(folder, 'use.ts'),
        `import { authorizer, jwt } from '@portcullis/lambda/jwt';
import { withAuthorization, type Check } from '@portcullis/lambda';
const check: Check = jwt({ issuer: 'https://a.example/', audience: 'a' });
export const handler = authorizer(check, { routes: { 'GET /a': { scopes: ['a'] } } });
export const guarded = withAuthorization(check, async (event: { n: number }, _context, caller) => ({ n: event.n, id: caller.id }));
// @ts-expect-error audience is required
jwt({ issuer: 'https://a.example/' });
`,
      );
      const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
      execFileSync(
        process.execPath,
        [compiler, '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node', 'use.ts'],
        {
          cwd: folder,
          encoding: 'utf8',
        },
      );
    };
    expect(() => use('module')).not.toThrow();
    expect(() => use('commonjs')).not.toThrow();
  });
});
