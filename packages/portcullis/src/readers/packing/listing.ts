import { type Disk, LastOnly, type PackedFile } from '../../project/index.ts';
import { kindByName } from './names.ts';

export interface NamedFile extends Pick<PackedFile, 'path' | 'kind'> {}

/** Folders below the packed one that are looked into, and names in all of them. */
const deepest = 3;
const mostNames = 3_000;

/** Made by tools, installed, or only there for tests: nobody keeps secrets of the service in them. */
const passed =
  /^(?:node_modules|bower_components|vendor|venv|virtualenv|site-packages|__pycache__|coverage|cdk\.out|dist|build|out|target|tests?|__tests__|specs?|fixtures|__fixtures__|mocks|__mocks__|examples?|docs?|\.(?!aws$|ssh$|config$|docker$|secrets?$|keys$).*)$/i;

const listings = new LastOnly<Disk, { readonly folder: string; readonly files: readonly NamedFile[] }>();

/**
 * Files below the folder with names that speak of secrets, as paths relative to it. Looks at names only and at a bounded number of them;
 * a folder that cannot be listed has none.
 * @param folder absolute path
 */
export function secretFilesIn(folder: string, disk: Disk): readonly NamedFile[] {
  const known = listings.get(disk);
  if (known?.folder === folder) return known.files;
  const files: NamedFile[] = [];
  let left = mostNames;
  const look = (path: string, prefix: string, depth: number): void => {
    for (const { name, kind } of listed(path, disk)) {
      left -= 1;
      if (left < 0) return;
      if (kind === 'directory') {
        if (depth < deepest && !passed.test(name) && /^[\w.@ -]{1,128}$/.test(name))
          look(`${path}/${name}`, `${prefix}${name}/`, depth + 1);
        continue;
      }
      const found = kind === 'file' ? kindByName(name) : undefined;
      if (found) files.push({ path: prefix + name, kind: found });
    }
  };
  look(folder, '', 0);
  listings.set(disk, { folder, files });
  return files;
}

function listed(path: string, disk: Disk): ReturnType<Disk['list']> {
  try {
    return disk.list(path);
  } catch {
    return [];
  }
}
