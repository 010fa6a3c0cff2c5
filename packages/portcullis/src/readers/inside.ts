import { isAbsolute, relative, sep } from 'node:path';

/** Whether the path is the folder or lies below it; both absolute. */
export function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return !isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`);
}
