import { basename, dirname, join, relative, sep } from 'node:path';
import { type Disk, InputError } from '../project/index.ts';
import type { Git } from './git.ts';

/** A state of the repository that can be read like a disk. */
export interface Revision {
  /** Full name of the commit. */
  readonly commit: string;
  readonly disk: Disk;
}

interface Blob {
  readonly object: string;
  readonly size: number;
  /** A symbolic link: the blob is the path that it leads to. */
  readonly isLink: boolean;
}

/** Blobs are asked for in one go with the documents that follow them in the order of paths: a call for each would cost 5 ms. */
const AHEAD = 200;
const AHEAD_BYTES = 16 * 1024 * 1024;
const documents = /\.(?:ya?ml|json|template|toml)$/i;
const MOST_LINKS = 10;

/**
 * The state of the repository at the place where the revision and HEAD parted (their merge base), which is what a pull request starts from.
 * What git does not keep (installed packages, `.env` files) is read from the working tree, so that both states see the same of it.
 * Throws InputError REVISION_UNKNOWN when there is no repository, no such revision, or no git.
 */
export function openRevision(revision: string, directory: string, git: Git, working: Disk): Revision {
  const root = git(['rev-parse', '--show-toplevel'], directory);
  if (root.problem === 'ENOENT')
    throw unknownRevision('there is no git on this machine', 'Install git; --since reads the earlier state with it.');
  if (root.status !== 0)
    throw unknownRevision(`${directory} is in no git repository`, 'Run check --since inside the repository.');
  const top = text(root.stdout).replace(/\n$/, '');
  const commit = resolveCommit(revision, top, git);
  return { commit, disk: new RevisionDisk(top, listing(commit, top, git), git, working) };
}

function resolveCommit(revision: string, top: string, git: Git): string {
  const named = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`], top);
  if (named.status !== 0 || revision === '')
    throw unknownRevision(
      `there is no commit ${revision === '' ? 'without a name' : revision}`,
      'Name a branch, tag or commit that is in this clone; in CI fetch it first (actions/checkout: fetch-depth: 0).',
    );
  const commit = text(named.stdout).trim();
  const base = git(['merge-base', commit, 'HEAD'], top);
  // A shallow clone may not hold the place where they parted; then the revision itself is what can be compared.
  return base.status === 0 ? text(base.stdout).trim() : commit;
}

function listing(commit: string, top: string, git: Git): ReadonlyMap<string, Blob> {
  const listed = git(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], top);
  if (listed.status !== 0)
    throw unknownRevision(`the files of ${commit} cannot be listed`, 'Check that the clone is complete (git fsck).');
  const blobs = new Map<string, Blob>();
  for (const line of text(listed.stdout).split('\0')) {
    const [, mode, object, size, path] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
    if (mode !== undefined && object !== undefined && path !== undefined)
      blobs.set(path, { object, size: Number(size), isLink: mode === '120000' });
  }
  return blobs;
}

function unknownRevision(found: string, next: string): InputError {
  return new InputError({ code: 'REVISION_UNKNOWN', found, expected: 'a commit of this repository', next });
}

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');

class RevisionDisk implements Disk {
  readonly #top: string;
  readonly #blobs: ReadonlyMap<string, Blob>;
  readonly #folders = new Map<string, Map<string, 'file' | 'directory' | 'other'>>();
  readonly #order: readonly string[];
  readonly #read = new Map<string, Uint8Array>();
  readonly #git: Git;
  readonly #working: Disk;

  constructor(top: string, blobs: ReadonlyMap<string, Blob>, git: Git, working: Disk) {
    this.#top = top;
    this.#blobs = blobs;
    this.#git = git;
    this.#working = working;
    this.#order = [...blobs.keys()].filter((path) => documents.test(path)).sort();
    this.#folders.set('', new Map());
    for (const [path, { isLink }] of blobs) this.#place(path, isLink ? 'other' : 'file');
  }

  kind(path: string) {
    const place = this.#inside(path);
    if (place === undefined) return this.#working.kind(path);
    if (this.#blob(place)) return 'file';
    return this.#folders.has(place) ? 'directory' : undefined;
  }

  read(path: string): Uint8Array {
    const place = this.#inside(path);
    if (place === undefined) return this.#working.read(path);
    const blob = this.#blob(place);
    if (!blob) throw Object.assign(new Error(`${path} is not in the commit`), { code: 'ENOENT' });
    const known = this.#read.get(blob.object);
    if (known) return known;
    this.#fetch(blob, place);
    const found = this.#read.get(blob.object);
    if (!found) throw Object.assign(new Error(`${path} cannot be read from the commit`), { code: 'EIO' });
    return found;
  }

  list(path: string) {
    const place = this.#inside(path);
    if (place === undefined) return this.#working.list(path);
    return [...(this.#folders.get(place) ?? [])]
      .map(([name, kind]) => ({ name, kind }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  size(path: string): number {
    const place = this.#inside(path);
    return place === undefined ? this.#working.size(path) : (this.#blob(place)?.size ?? 0);
  }

  real(path: string): string {
    return this.#inside(path) === undefined ? this.#working.real(path) : path;
  }

  /** The path from the top with `/`; undefined for what git does not keep and the working tree answers. */
  #inside(path: string): string | undefined {
    const from = relative(this.#top, path);
    if (from === '..' || from.startsWith(`..${sep}`)) return undefined;
    const place = from.split(sep).join('/');
    const untracked = /(?:^|\/)(?:node_modules|\.git)(?:\/|$)/.test(place) || /^\.env(?:\.|$)/.test(basename(place));
    return untracked && !this.#blobs.has(place) ? undefined : place;
  }

  #place(path: string, kind: 'file' | 'directory' | 'other'): void {
    const folder = path.includes('/') ? dirname(path) : '';
    const known = this.#folders.get(folder);
    if (known) known.set(basename(path), kind);
    else {
      this.#folders.set(folder, new Map([[basename(path), kind]]));
      this.#place(folder, 'directory');
    }
  }

  /** The file at a place, through links that stay inside the repository. */
  #blob(place: string): Blob | undefined {
    let current = place;
    for (let hops = 0; hops < MOST_LINKS; hops += 1) {
      const blob = this.#blobs.get(current);
      if (!blob?.isLink) return blob;
      if (!this.#read.has(blob.object)) this.#fetch(blob, current);
      const target = this.#read.get(blob.object);
      if (!target) return undefined;
      current = join(dirname(current), text(target)).split(sep).join('/');
    }
    return undefined;
  }

  #fetch(blob: Blob, place: string): void {
    const wanted = new Set([blob.object]);
    let bytes = blob.size;
    for (let at = this.#position(place), left = AHEAD; left > 0 && at < this.#order.length; at += 1, left -= 1) {
      const next = this.#blobs.get(this.#order[at] ?? '');
      if (!next || next.isLink || this.#read.has(next.object)) continue;
      bytes += next.size;
      if (bytes > AHEAD_BYTES) break;
      wanted.add(next.object);
    }
    const answer = this.#git(['cat-file', '--batch'], this.#top, `${[...wanted].join('\n')}\n`);
    if (answer.status !== 0) return;
    const all = Buffer.from(answer.stdout);
    for (let from = 0; from < all.length; ) {
      const end = all.indexOf(10, from);
      const [, object, size] = /^([0-9a-f]+) blob (\d+)$/.exec(all.toString('latin1', from, end)) ?? [];
      if (object === undefined) {
        // `<object> missing`: a partial clone.
        from = end + 1;
        continue;
      }
      const start = end + 1;
      this.#read.set(object, all.subarray(start, start + Number(size)));
      from = start + Number(size) + 1;
    }
  }

  /** Where the path stands, or would stand, among the documents. */
  #position(place: string): number {
    let low = 0;
    let high = this.#order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle] ?? '') < place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
