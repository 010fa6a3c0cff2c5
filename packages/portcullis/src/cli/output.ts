import { dirname, resolve } from 'node:path';
import type { Report, Severity } from '../contract/index.ts';
import { InputError } from '../project/index.ts';
import { count, exitCodeOf, printable } from '../report/index.ts';
import type { Io } from './io.ts';
import { invalid } from './options.ts';

/** Where `--output` writes. Checked before anything is read, so that a long run is not lost to a typing mistake. */
export interface Target {
  /** As given. */
  readonly shown: string;
  readonly path: string;
}

export function writableTarget(
  given: string,
  { disk, environment }: Pick<Io, 'disk' | 'environment'>,
  option = '--output',
): Target {
  if (given === '') throw invalid(`${option} is empty`, `${option} FILE`, `Write the name of a file after ${option}.`);
  const path = resolve(environment.directory, given);
  const parent = dirname(path);
  if (disk.kind(path) === 'directory') throw unwritable(`${given} is a folder`, 'the name of a file', option);
  if (disk.kind(parent) !== 'directory')
    throw unwritable(`the folder of ${given} does not exist`, 'an existing folder', option);
  return { shown: given, path };
}

/** Writes the report and says on the screen in one line what is in it. */
export function writeReport(
  target: Target,
  pieces: Iterable<string>,
  report: Report,
  failOn: Severity | 'never',
  io: Io,
): void {
  writeTarget(target, pieces, '--output', io);
  const of = (severity: Severity) =>
    report.findings.filter((finding) => finding.severity === severity && !finding.suppressed).length;
  const parts = [
    count(of('error'), 'error'),
    count(of('warning'), 'warning'),
    count(of('note'), 'note'),
    ...(report.errors.length > 0 ? [`${count(report.errors.length, 'input')} not checked`] : []),
  ];
  io.stdout.write(
    `${parts.join(', ')} in ${count(report.projects.length, 'project')}; report in ${printable(target.shown)}; exit code ${exitCodeOf(report, failOn)}.\n`,
  );
}

/** Throws InputError OUTPUT_UNWRITABLE. */
export function writeTarget(target: Target, pieces: Iterable<string>, option: string, io: Io): void {
  try {
    io.writeFile(target.path, pieces);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw unwritable(`${target.shown} cannot be written (${code})`, undefined, option);
  }
}

function unwritable(found: string, expected: string | undefined, option: string): InputError {
  return new InputError({
    code: 'OUTPUT_UNWRITABLE',
    found,
    expected,
    next: `Give ${option} the name of a file in a folder that exists and that you may write to.`,
  });
}
