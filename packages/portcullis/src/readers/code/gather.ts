import { dirname, join, resolve } from 'node:path';
import { type FunctionSource, SourceFile } from '../../project/index.ts';
import type { CodeFolder } from './folder.ts';
import type { Gathered, GatheredFile } from './late.ts';
import { aliasesOf, javascriptFile, javascriptLinks, pythonFile, pythonLinks } from './links.ts';

const [mostFiles, mostCharacters, mostDepth] = [40, 1_200_000, 6];

/** What a look at the text decides: code that has none of these words does nothing that a rule asks about. */
const words = [
  'uthorizer',
  'methodArn',
  'method_arn',
  'routeArn',
  'route_arn',
  'uthorizationToken',
  'authorization_token',
  'x-amzn-oidc',
  'olicyDocument',
  'isAuthorized',
  'jwt',
  'unverified',
  'b64decode',
  'atob',
  'base64',
];

const otherLanguages: readonly (readonly [RegExp, string])[] = [
  [/^go/, 'Go'],
  [/^provided/, 'a language of its own runtime'],
  [/^java\d/, 'Java'],
  [/^dotnet/, 'C#'],
  [/^ruby/, 'Ruby'],
];

export interface Asked {
  readonly handler: string | undefined;
  readonly source: FunctionSource;
  /** Absolute path of the folder that `source.folder` and the handler start from. */
  readonly base: string;
}

/** The files of one function, entry and local imports; a sentence part that tells why there are none. */
export function gather({ handler, source, base }: Asked, folder: CodeFolder): Gathered | string {
  const { runtime } = source;
  const other = otherLanguages.find(([pattern]) => pattern.test(runtime ?? ''));
  if (other) return `is written in ${other[1]}, which is not read`;
  if (handler === undefined) return 'has no handler that the files decide';
  if (source.inline) return inlineCode(handler, source.inline, runtime);
  const root = rootOf(base, source.folder, folder);
  const entry = entryOf(handler, root, source, folder, base);
  if (!entry) return 'has source that is not at hand';
  const files = follow(entry, root, folder);
  if (!files) return 'has source that is too large or cannot be read';
  const isOfInterest = [...files.values()].some(({ file }) => words.some((word) => file.text.includes(word)));
  if (!isOfInterest) return 'has source that says nothing about authorization';
  return { language: entry.language, files, entry: entry.path, name: entry.name };
}

/** A file name where a folder was meant (a CDK asset of one file, an archive) leads to its folder. */
function rootOf(base: string, written: string | undefined, folder: CodeFolder): string {
  if (written === undefined) return base;
  const root = resolve(base, written);
  return folder.isFile(root) ? dirname(root) : root;
}

function inlineCode(
  handler: string,
  inline: { readonly text: string; readonly span: { readonly file: SourceFile } },
  runtime: string | undefined,
): Gathered | string {
  const isPython = runtime?.startsWith('python') ?? /^(?:import|from|def) /m.test(inline.text);
  const path = isPython ? 'index.py' : 'index.js';
  const file: GatheredFile = { file: new SourceFile(inline.span.file.path, inline.text), links: new Map() };
  return {
    language: isPython ? 'python' : 'javascript',
    files: new Map([[path, file]]),
    entry: path,
    name: handler.slice(handler.lastIndexOf('.') + 1),
  };
}

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly language: 'javascript' | 'python';
}

function entryOf(
  handler: string,
  root: string,
  { runtime, entries }: FunctionSource,
  folder: CodeFolder,
  base: string,
): Entry | undefined {
  if (!runtime?.startsWith('python')) {
    // Lambda splits the last part of the path at its first dot.
    const slash = handler.lastIndexOf('/') + 1;
    const dot = handler.indexOf('.', slash);
    if (dot !== -1) {
      const name = handler.slice(dot + 1);
      const module = handler.slice(0, dot);
      const bundled = entries.filter((entry) => nameOf(entry) === nameOf(module)).map((entry) => join(root, entry));
      for (const candidate of [...bundled, ...places(module, root, base)]) {
        const path = javascriptFile(candidate, folder);
        if (path !== undefined) return { path, name, language: 'javascript' };
      }
    }
    if (runtime?.startsWith('nodejs')) return undefined;
  }
  const dot = handler.lastIndexOf('.');
  if (dot === -1) return undefined;
  const path = pythonFile(join(root, ...handler.slice(0, dot).split(/[./]/).filter(Boolean)), folder);
  return path === undefined ? undefined : { path, name: handler.slice(dot + 1), language: 'python' };
}

const nameOf = (path: string): string => (path.split('/').at(-1) ?? '').replace(/\.[mc]?[jt]sx?$/, '');

const builtFolders = /^(?:\.\/)?(?:dist|build|lib|out|\.build|\.webpack|\.esbuild|compiled)\//;

/** Where the module may be: as written, and for what a build makes, its source. */
function places(module: string, root: string, base: string): readonly string[] {
  const direct = join(root, module);
  const source = module.replace(builtFolders, '');
  const unbuilt = source === module ? [] : [join(root, 'src', source), join(root, source)];
  const beside =
    /\/(?:dist|build|\.build|out)$/.test(root) && root !== base
      ? [join(root, '../src', module), join(root, '..', module)]
      : [];
  return [direct, ...unbuilt, ...beside];
}

/** The entry and everything that it imports from the project. Undefined when the entry itself cannot be read. */
function follow(entry: Entry, root: string, folder: CodeFolder): ReadonlyMap<string, GatheredFile> | undefined {
  const files = new Map<string, GatheredFile>();
  const aliases = entry.language === 'javascript' ? aliasesOf(dirname(entry.path), folder) : () => [];
  let characters = 0;
  let paths: readonly string[] = [entry.path];
  for (let depth = 0; depth <= mostDepth && paths.length > 0; depth += 1) {
    const next = new Set<string>();
    for (const path of paths) {
      if (files.has(path) || files.size >= mostFiles) continue;
      const file = folder.read(path);
      if (!file || characters + file.text.length > mostCharacters) continue;
      characters += file.text.length;
      const links =
        entry.language === 'python'
          ? pythonLinks(file.text, path, root, folder)
          : javascriptLinks(file.text, path, folder, aliases);
      files.set(path, { file, links });
      for (const target of links.values()) next.add(target);
    }
    paths = [...next];
  }
  return files.has(entry.path) ? files : undefined;
}
