import type { ProgramRunner } from '../project/index.ts';
import { shownPath } from '../readers/index.ts';
import type { Io } from './io.ts';
import { invalid, type Parsed } from './options.ts';

/** What `--exec` and its options ask for. */
export interface ExecRequest {
  /** Names of environment variables that the program is given. */
  readonly pass: readonly string[];
  readonly seconds: number;
  readonly unfenced: boolean;
}

const DEFAULT_SECONDS = 10;
const MOST_SECONDS = 600;
const dependent = ['exec-env', 'exec-timeout', 'exec-unfenced'];

/** Undefined when no program may be run. Throws InputError OPTION_INVALID. */
export function readExec(values: Parsed['values']): ExecRequest | undefined {
  if (!values.has('exec')) {
    const idle = dependent.find((name) => values.has(name));
    if (idle === undefined) return undefined;
    throw invalid(
      `--${idle} has no effect without --exec`,
      undefined,
      'Add --exec, which runs programs of the project.',
    );
  }
  const timeout = values.get('exec-timeout')?.at(-1);
  const seconds = timeout === undefined ? DEFAULT_SECONDS : Number(timeout);
  if (!(seconds > 0 && seconds <= MOST_SECONDS) || timeout?.trim() === '')
    throw invalid(
      `--exec-timeout is ${timeout?.trim() || 'empty'}`,
      `a number of seconds up to ${MOST_SECONDS}`,
      'Write --exec-timeout 30.',
    );
  const pass = values.get('exec-env') ?? [];
  const wrong = pass.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  // The text is not repeated: NAME=VALUE may hold a secret.
  if (wrong !== undefined)
    throw invalid(
      '--exec-env has something else than the name of a variable',
      '--exec-env NAME',
      'Set the variable in the environment and write its name alone.',
    );
  return { pass, seconds, unfenced: values.has('exec-unfenced') };
}

/**
 * The same world in which programs may be run.
 * @param onRun sees each program once, as people see it
 */
export function allowPrograms(request: ExecRequest, io: Io, onRun: (shown: string) => void): Io {
  if (!io.programs)
    throw invalid(
      '--exec does not work here',
      undefined,
      'Run the built command: npm run build, then portcullis check --exec.',
    );
  const { variables, directory } = io.environment;
  const unset = request.pass.find((name) => variables[name] === undefined);
  if (unset !== undefined)
    throw invalid(
      `the environment variable ${unset} of --exec-env is not set`,
      undefined,
      `Set ${unset}, or leave --exec-env ${unset} out.`,
    );
  const seen = new Set<string>();
  const programs: ProgramRunner = io.programs({
    ...request,
    variables,
    onRun: (path) => {
      if (seen.has(path)) return;
      seen.add(path);
      onRun(shownPath(path, directory));
    },
  });
  return { ...io, environment: { ...io.environment, programs } };
}
