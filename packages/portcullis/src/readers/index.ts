import { type Disk, type Environment, InputError, type SourceFile, type Span } from '../project/index.ts';
import { readCloudFormation } from './cloudformation/index.ts';
import { type Candidate, shownPath } from './discover.ts';
import { openText } from './document/index.ts';
import type { ReadContext, ReadOptions, ReadResult } from './options.ts';
import { readServerless } from './serverless/index.ts';

export { type Candidate, discover } from './discover.ts';
export type { ReadOptions, ReadResult } from './options.ts';

export interface Reading extends ReadResult {
  readonly candidate: Candidate;
  /** What a reader threw that is no InputError: Portcullis broke on this candidate. */
  readonly broke?: unknown;
}

/**
 * Reads the candidates one after the other; a file that belongs to an earlier project of the run is skipped, unless it was named on
 * the command line. What is wrong with one project is in its `errors` and does not keep the others from being read.
 * @param consumed files that belong to a project of the run; added to
 */
export function* readProjects(
  candidates: readonly Candidate[],
  options: ReadOptions,
  disk: Disk,
  environment: Environment,
  consumed: Set<string> = new Set(),
): Generator<Reading> {
  for (const candidate of candidates) {
    if (!candidate.explicit && consumed.has(candidate.path)) continue;
    try {
      const result = readOne(candidate, options, disk, environment, consumed);
      if (candidate.explicit || result.project || !isSomethingElse(result)) yield { candidate, ...result };
    } catch (broke) {
      yield { candidate, project: undefined, errors: [], broke };
    }
  }
}

/** A service for another provider, or a document that only looks like a template: met on the way it is no mistake, named it is. */
function isSomethingElse({ errors }: ReadResult): boolean {
  return errors.some(({ code }) => code === 'NOTHING_TO_CHECK');
}

function readOne(
  candidate: Candidate,
  options: ReadOptions,
  disk: Disk,
  environment: Environment,
  consumed: Set<string>,
): ReadResult {
  const opened = new Map<string, SourceFile>();
  const open = (path: string, from?: Span): SourceFile => {
    const known = opened.get(path);
    if (known) return known;
    const file = openText(disk, path, shownPath(path, environment.directory), from);
    opened.set(path, file);
    if (path !== candidate.path) consumed.add(path);
    return file;
  };
  const context: ReadContext = { options, disk, environment, boundary: candidate.boundary, open };
  try {
    if (candidate.kind === 'code') throw writtenInCode(candidate);
    const file = open(candidate.path);
    return candidate.kind === 'serverless'
      ? readServerless(file, candidate.path, context)
      : readCloudFormation(file, candidate.path, context);
  } catch (error) {
    if (error instanceof InputError) return { project: undefined, errors: [error] };
    throw error;
  }
}

function writtenInCode(candidate: Candidate): InputError {
  return new InputError({
    code: 'NEEDS_EXECUTION',
    found: `${candidate.shown} is a program; check reads files and runs no code of a project`,
    expected: 'serverless.yml, serverless.json or a CloudFormation template',
    file: candidate.shown,
    next: 'Run `osls package` (or `serverless package`) and check the compiled template in .serverless/.',
  });
}
