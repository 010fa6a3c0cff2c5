import type { FunctionCode, SourceFile } from '../../project/index.ts';
import { factsOf } from './facts.ts';
import { readJavaScript } from './javascript.ts';
import { readPython } from './python.ts';
import type { ModuleTree } from './tree.ts';
import type { SourceModule } from './values.ts';

// Everything that needs a parser for program code. In the bundle this module is a file of its own (dist/code.cjs), loaded when it is called
// for the first time: the parsers weigh more than all the rest. It may use nothing of `project/` but types.

export { parseJavaScript } from './babel.ts';

export interface GatheredFile {
  readonly file: SourceFile;
  readonly links: ReadonlyMap<string, string>;
}

export interface Gathered {
  readonly language: 'javascript' | 'python';
  /** By absolute path. */
  readonly files: ReadonlyMap<string, GatheredFile>;
  readonly entry: string;
  readonly name: string;
}

/** What a function's source says; a sentence part that tells why nothing can be said, where that is so. Never throws. */
export function readFunctionCode({ language, files, entry, name }: Gathered): FunctionCode | string {
  const modules = new Map<string, SourceModule>();
  for (const [path, { file, links }] of files) {
    const tree = treeOf(file, path, language);
    if (tree) modules.set(path, { path, file, tree, links });
  }
  if (!modules.has(entry)) return 'has source that cannot be parsed';
  try {
    return factsOf({ modules, entry, name }) ?? `has source in which ${name} is no function that could be found`;
  } catch (error) {
    // Deep nesting in somebody's code must not end the run.
    if (error instanceof RangeError) return 'has source that nests too deep to be followed';
    throw error;
  }
}

const trees = new WeakMap<SourceFile, ModuleTree | null>();

/** Undefined for a file that cannot be parsed. */
function treeOf(file: SourceFile, path: string, language: 'javascript' | 'python'): ModuleTree | undefined {
  const known = trees.get(file);
  if (known !== undefined) return known ?? undefined;
  let tree: ModuleTree | null = null;
  try {
    tree = language === 'python' ? readPython(file.text) : readJavaScript(file.text, path);
  } catch {
    // Syntax that Babel does not know, or nesting deeper than the stack.
  }
  trees.set(file, tree);
  return tree ?? undefined;
}
