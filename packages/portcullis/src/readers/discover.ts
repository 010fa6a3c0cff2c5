import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { type Disk, type Environment, InputError } from '../project/index.ts';
import { MAX_BYTES } from './document/text.ts';

/** A file that describes something deployable, found by name and content; not parsed yet. */
export interface Candidate {
  readonly kind: 'serverless' | 'cloudformation' | 'code';
  /** Absolute. */
  readonly path: string;
  /** As people see it: relative to the working directory where it lies below, with `/`. */
  readonly shown: string;
  /** Named on the command line, not found by walking. */
  readonly explicit: boolean;
  /** Folder that no file reference of this project may leave; absolute. */
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
const codeNames = /^serverless\.(js|cjs|mjs|ts|cts|mts)$/;
const documentNames = /\.(ya?ml|json|template)$/i;

/**
 * Finds every project below the paths. Folders are walked without links, dependencies, build output and hidden folders; of `cdk.out`
 * the synthesized templates are taken. A path that does not exist is an error; the others are still looked at.
 */
export function discover(paths: readonly string[], { disk, environment }: DiscoveryContext): Discovery {
  const found = new Map<string, Candidate>();
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
    const add = (file: string, fileKind: Candidate['kind'], explicit: boolean) => {
      if (found.get(file)?.explicit) return;
      found.set(file, {
        kind: fileKind,
        path: file,
        shown: shownPath(file, environment.directory),
        explicit,
        boundary,
      });
    };
    if (kind === 'file') add(path, classifyNamed(path, disk), true);
    else {
      const refused = (folder: string) => errors.push(unreadableFolder(shownPath(folder, environment.directory)));
      walk(path, disk, (file, fileKind) => add(file, fileKind, false), refused);
    }
  }
  return { candidates: inOrder([...found.values()], disk), errors };
}

export function shownPath(path: string, directory: string): string {
  const inside = relative(directory, path);
  const shown = inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  return sep === '/' ? shown : shown.split(sep).join('/');
}

/** The repository around the folder; without one the working directory when the folder lies below it, else the folder itself. */
function boundaryOf(folder: string, disk: Disk, directory: string): string {
  for (let current = folder; ; current = dirname(current)) {
    if (disk.kind(resolve(current, '.git')) !== undefined) return current;
    if (dirname(current) === current) break;
  }
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
  add: (file: string, kind: Candidate['kind']) => void,
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
        const type = classify(path, name, disk);
        if (type) add(path, type);
      }
    }
  }
}

/** A file that somebody named is read even if it does not look like a project: the reader then says what is missing. */
function classifyNamed(path: string, disk: Disk): Candidate['kind'] {
  const name = basename(path);
  if (codeNames.test(name) || /\.(js|cjs|mjs|ts|cts|mts)$/.test(name)) return 'code';
  return classify(path, name, disk) ?? (/^serverless\b/.test(name) ? 'serverless' : 'cloudformation');
}

function classify(path: string, name: string, disk: Disk): Candidate['kind'] | undefined {
  if (codeNames.test(name)) return describesService(latin1(path, disk) ?? '') ? 'code' : undefined;
  if (!documentNames.test(name) || name === 'package.json' || name === 'package-lock.json' || name === 'tsconfig.json')
    return undefined;
  if (/^serverless\.(ya?ml|json)$/.test(name)) return 'serverless';
  if (disk.size(path) > MAX_BYTES) return looksLikeTemplateName(name) ? 'cloudformation' : undefined;
  const text = latin1(path, disk);
  if (text === undefined) return looksLikeTemplateName(name) ? 'cloudformation' : undefined;
  if (
    /^(?:service|"service")\s*:/m.test(text) &&
    /^(?:provider|"provider")\s*:/m.test(text) &&
    /^(?:functions|resources|"functions"|"resources")\s*:/m.test(text)
  )
    return 'serverless';
  // A template has both; a fragment that a service includes usually has them too and is left out once the service is read.
  // The type has to be a value: a JSON schema of templates lists the names too.
  if (/\bType["']?\s*:\s*["']?(?:(?:AWS|Custom)::|LocalModule\b)/.test(text) && /^\s*\{?\s*["']?Resources["']?\s*:/m.test(text))
    return 'cloudformation';
  return /AWSTemplateFormatVersion["']?\s*:\s*["']?2010/.test(text) ? 'cloudformation' : undefined;
}

/** A program named serverless.js is as often the framework's own or a handler. */
function describesService(text: string): boolean {
  return /\bprovider\b/.test(text) && /\bservice\b/.test(text) && /\b(?:functions|resources)\b/.test(text);
}

/** For looking at ASCII words only: every byte is one character, so nothing can fail to decode. */
function latin1(path: string, disk: Disk): string | undefined {
  try {
    return Buffer.from(disk.read(path)).toString('latin1');
  } catch {
    return undefined;
  }
}

/** Too large or unreadable: only a name that says template makes it worth an error. */
function looksLikeTemplateName(name: string): boolean {
  return /template/i.test(name);
}

/**
 * Services first, then templates that nest others, then the rest: what a project includes is known before it would be read by itself.
 * A template that another one nests by a local path comes last.
 */
function inOrder(candidates: readonly Candidate[], disk: Disk): Candidate[] {
  const nested = new Set<string>();
  for (const candidate of candidates) {
    if (candidate.kind !== 'cloudformation' || disk.size(candidate.path) > MAX_BYTES) continue;
    const text = latin1(candidate.path, disk);
    if (!text?.includes('TemplateURL')) continue;
    // CDK writes the path beside the address, in the metadata.
    for (const match of text.matchAll(/(?:TemplateURL|aws:asset:path)["']?\s*:\s*["']?([^\s"'#,}]+)/g))
      nested.add(resolve(dirname(candidate.path), match[1] ?? ''));
  }
  const rank = (candidate: Candidate) =>
    candidate.kind === 'cloudformation' ? (nested.has(candidate.path) ? 2 : 1) : 0;
  return [...candidates].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
