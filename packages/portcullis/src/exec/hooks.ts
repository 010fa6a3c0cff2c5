import { readFileSync } from 'node:fs';
import Module, { isBuiltin } from 'node:module';
import { dirname, extname, resolve, sep } from 'node:path';
import { ask } from './channel.ts';

/** The parts of Node's loader that TypeScript loaders hook into; not in its types. */
interface Loader {
  _extensions: Record<string, (module: Compiled, path: string) => void>;
  _resolveFilename: (request: string, parent?: { filename?: string | null }, ...rest: unknown[]) => string;
}
interface Compiled extends NodeJS.Module {
  _compile(code: string, path: string, format?: string): void;
}

const loader = Module as unknown as Loader;

/** A file that could not be translated. */
export class TranslationError extends Error {
  readonly place: { readonly path: string; readonly line: number; readonly column: number };

  constructor(message: string, place: TranslationError['place']) {
    super(message);
    this.place = place;
  }
}

/** Importing file, specifier and file that it led to, of the project's own files. */
export const resolved: (readonly [string, string, string])[] = [];
/** More than any service has. */
const MOST_RESOLVED = 20_000;

/** Notes what leads to which file. With `typescript`, modules are translated, and found through tsconfig.json as well. */
export function installHooks(typescript: boolean): void {
  const original = loader._resolveFilename;
  loader._resolveFilename = function (request, parent, ...rest) {
    const from = parent?.filename ?? undefined;
    const isOwn = from !== undefined && !isForeign(from);
    const path =
      typescript && isOwn ? find(request, from, (name) => original.call(this, name, parent, ...rest)) : undefined;
    const found = path ?? original.call(this, request, parent, ...rest);
    if (isOwn && resolved.length < MOST_RESOLVED && !isBuiltin(found) && !isForeign(found))
      resolved.push([from, request, found]);
    return found;
  };
  if (!typescript) return;
  for (const extension of ['.ts', '.tsx', '.cts', '.mts', '.jsx', '.mjs']) loader._extensions[extension] = translate;
  const plain = loader._extensions['.js'];
  loader._extensions['.js'] = (module, path) => {
    if (!isForeign(path) && /\b(?:import|export)\b/.test(readFileSync(path, 'utf8'))) return translate(module, path);
    try {
      plain?.(module, path);
    } catch (error) {
      // A package that is published as ES modules only: the framework's loader translates it too.
      if (!isModuleError(error)) throw error;
      translate(module, path);
    }
  };
}

function isForeign(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

function isModuleError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ((error as NodeJS.ErrnoException).code === 'ERR_REQUIRE_ESM') return true;
  return (
    error instanceof SyntaxError &&
    /^(?:Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta')/.test(error.message)
  );
}

/** As TypeScript sees specifiers: aliases first, `./x.js` for x.ts, and entries that only `import` has. */
function find(request: string, from: string, plain: (name: string) => string): string | undefined {
  if (isBuiltin(request)) return undefined;
  const isPath = /^(?:\.{1,2}(?:\/|$)|\/)/.test(request);
  if (!isPath) {
    const alias = ask({ ask: 'resolve', specifier: request, from, kind: 'require' }).path;
    if (alias !== undefined && !isForeign(alias)) return alias;
  }
  try {
    return plain(request);
  } catch (error) {
    const other = isPath ? asTypeScript(request, from, plain) : undefined;
    if (other !== undefined) return other;
    return ask({ ask: 'resolve', specifier: request, from, kind: 'import' }).path ?? rethrow(error);
  }
}

function rethrow(error: unknown): never {
  throw error;
}

const written: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};

function asTypeScript(request: string, from: string, plain: (name: string) => string): string | undefined {
  const extension = extname(request);
  for (const other of written[extension] ?? []) {
    try {
      return plain(resolve(dirname(from), request.slice(0, -extension.length) + other));
    } catch {
      // The next one.
    }
  }
  return undefined;
}

function translate(module: Compiled, path: string): void {
  const { code, error } = ask({ ask: 'transform', path });
  if (code === undefined)
    throw new TranslationError(error?.text ?? 'it cannot be translated', {
      path,
      line: error?.line ?? 1,
      column: error?.column ?? 1,
    });
  // On the first line, so that lines keep their numbers.
  const meta = code.includes('__portcullis_meta')
    ? 'const __portcullis_meta = { url: require("node:url").pathToFileURL(__filename).href };'
    : '';
  module._compile(meta + code, path, 'commonjs');
}
