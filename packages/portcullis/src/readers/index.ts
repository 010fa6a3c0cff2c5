import {
  type Decisions,
  type Disk,
  type Environment,
  InputError,
  type Project,
  type SourceFile,
  type Span,
} from '../project/index.ts';
import { readCloudFormation } from './cloudformation/index.ts';
import { withCode } from './code/index.ts';
import { findDecisions } from './decisions/index.ts';
import { type Candidate, shownPath } from './discover.ts';
import { openText } from './document/index.ts';
import type { ReadContext, ReadOptions, ReadResult } from './options.ts';
import { readServerless } from './serverless/index.ts';

export { readApprovals } from './decisions/index.ts';
export { type Candidate, discover, shownPath } from './discover.ts';
export { repositoryAround } from './inside.ts';
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
    if (candidate.kind === 'code' && !environment.programs) throw writtenInCode(candidate);
    const file = open(candidate.path);
    const result =
      candidate.kind === 'serverless' || candidate.kind === 'code'
        ? readServerless(file, candidate.path, context)
        : readCloudFormation(file, candidate.path, context);
    if (!result.project) return result;
    const project = withCode(result.project, context);
    addDecisions(project, candidate, opened);
    return { ...result, project };
  } catch (error) {
    if (error instanceof InputError) return { project: undefined, errors: [error] };
    throw error;
  }
}

/** Decisions are looked for when the rules have spoken: some of them open files of their own. */
function addDecisions(project: Project, candidate: Candidate, opened: ReadonlyMap<string, SourceFile>): void {
  Object.defineProperties(project, {
    home: { enumerable: true, value: shownPath(candidate.path, candidate.boundary) },
    decisions: {
      value: (more: readonly SourceFile[]): Decisions | undefined => findDecisions([...opened.values(), ...more]),
    },
  });
}

function writtenInCode(candidate: Candidate): InputError {
  return new InputError({
    code: 'NEEDS_EXECUTION',
    found: `${candidate.shown} is a program; check runs no code of a project unless it is told to`,
    expected: '--exec, or serverless.yml, serverless.json or a CloudFormation template',
    file: candidate.shown,
    next: 'Add --exec to run it, when you trust it; or run `osls package` (`serverless package`) and check the template in .serverless/.',
  });
}
