import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Below node_modules, so that the packages that are not bundled here are found from it.
const bundle = fileURLToPath(new URL('../../../node_modules/.cache/portcullis-process-test', import.meta.url));
let folder = '';

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))],
    outdir: bundle,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outExtension: { '.js': '.mjs' },
    logLevel: 'silent',
  });
  folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
  const routes = Array.from({ length: 400 }, (_, index) => `      - http: GET /route-${index}`);
  const service = `service: many\nprovider:\n  name: aws\nfunctions:\n  f:\n    handler: f.f\n    events:\n${routes.join('\n')}\n`;
  mkdirSync(join(folder, 'many'));
  writeFileSync(join(folder, 'many/serverless.yml'), service);
  mkdirSync(join(folder, 'empty'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(bundle, { recursive: true, force: true });
});

/** Runs the command as a process of its own. With `read`, its output is closed after so many bytes. */
function portcullis(argv: readonly string[], read = Number.POSITIVE_INFINITY) {
  return new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [join(bundle, 'main.mjs'), ...argv], { cwd: folder });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.length >= read) child.stdout.destroy();
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

describe('the process', () => {
  it('writes a large report to a pipe in full before it ends', async () => {
    const { code, stdout, stderr } = await portcullis(['check', 'many', '--format', 'json']);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout.length).toBeGreaterThan(200_000);
    const { projects } = JSON.parse(stdout) as { projects: { apis: { routes: unknown[] }[] }[] };
    expect(projects[0]?.apis[0]?.routes).toHaveLength(400);
  });

  it('ends quietly when nobody reads on', async () => {
    const { code, signal, stderr } = await portcullis(['check', 'many', '--format', 'json'], 1);
    expect({ code, signal, stderr }).toEqual({ code: 1, signal: null, stderr: '' });
  });

  it('exits with 2 where there is nothing to check, and shows no stack', async () => {
    const { code, stdout, stderr } = await portcullis(['check', 'empty']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error NOTHING_TO_CHECK\n {3}there is no serverless\.yml .* in empty/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('exits with 0 when asked for help', async () => {
    expect(await portcullis(['check', '--help'])).toMatchObject({ code: 0, stderr: '' });
  });
});
