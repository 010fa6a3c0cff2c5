// Bundles the command into one CommonJS file, which starts faster than several or than ES modules.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const { version, devDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

rmSync(join(here, 'dist'), { recursive: true, force: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: { main: 'src/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.12',
  minify: true,
  legalComments: 'none',
  metafile: true,
  outExtension: { '.js': '.cjs' },
  define: { __PORTCULLIS_VERSION__: JSON.stringify(version) },
  // yaml is published as CommonJS for Node; its browser build is the same code as ES modules and bundles smaller.
  alias: {
    yaml: join(dirname(createRequire(import.meta.url).resolve('yaml/package.json')), 'browser/dist/index.js'),
    'jsonc-parser': join(
      dirname(createRequire(import.meta.url).resolve('jsonc-parser/package.json')),
      'lib/esm/main.js',
    ),
  },
  logLevel: 'warning',
});

copyFileSync(join(here, '../../LICENSE'), join(here, 'LICENSE'));

// What is bundled is redistributed: its licences travel with it.
const bundled = Object.keys(devDependencies).filter((name) =>
  Object.keys(result.metafile.inputs).some((input) => input.includes(`node_modules/${name}/`)),
);
const notices = bundled.map((name) => {
  const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const meta = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} is bundled and carries no licence file`);
  return `${name} ${meta.version} (${meta.license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
});
writeFileSync(
  join(here, 'THIRD-PARTY-NOTICES.txt'),
  `Portcullis bundles the following packages.\n\n${notices.join(`\n${'-'.repeat(72)}\n\n`)}`,
);
