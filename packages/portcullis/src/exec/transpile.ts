import { readFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import type { BuildFailure, Loader, Message } from 'esbuild';
import type { Question, ResolveAnswer, TransformAnswer } from './protocol.ts';

const loaders: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

/**
 * Translates one file at a time to CommonJS with esbuild, as the framework does with tsx: every module keeps its own `__dirname`. Never throws.
 * @param directory the service's folder; absolute
 */
export function createTranspiler(directory: string) {
  return {
    async transform(path: string): Promise<TransformAnswer> {
      try {
        const { transform } = await import('esbuild');
        const { code } = await transform(readFileSync(path, 'utf8'), {
          loader: loaders[extname(path)] ?? 'js',
          sourcefile: path,
          sourcemap: 'inline',
          sourcesContent: false,
          format: 'cjs',
          platform: 'node',
          target: `node${process.versions.node}`,
          // Otherwise import() would leave for the loader of ES modules, which knows no TypeScript.
          supported: { 'dynamic-import': false },
          define: {
            'import.meta.url': '__portcullis_meta.url',
            'import.meta.dirname': '__dirname',
            'import.meta.filename': '__filename',
          },
          tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
          logLevel: 'silent',
        });
        return { code };
      } catch (error) {
        return { error: describe(error) };
      }
    },

    /** Aliases of tsconfig.json, packages of a workspace, and packages that have an entry for `import` only. */
    async resolve({ specifier, from, kind }: Extract<Question, { ask: 'resolve' }>): Promise<ResolveAnswer> {
      try {
        let path: string | undefined;
        const quoted = JSON.stringify(specifier);
        const { build } = await import('esbuild');
        await build({
          stdin: {
            contents: kind === 'require' ? `require(${quoted})` : `import ${quoted}`,
            resolveDir: dirname(from),
            sourcefile: 'ask.ts',
            loader: 'ts',
          },
          absWorkingDir: directory,
          bundle: true,
          write: false,
          platform: 'node',
          logLevel: 'silent',
          plugins: [
            {
              name: 'note',
              setup(build) {
                build.onLoad({ filter: /./ }, (args) => {
                  path ??= args.path;
                  return { contents: '', loader: 'js' };
                });
              },
            },
          ],
        });
        return path === undefined ? {} : { path };
      } catch {
        return {};
      }
    },
  };
}

function describe(error: unknown): NonNullable<TransformAnswer['error']> {
  const [first]: Message[] = (error as Partial<BuildFailure>).errors ?? [];
  if (first) return { text: first.text, line: first.location?.line ?? 1, column: (first.location?.column ?? 0) + 1 };
  const text = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : 'it cannot be translated';
  return { text, line: 1, column: 1 };
}
