import { basename, dirname, resolve } from 'node:path';
import type { Disk } from '../project/index.ts';
import { MAX_BYTES } from './document/text.ts';

/** What one look at a file says of it, before it is parsed. */
export interface Look {
  readonly kind: 'serverless' | 'cloudformation' | 'code';
  /** Files that the template nests by a local path; absolute. */
  readonly nests: readonly string[];
}

const codeNames = /^serverless\.(js|cjs|mjs|ts|cts|mts)$/;
const documentNames = /\.(ya?ml|json|template)$/i;
const neverProjects: ReadonlySet<string> = new Set(['package.json', 'package-lock.json', 'tsconfig.json']);

/** A file that somebody named is read even if it does not look like a project: the reader then says what is missing. */
export function lookAtNamed(path: string, disk: Disk): Look {
  const name = basename(path);
  if (/\.(js|cjs|mjs|ts|cts|mts)$/.test(name)) return alone('code');
  return lookAt(path, disk) ?? alone(/^serverless\b/.test(name) ? 'serverless' : 'cloudformation');
}

/** Undefined when the file, met on a walk, is no project. */
export function lookAt(path: string, disk: Disk): Look | undefined {
  const name = basename(path);
  if (codeNames.test(name)) return describesService(latin1(path, disk) ?? '') ? alone('code') : undefined;
  if (/^serverless\.(ya?ml|json)$/.test(name)) return alone('serverless');
  if (!documentNames.test(name) || neverProjects.has(name)) return undefined;
  // Too large or unreadable: only a name that says template makes it worth an error.
  const text = disk.size(path) > MAX_BYTES ? undefined : latin1(path, disk);
  if (text === undefined) return /template/i.test(name) ? alone('cloudformation') : undefined;
  if (isService(text)) return alone('serverless');
  return isTemplate(text) ? { kind: 'cloudformation', nests: nestedBy(text, dirname(path)) } : undefined;
}

function alone(kind: Look['kind']): Look {
  return { kind, nests: [] };
}

function isService(text: string): boolean {
  return (
    /^(?:service|"service")[ \t]*:/m.test(text) &&
    /^(?:provider|"provider")[ \t]*:/m.test(text) &&
    /^(?:functions|resources|"functions"|"resources")[ \t]*:/m.test(text)
  );
}

/**
 * A template has resources with types. A fragment that a service includes usually has them too and is left out once the service is
 * read. The type has to be a value: a JSON schema of templates lists the names too.
 */
function isTemplate(text: string): boolean {
  if (
    /(?:["']Resources["']|^[ \t]*Resources)[ \t]*:/m.test(text) &&
    /\bType["']?[ \t]*:[ \t]*["']?(?:(?:AWS|Custom)::|LocalModule\b)/.test(text)
  )
    return true;
  return /AWSTemplateFormatVersion["']?[ \t]*:[ \t]*["']?2010/.test(text);
}

/** A program named serverless.js is as often the framework's own or a handler. */
function describesService(text: string): boolean {
  // Pieces may lie in other modules, and the words with them.
  if (/["']@serverless\/typescript["']|\bserverlessConfig/.test(text)) return true;
  return /\bprovider\b/.test(text) && /\bservice\b/.test(text) && /\b(?:functions|resources)\b/.test(text);
}

/** CDK writes the path beside the address, in the metadata. */
function nestedBy(text: string, folder: string): readonly string[] {
  if (!text.includes('TemplateURL')) return [];
  const paths = text.matchAll(/(?:TemplateURL|aws:asset:path)["']?[ \t]*:[ \t]*["']?([^\s"'#,}]+)/g);
  return [...paths].map((match) => resolve(folder, match[1] ?? ''));
}

/** For looking at ASCII words only: every byte is one character, so nothing can fail to decode. */
function latin1(path: string, disk: Disk): string | undefined {
  try {
    return Buffer.from(disk.read(path)).toString('latin1');
  } catch {
    return undefined;
  }
}
