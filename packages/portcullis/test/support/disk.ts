import type { Disk } from '../../src/project/index.ts';

/** A disk that holds just these files, at `/project`. */
export function diskOf(files: Readonly<Record<string, string | Uint8Array>>): Disk {
  const bytes = new Map(
    Object.entries(files).map(([path, text]) => [
      `/project/${path}`,
      typeof text === 'string' ? new TextEncoder().encode(text) : text,
    ]),
  );
  const folders = new Set<string>(['/']);
  for (const path of bytes.keys())
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at));
  const missing = (path: string) => Object.assign(new Error(`ENOENT ${path}`), { code: 'ENOENT' });
  const read = (path: string) => {
    const content = bytes.get(path);
    if (!content) throw missing(path);
    return content;
  };
  return {
    read,
    kind: (path) => (bytes.has(path) ? 'file' : folders.has(path) ? 'directory' : undefined),
    list: (path) => {
      const below = `${path === '/' ? '' : path}/`;
      const names = new Set(
        [...bytes.keys(), ...folders]
          .filter((entry) => entry.startsWith(below) && entry !== below)
          .map((entry) => entry.slice(below.length).split('/')[0] ?? ''),
      );
      return [...names]
        .filter((name) => name !== '')
        .sort()
        .map((name) => ({ name, kind: bytes.has(below + name) ? ('file' as const) : ('directory' as const) }));
    },
    size: (path) => read(path).length,
    real: (path) => path,
  };
}
