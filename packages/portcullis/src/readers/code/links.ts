import { dirname, join, resolve } from 'node:path';
import { parse } from 'jsonc-parser';
import type { CodeFolder } from './folder.ts';

const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx'];
const written = /\.[mc]?[jt]sx?$/;

/** The source file of a module named without its ending, or with the ending that it has after the build. */
export function javascriptFile(path: string, folder: CodeFolder): string | undefined {
  const bare = path.replace(written, '');
  const bases = bare === path ? [path] : [bare, path];
  const files = [
    ...(bare === path ? [] : [path.replace(/js(x?)$/, 'ts$1'), path]),
    ...bases.flatMap((base) => endings.map((ending) => base + ending)),
  ];
  const found = folder.firstFile(files);
  if (found !== undefined) return found;
  return folder.kind(path) === 'directory'
    ? folder.firstFile(endings.map((ending) => join(path, `index${ending}`)))
    : undefined;
}

export function pythonFile(path: string, folder: CodeFolder): string | undefined {
  if (folder.kind(`${path}.py`) === 'file') return `${path}.py`;
  return folder.kind(path) === 'directory' ? folder.firstFile([join(path, '__init__.py')]) : undefined;
}

const imports = /(?:\bfrom\s{0,20}|\bimport\s{0,20}\(?\s{0,20}|\brequire\s{0,20}\(\s{0,20})(['"])([^'"\n]{1,200})\1/g;

/** Imports of a JavaScript file that lead to files of the project: what is written -> path. Found in the text, before anything is parsed. */
export function javascriptLinks(
  text: string,
  path: string,
  folder: CodeFolder,
  aliases: Aliases,
): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  for (const [, , specifier = ''] of text.matchAll(imports)) {
    if (links.has(specifier)) continue;
    const targets = /^\.{1,2}(?:\/|$)/.test(specifier) ? [resolve(dirname(path), specifier)] : aliases(specifier);
    for (const target of targets) {
      const found = javascriptFile(target, folder);
      if (found === undefined || found.includes('/node_modules/')) continue;
      links.set(specifier, found);
      break;
    }
  }
  return links;
}

const fromImports = /^[ \t]*from[ \t]+([.\w]{1,200})[ \t]+import[ \t]*(?:\(([^)]{0,2000})\)|([^\n(]{1,500}))/gm;
const plainImports = /^[ \t]*import[ \t]+([\w., \t]{1,300})/gm;

/** The same for Python: `from a.b import c` gives `a.b`, and `a.b.c` where that is a module. */
export function pythonLinks(text: string, path: string, root: string, folder: CodeFolder): ReadonlyMap<string, string> {
  const links = new Map<string, string>();
  const add = (name: string) => {
    if (links.has(name)) return;
    const dots = /^\.*/.exec(name)?.[0].length ?? 0;
    const parts = name.slice(dots).split('.').filter(Boolean);
    const starts =
      dots > 0 ? [resolve(dirname(path), ...Array.from({ length: dots - 1 }, () => '..'))] : [root, dirname(path)];
    for (const start of starts) {
      const found =
        parts.length > 0 ? pythonFile(join(start, ...parts), folder) : folder.firstFile([join(start, '__init__.py')]);
      if (found === undefined) continue;
      links.set(name, found);
      return;
    }
  };
  for (const [, source = '', inBrackets, plain] of text.matchAll(fromImports)) {
    add(source);
    for (const name of (inBrackets ?? plain ?? '').split(',')) {
      const word = /^\s*(\w+)/.exec(name)?.[1];
      if (word !== undefined) add(`${source}${source.endsWith('.') ? '' : '.'}${word}`);
    }
  }
  for (const [, names = ''] of text.matchAll(plainImports))
    for (const name of names.split(',')) {
      const word = /^\s*([\w.]+)/.exec(name)?.[1];
      if (word !== undefined) add(word);
    }
  return links;
}

/** Paths that an import may mean by the `paths` of a tsconfig.json. */
export type Aliases = (specifier: string) => readonly string[];

const mostLevels = 4;

/** The `paths` of the tsconfig.json of a folder or the nearest one above it. */
export function aliasesOf(start: string, folder: CodeFolder): Aliases {
  let current = start;
  for (let level = 0; level < mostLevels; level += 1) {
    const file = join(current, 'tsconfig.json');
    if (folder.kind(file) === 'file') return fromConfig(file, folder, 0);
    if (current === dirname(current)) break;
    current = dirname(current);
  }
  return () => [];
}

interface Config {
  readonly extends?: unknown;
  readonly compilerOptions?: { readonly baseUrl?: unknown; readonly paths?: unknown } | null;
}

function fromConfig(file: string, folder: CodeFolder, depth: number): Aliases {
  const config = parse(folder.read(file, 64 * 1024)?.text ?? '{}') as Config | undefined;
  const options = config?.compilerOptions;
  const paths = options?.paths;
  if (typeof paths !== 'object' || paths === null) {
    const parent = config?.extends;
    if (typeof parent !== 'string' || !parent.startsWith('.') || depth > 2) return () => [];
    const target = resolve(dirname(file), parent.endsWith('.json') ? parent : `${parent}.json`);
    return fromConfig(target, folder, depth + 1);
  }
  const base = resolve(dirname(file), typeof options?.baseUrl === 'string' ? options.baseUrl : '.');
  const patterns = Object.entries(paths as Record<string, unknown>).slice(0, 100);
  return (specifier) =>
    patterns.flatMap(([pattern, targets]) => {
      const [before = '', after] = pattern.split('*');
      const isMatch =
        after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after);
      if (!isMatch || !Array.isArray(targets)) return [];
      const middle = after === undefined ? '' : specifier.slice(before.length, specifier.length - after.length);
      return targets.flatMap((target: unknown) =>
        typeof target === 'string'
          ? [
              resolve(
                base,
                target.replace('*', () => middle),
              ),
            ]
          : [],
      );
    });
}
