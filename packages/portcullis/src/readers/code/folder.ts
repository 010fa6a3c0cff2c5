import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Disk, SourceFile } from '../../project/index.ts';
import { shownPath } from '../discover.ts';
import type { ReadContext } from '../options.ts';

/** Larger files are bundles, which nobody edits. */
export const maximumBytes = 256 * 1024;

const utf8 = new TextDecoder();

/** The files of a project's code: nothing outside the boundary, nothing of packages, each folder listed and each file read once. */
export class CodeFolder {
  readonly #context: Pick<ReadContext, 'boundary' | 'environment'> & { readonly disk: Disk };
  readonly #names = new Map<string, ReadonlyMap<string, string>>();
  readonly #files = new Map<string, SourceFile | undefined>();
  #realBoundary: string | undefined;

  constructor(context: Pick<ReadContext, 'boundary' | 'environment' | 'disk'>) {
    this.#context = context;
  }

  /** Absolute path of what a path of the report stands for. */
  absolute(shown: string): string {
    return resolve(this.#context.environment.directory, shown);
  }

  /** `file`, `directory` or undefined for what is not there or may not be read. */
  kind(path: string): string | undefined {
    if (path === dirname(path) || path.includes('\0')) return undefined;
    return this.#list(dirname(path)).get(path.slice(dirname(path).length + 1));
  }

  isDirectory(path: string): boolean {
    return this.#inside(path) && this.#context.disk.kind(path) === 'directory';
  }

  /** Without a list of the folder, which may hold thousands of templates. */
  isFile(path: string): boolean {
    return this.#inside(path) && this.#context.disk.kind(path) === 'file';
  }

  /** The first of the paths that is a file. */
  firstFile(paths: readonly string[]): string | undefined {
    return paths.find((path) => this.kind(path) === 'file');
  }

  /** Undefined when it is too large, cannot be read or lies elsewhere. */
  read(path: string, most = maximumBytes): SourceFile | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const file = this.#open(path, most);
    this.#files.set(path, file);
    return file;
  }

  #open(path: string, most: number): SourceFile | undefined {
    const { disk, environment, boundary } = this.#context;
    try {
      this.#realBoundary ??= disk.real(boundary);
      if (!this.#inside(path) || !isInside(this.#realBoundary, disk.real(path))) return undefined;
      if (disk.kind(path) !== 'file' || disk.size(path) > most) return undefined;
      return new SourceFile(shownPath(path, environment.directory), utf8.decode(disk.read(path)));
    } catch {
      return undefined;
    }
  }

  #inside(path: string): boolean {
    return isInside(this.#context.boundary, path);
  }

  #list(folder: string): ReadonlyMap<string, string> {
    const known = this.#names.get(folder);
    if (known) return known;
    let names: ReadonlyMap<string, string> = new Map();
    try {
      if (this.isDirectory(folder))
        names = new Map(this.#context.disk.list(folder).map((entry) => [entry.name, this.#kindOf(folder, entry)]));
    } catch {
      // A folder that may not be entered has nothing to read.
    }
    this.#names.set(folder, names);
    return names;
  }

  /** Links are listed as something else; where they lead is asked. */
  #kindOf(folder: string, { name, kind }: { readonly name: string; readonly kind: string }): string {
    return kind === 'other' ? (this.#context.disk.kind(join(folder, name)) ?? kind) : kind;
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith('../') && !way.startsWith('..\\') && !isAbsolute(way);
}
