import { dirname, posix } from 'node:path';
import type { Disk, SourceFile, Span } from '../../src/project/index.ts';
import { openText } from '../../src/readers/document/index.ts';
import type { ReadContext } from '../../src/readers/options.ts';

export interface MemoryOptions {
  readonly stage?: string;
  readonly params?: Readonly<Record<string, string>>;
  /** Environment variables; none unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder that no reference may leave; the working directory unless given. */
  readonly boundary?: string;
  /** Working directory, and what relative names in `files` and `links` start from. */
  readonly directory?: string;
  /** Symbolic links: name -> target, absolute or relative to the working directory. */
  readonly links?: Readonly<Record<string, string>>;
}

const HOME = '/project';

/** A context over files that exist only here. Names are relative to `/project` or absolute; folders exist where a file lies below them. */
export function memoryContext(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: MemoryOptions = {},
): ReadContext {
  const directory = options.directory ?? HOME;
  const disk = diskOf(files, options);
  const opened = new Map<string, SourceFile>();
  return {
    options: { stage: options.stage, params: options.params ?? {} },
    disk,
    environment: { variables: options.env ?? {}, directory },
    boundary: options.boundary ?? directory,
    open(path: string, from?: Span) {
      const known = opened.get(path);
      if (known) return known;
      const inside = posix.relative(directory, path);
      const file = openText(disk, path, inside.startsWith('..') ? path : inside, from);
      opened.set(path, file);
      return file;
    },
  };
}

/** A disk that holds just these files; names are relative to `/project` or absolute. */
export function diskOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: Pick<MemoryOptions, 'directory' | 'links'> = {},
): Disk {
  const absolute = (path: string) => posix.resolve(options.directory ?? HOME, path);
  const contents = new Map<string, Uint8Array>();
  const folders = new Map([['/', new Set<string>()]]);
  for (const [name, content] of Object.entries(files)) {
    const path = absolute(name);
    contents.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    for (let child = path; child !== dirname(child); child = dirname(child)) {
      const folder = dirname(child);
      const names = folders.get(folder) ?? new Set();
      names.add(posix.basename(child));
      folders.set(folder, names);
    }
  }
  const links = Object.entries(options.links ?? {}).map(([from, to]) => [absolute(from), absolute(to)] as const);
  const real = (path: string): string => {
    for (const [from, to] of links) {
      if (path === from) return to;
      if (path.startsWith(`${from}/`)) return to + path.slice(from.length);
    }
    return path;
  };
  const kind = (path: string) =>
    contents.has(real(path)) ? ('file' as const) : folders.has(real(path)) ? ('directory' as const) : undefined;
  const read = (path: string): Uint8Array => {
    const bytes = contents.get(real(path));
    if (bytes) return bytes;
    throw Object.assign(new Error('no such file'), { code: folders.has(real(path)) ? 'EISDIR' : 'ENOENT' });
  };
  return {
    read,
    kind,
    list: (path) =>
      [...(folders.get(real(path)) ?? [])]
        .sort()
        .map((name) => ({ name, kind: kind(posix.join(path, name)) ?? 'other' })),
    size: (path) => read(path).length,
    real,
  };
}
