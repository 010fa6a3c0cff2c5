import { dirname, relative, resolve, sep } from 'node:path';
import type { Io } from './io.ts';

/** The working directory from the root of the repository around it, with `/`; `` at the root, and where there is no repository. */
export function baseOf({ disk, environment }: Pick<Io, 'disk' | 'environment'>): string {
  for (let folder = environment.directory; ; folder = dirname(folder)) {
    if (disk.kind(resolve(folder, '.git')) !== undefined)
      return relative(folder, environment.directory).split(sep).join('/');
    if (dirname(folder) === folder) return '';
  }
}
