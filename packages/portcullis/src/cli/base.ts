import { relative, sep } from 'node:path';
import { repositoryAround } from '../readers/index.ts';
import type { Io } from './io.ts';

/** Root of the repository around the working directory; the working directory where there is none. */
export function rootOf({ disk, environment }: Pick<Io, 'disk' | 'environment'>): string {
  return repositoryAround(environment.directory, disk) ?? environment.directory;
}

/** The working directory from that root, with `/`; `` at the root, and where there is no repository. */
export function baseOf(io: Pick<Io, 'disk' | 'environment'>): string {
  return relative(rootOf(io), io.environment.directory).split(sep).join('/');
}
