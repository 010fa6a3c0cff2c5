import { InputError, type ProgramFailure, type SourceFile, type Span } from '../../project/index.ts';

const nexts: Readonly<Record<ProgramFailure['why'], string>> = {
  threw: 'Correct the program, or give it what it needs: --exec-env NAME passes an environment variable on.',
  syntax: 'Correct the program.',
  exited: 'Let the program export its configuration instead of ending.',
  pending: 'Let the promise that the program waits for be settled without a network or an AWS account.',
  timeout: 'Raise --exec-timeout SECONDS, or let the program do without a network and an AWS account.',
  output: 'Let the program print less and export only the configuration.',
  crashed: 'Run the program by itself (node or npx tsx) to see why.',
  denied: 'Add --exec-unfenced when you trust the program: it may then write files and start other programs.',
  'not-data': 'Export data only: what JSON can hold.',
  'not-started': 'Install Portcullis with its dependencies, and check whether processes may be started here.',
};

/**
 * What went wrong with a program, as an error of the input.
 * @param shown the program as people see it
 * @param open one of the project's files; undefined when it is none
 * @param asked the place that asked for the program, when there is one
 */
export function executionFailed(
  failure: ProgramFailure,
  shown: string,
  open: (path: string) => SourceFile | undefined,
  asked?: Span,
): InputError {
  const span = placeOf(failure, open) ?? asked;
  const printed = failure.output.length > 0 ? `; it printed last: ${failure.output.join(' | ')}` : '';
  const missing = failure.missing.find(
    (name) => /^\w{3,64}$/.test(name) && new RegExp(`\\b${name}\\b`).test(span?.file.text ?? ''),
  );
  return new InputError({
    code: 'EXECUTION_FAILED',
    found: `${shown} ${verb(failure)}${failure.message}${printed}`,
    ...(span ? { span } : { file: shown }),
    next: nextOf(failure, missing),
  });
}

function nextOf({ why, message }: ProgramFailure, missing: string | undefined): string {
  if (/Cannot find (?:module|package) '[^'.]/.test(message))
    return 'Install the packages of the project (npm ci), and run check again.';
  if (why === 'threw' && missing !== undefined)
    return `Pass the environment variable that the program asks for: --exec-env ${missing}.`;
  return nexts[why];
}

function verb({ why, message }: ProgramFailure): string {
  if (why === 'syntax') return 'cannot be loaded: ';
  return why === 'threw' && !message.startsWith('throws ') ? 'throws ' : '';
}

function placeOf({ places }: ProgramFailure, open: (path: string) => SourceFile | undefined): Span | undefined {
  for (const { path, line, column } of places) {
    const file = open(path);
    const found = file?.line(line);
    if (!file || !found) continue;
    const start = found.start + Math.min(Math.max(0, column - 1), found.text.length);
    return { file, start, end: found.start + found.text.length };
  }
  return undefined;
}
