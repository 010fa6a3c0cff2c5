import type { InputError, Project } from '../../src/project/index.ts';
import { type Candidate, discover, readProjects } from '../../src/readers/index.ts';
import { diskOf } from './memory-disk.ts';

export interface ReadFilesOptions {
  readonly stage?: string | undefined;
  readonly params?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** File to check instead of the first. */
  readonly entry?: string;
}

/** Reads the first of the files as `check FILE` would. */
export function readFiles(
  files: Readonly<Record<string, string>>,
  options: ReadFilesOptions = {},
): { project: Project | undefined; errors: readonly InputError[] } {
  const first = options.entry ?? Object.keys(files)[0];
  const disk = diskOf(files);
  const environment = { directory: '/project', variables: options.variables ?? {} };
  const { candidates, errors } = discover([`/project/${first}`], { disk, environment });
  const [candidate] = candidates as readonly [Candidate?];
  if (!candidate) return { project: undefined, errors };
  const [reading] = [
    ...readProjects([candidate], { stage: options.stage, params: options.params ?? {} }, disk, environment),
  ];
  return { project: reading?.project, errors: [...errors, ...(reading?.errors ?? [])] };
}
