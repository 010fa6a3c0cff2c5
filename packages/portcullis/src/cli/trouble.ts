import type { ReportError } from '../contract/index.ts';
import { InputError } from '../project/index.ts';
import { BROKE, createPaint, hang, printable, type Screen } from '../report/index.ts';
import type { Io } from './io.ts';

/** An input error as reports carry it. */
export function toReportError(error: InputError): ReportError {
  const { location, details } = error;
  return {
    code: error.code,
    message: error.message,
    file: location?.file ?? details.file ?? null,
    location: location ? { file: location.file, line: location.line, column: location.column } : null,
    next: details.next,
  };
}

/** What is wrong, where, and what to do; for the error stream. */
export function errorText({ code, message, file, location, next }: ReportError, screen: Screen): string {
  const paint = createPaint(screen.colour);
  const place = location ? `${printable(location.file)}:${location.line}:${location.column}` : printable(file ?? '');
  const width = Math.max(40, Math.min(100, screen.width));
  return [
    `${paint.bold(paint.red('error'))} ${paint.dim(code)}${place === '' ? '' : ` ${paint.cyan(place)}`}`,
    ...hang('   ', printable(message), width),
    ...hang('   ', printable(next), width),
    '',
  ].join('\n');
}

export function nothingToCheck(paths: readonly string[]): InputError {
  const where = paths.map((path) => (path === '.' ? 'the current folder' : path)).join(', ');
  return new InputError({
    code: 'NOTHING_TO_CHECK',
    found: `there is no serverless.yml and no CloudFormation template in ${where}`,
    expected: 'at least one project',
    next: 'Name the file or the folder of a project: portcullis check PATH.',
  });
}

const whereToReport =
  'Please report it with this line and the file that was checked; PORTCULLIS_DEBUG=1 shows the stack.';

/** Portcullis threw where it must not, while it looked at one project. */
export function breakage(error: unknown, file: string, io: Io): ReportError {
  showStack(error, io);
  return {
    code: BROKE,
    message: `Portcullis broke while it checked ${file}: ${messageOf(error)}`,
    file,
    location: null,
    next: whereToReport,
  };
}

/** As `breakage`, when no project is to blame. One line. */
export function breakageText(error: unknown, io: Io): string {
  showStack(error, io);
  return `Portcullis broke: ${printable(messageOf(error))}. ${whereToReport}\n`;
}

/** One line; a message of several lines (an assertion, say) is cut after the first. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.split('\n', 1)[0] ?? '';
}

function showStack(error: unknown, { environment, stderr }: Io): void {
  if (environment.variables['PORTCULLIS_DEBUG'] === '1' && error instanceof Error)
    stderr.write(`${error.stack ?? ''}\n`);
}
