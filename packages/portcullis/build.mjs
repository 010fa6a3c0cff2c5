// Bundles the command into one CommonJS file, which starts faster than several or than ES modules.
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

/** Whoever imports readers/code/late.ts gets functions that load dist/code.cjs when the first of them is called. */
const late = {
  name: 'late',
  setup(build) {
    build.onResolve({ filter: /\/late\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: 'code', namespace: 'late' },
    );
    build.onResolve({ filter: /^\.\/code\.cjs$/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: 'late' }, () => ({
      contents: ['parseJavaScript', 'readFunctionCode']
        .map((name) => `export const ${name} = (...given) => require('./code.cjs').${name}(...given);`)
        .join('\n'),
    }));
  },
};

rmSync(join(here, 'dist'), { recursive: true, force: true });
const result = await build({
  absWorkingDir: here,
  // What most runs do not need is loaded when it is needed, from a file of its own.
  entryPoints: {
    main: 'src/cli/main.ts',
    code: 'src/readers/code/late.ts',
    supervisor: 'src/exec/supervisor.ts',
    program: 'src/exec/program.ts',
  },
  plugins: [late],
  external: ['esbuild'],
  // Only where the source runs unbuilt.
  logOverride: { 'empty-import-meta': 'silent' },
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

// What is bundled is redistributed: its licences travel with it, those of dependencies of dependencies too.
const folders = new Map();
for (const input of Object.keys(result.metafile.inputs)) {
  const [, folder, name] = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input) ?? [];
  if (folder) folders.set(name, join(here, folder));
}
const notices = [...folders]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, folder]) => {
    const meta = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} is bundled and carries no licence file`);
    return `${name} ${meta.version} (${meta.license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
writeFileSync(
  join(here, 'THIRD-PARTY-NOTICES.txt'),
  `Portcullis bundles the following packages.\n\n${notices.join(`\n${'-'.repeat(72)}\n\n`)}`,
);
