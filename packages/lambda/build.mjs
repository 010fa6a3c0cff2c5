// Each entry is bundled into one file, as ES module and as CommonJS: a function that uses `jwt` loads nothing of `basic`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const entryPoints = {
  index: 'src/index.ts',
  jwt: 'src/entry/jwt.ts',
  cognito: 'src/entry/cognito.ts',
  basic: 'src/entry/basic.ts',
  'api-key': 'src/entry/api-key.ts',
  'with-authorization': 'src/entry/with-authorization.ts',
};

rmSync(join(here, 'dist'), { recursive: true, force: true });
for (const [format, extension] of [
  ['esm', '.js'],
  ['cjs', '.cjs'],
])
  await build({
    absWorkingDir: here,
    entryPoints,
    outdir: 'dist',
    outExtension: { '.js': extension },
    bundle: true,
    format,
    platform: 'node',
    target: 'node20.12',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  });

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
execFileSync(process.execPath, [compiler, '-p', join(here, 'tsconfig.json')], { stdio: 'inherit' });
// The same declarations, read as those of CommonJS modules by whoever requires them.
cpSync(join(here, 'dist/types'), join(here, 'dist/types-cjs'), { recursive: true });
writeFileSync(join(here, 'dist/types-cjs/package.json'), '{ "type": "commonjs" }\n');
copyFileSync(join(here, '../../LICENSE'), join(here, 'LICENSE'));
