import { Script } from 'node:vm';
import { build } from 'esbuild';

/**
 * Two bundles. The readers turn cases into projects, once. The steps are evaluated again for every mutant, so that what a file works
 * out when it is loaded is mutated as well, and no memo outlives a mutant.
 * @param root folder of the repository
 * @param contents text of the instrumented files by absolute path
 */
export async function bundle(root, contents) {
  const mutated = {
    name: 'mutated',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/steps\/.*\.ts$/ }, ({ path }) => {
        const text = contents.get(path);
        return text === undefined ? undefined : { contents: text, loader: 'ts' };
      });
    },
  };
  const common = {
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'iife',
    globalName: 'bundled',
    logLevel: 'error',
    define: { 'import.meta.url': '"file:///project/"' },
    logOverride: { 'empty-import-meta': 'silent' },
    external: ['esbuild'],
    mainFields: ['module', 'main'],
  };
  const entry = (lines) => ({
    contents: lines.join('\n'),
    resolveDir: `${root}/packages/portcullis/test`,
    loader: 'ts',
  });
  const [readers, steps] = await Promise.all([
    build({
      ...common,
      stdin: entry([
        "export { readCases } from './support/cases.ts';",
        "export { readFiles } from './support/read.ts';",
      ]),
    }),
    build({
      ...common,
      plugins: [mutated],
      stdin: entry([
        "export { allRules, steps } from '../src/steps/index.ts';",
        "export { problemsOf } from './support/verdict.ts';",
      ]),
    }),
  ]);
  return { readers: readers.outputFiles[0].text, steps: steps.outputFiles[0].text };
}

/** A bundle as something that can be evaluated again and again; each time everything in it is new. */
export function evaluable(text, require) {
  const script = new Script(`(function (require) { ${text}\nreturn bundled; })`, { filename: 'bundled.js' });
  const run = script.runInThisContext();
  return () => run(require);
}
