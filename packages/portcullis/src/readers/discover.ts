import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { type Disk, type Environment, InputError } from '../project/index.ts';
import { repositoryAround } from './inside.ts';
import { type Look, lookAt, lookAtNamed } from './look.ts';

/** A file that describes something deployable, found by name and content; not parsed yet. */
export interface Candidate {
  readonly kind: Look['kind'];
  /** Absolute. */
  readonly path: string;
  /** As people see it: relative to the working directory, with `/`. */
  readonly shown: string;
  /** Named on the command line, not found by walking. */
  readonly explicit: boolean;
  /** Folder that no file reference of this project may leave; absolute. */
  readonly boundary: string;
  /** A template that neither nests another nor is nested: it can be read in any order, and by anybody. */
  readonly alone: boolean;
}

/** A candidate before its place in the order is known. */
interface Seen {
  readonly look: Look;
  readonly shown: string;
  readonly explicit: boolean;
  readonly boundary: string;
}

export interface Discovery {
  readonly candidates: readonly Candidate[];
  readonly errors: readonly InputError[];
}

export interface DiscoveryContext {
  readonly disk: Disk;
  readonly environment: Environment;
}

/** Dependencies, build output and caches: what lies there was made from something else that is checked, or is not the user's. */
const leftOut = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  'vendor',
  'site-packages',
  'venv',
  '__pycache__',
  'dist',
  'build',
  'out',
  'target',
  'coverage',
]);

/**
 * Finds every project below the paths. Folders are walked without links, dependencies, build output and hidden folders; of `cdk.out`
 * the synthesized templates are taken. A path that does not exist is an error; the others are still looked at.
 */
export function discover(paths: readonly string[], { disk, environment }: DiscoveryContext): Discovery {
  const found = new Map<string, Seen>();
  const errors: InputError[] = [];
  for (const given of paths) {
    const path = resolve(environment.directory, given);
    const kind = disk.kind(path);
    if (kind === undefined) {
      errors.push(
        new InputError({
          code: 'PATH_NOT_FOUND',
          found: `there is no file or folder ${given}`,
          file: given,
          next: 'Check the path; it is taken from the current folder.',
        }),
      );
      continue;
    }
    const root = kind === 'directory' ? path : dirname(path);
    const boundary = boundaryOf(root, disk, environment.directory);
    const add = (file: string, look: Look, explicit: boolean) => {
      if (found.get(file)?.explicit) return;
      found.set(file, { look, shown: shownPath(file, environment.directory), explicit, boundary });
    };
    if (kind === 'file') add(path, lookAtNamed(path, disk), true);
    else {
      const refused = (folder: string) => errors.push(unreadableFolder(shownPath(folder, environment.directory)));
      walk(path, disk, (file, look) => add(file, look, false), refused);
    }
  }
  return { candidates: inOrder(found), errors };
}

/**
 * The path as reports and fingerprints have it: relative, so that neither depends on where the machine keeps its checkouts. Absolute where
 * nothing but the root (or not even the drive) is common.
 */
export function shownPath(path: string, directory: string): string {
  const from = relative(directory, path);
  const climbs = from.split(sep).lastIndexOf('..') + 1;
  const toRoot = climbs > 0 && climbs >= directory.split(sep).filter((piece) => piece !== '').length;
  const shown = from === '' || toRoot || isAbsolute(from) ? path : from;
  return sep === '/' ? shown : shown.split(sep).join('/');
}

/** The repository around the folder; without one the working directory when the folder lies below it, else the folder itself. */
function boundaryOf(folder: string, disk: Disk, directory: string): string {
  const repository = repositoryAround(folder, disk);
  if (repository !== undefined) return repository;
  const inside = relative(directory, folder);
  return inside.startsWith('..') || isAbsolute(inside) ? folder : directory;
}

function unreadableFolder(shown: string): InputError {
  return new InputError({
    code: 'FILE_UNREADABLE',
    found: `the folder ${shown} cannot be listed`,
    file: shown,
    next: 'Check the permissions of the folder, or leave it out of the paths to check.',
  });
}

function walk(
  folder: string,
  disk: Disk,
  add: (file: string, look: Look) => void,
  refused: (folder: string) => void,
): void {
  const pending = [folder];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const synthesized = basename(current) === 'cdk.out';
    let names: ReturnType<Disk['list']> = [];
    try {
      names = disk.list(current);
    } catch {
      refused(current);
    }
    for (const { name, kind } of names) {
      const path = resolve(current, name);
      if (kind === 'directory') {
        if (!name.startsWith('.') && !leftOut.has(name) && !(synthesized && name.startsWith('asset.')))
          pending.push(path);
      } else if (kind === 'file') {
        if (synthesized && !name.endsWith('.template.json')) continue;
        const look = lookAt(path, disk);
        if (look) add(path, look);
      }
    }
  }
}

/**
 * Services first, then templates that nest others, then those that are nested, then the rest: what a project includes is known before
 * it would be read by itself.
 */
function inOrder(found: ReadonlyMap<string, Seen>): Candidate[] {
  const nested = new Set([...found.values()].flatMap(({ look }) => look.nests));
  const rank = ({ look }: Seen, path: string) =>
    look.kind !== 'cloudformation' ? 0 : nested.has(path) ? 2 : look.nests.length > 0 ? 1 : 3;
  return [...found]
    .map(([path, seen]) => ({ path, seen, rank: rank(seen, path) }))
    .sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))
    .map(({ path, seen: { look, ...rest }, rank: place }) => ({ ...rest, kind: look.kind, path, alone: place === 3 }));
}
