import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { Disk } from '../project/index.ts';

/** Whether the path is the folder or lies below it; both absolute. */
export function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return !isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`);
}

/** Root of the repository around the folder, or the folder itself when it is one; undefined where there is none. Absolute. */
export function repositoryAround(folder: string, disk: Disk): string | undefined {
  for (let current = folder; ; current = dirname(current)) {
    if (disk.kind(resolve(current, '.git')) !== undefined) return current;
    if (dirname(current) === current) return undefined;
  }
}
