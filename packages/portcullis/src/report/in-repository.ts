/**
 * A path as reports show it (from the working directory) made to start at the root of the repository, as code hosts want it. A file outside
 * the repository keeps its path as shown.
 * @param base folder of the working directory from the root of the repository, `` for the root itself
 */
export function inRepository(file: string, base: string): string {
  if (file.startsWith('/') || /^[A-Za-z]:/.test(file)) return file;
  const segments = base === '' ? [] : base.split('/');
  for (const segment of file.split('/')) {
    if (segment === '.' || segment === '') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return file;
  }
  return segments.join('/');
}
