import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disk } from '../project/index.ts';

export const disk: Disk = {
  read: (path) => readFileSync(path),
  kind(path) {
    try {
      const found = statSync(path, { throwIfNoEntry: false });
      return found?.isFile() ? 'file' : found?.isDirectory() ? 'directory' : undefined;
    } catch {
      // A file where a folder should be, a circle of links, a folder that may not be entered: nothing that could be read.
      return undefined;
    }
  },
  list: (path) =>
    readdirSync(path, { withFileTypes: true })
      .map((entry) => ({
        name: entry.name,
        kind: entry.isFile() ? ('file' as const) : entry.isDirectory() ? ('directory' as const) : ('other' as const),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
  size: (path) => statSync(path).size,
  modified: (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs,
  real(path) {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  },
};

/**
 * Writes beside the target and renames, so that a reader never sees half a report. A link is kept and its target replaced.
 * @param suffix makes the name of the temporary file unique among processes
 */
export function writeFileAtomically(path: string, pieces: Iterable<string>, suffix: string): void {
  // A device or a pipe (/dev/stdout, a process substitution) cannot be renamed over, and its real path need not exist.
  const found = statSync(path, { throwIfNoEntry: false });
  if (found && !found.isFile() && !found.isDirectory()) {
    writeThrough(path, pieces, 'w');
    return;
  }
  const target = disk.real(path);
  const temporary = join(dirname(target), `.${basename(target)}.${suffix}.tmp`);
  try {
    writeThrough(temporary, pieces, 'wx');
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Characters per write: one call for each small piece would cost more than making it. */
const CHUNK = 65_536;

function writeThrough(path: string, pieces: Iterable<string>, flags: 'w' | 'wx'): void {
  const handle = openSync(path, flags);
  try {
    let pending = '';
    const flush = () => {
      const bytes = Buffer.from(pending);
      for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      pending = '';
    };
    for (const piece of pieces) {
      pending += piece;
      if (pending.length >= CHUNK) flush();
    }
    flush();
  } finally {
    closeSync(handle);
  }
}
