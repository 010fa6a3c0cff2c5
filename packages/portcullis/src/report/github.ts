import type { Finding, Report, ReportError, Severity } from '../contract/index.ts';
import { inRepository } from './in-repository.ts';
import type { RenderOptions } from './options.ts';
import { count, printable } from './text.ts';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/**
 * Workflow commands of GitHub Actions, one line for each finding that stands; the runner turns them into annotations of the changed lines.
 * GitHub shows ten of each kind for a step, so the worst come first, and a last line counts all of them.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function* renderGithub(report: Report, { base, rules }: RenderOptions): Generator<string> {
  const titles = new Map(rules.map(({ id, title }) => [id, title]));
  const standing = report.findings.filter(({ suppressed }) => !suppressed);
  for (const error of report.errors) yield errorLine(error, base);
  for (const finding of standing) yield findingLine(finding, titles.get(finding.rule), base);
  const of = (severity: Severity) => standing.filter((finding) => finding.severity === severity).length;
  yield `${count(of('error'), 'error')}, ${count(of('warning'), 'warning')} and ${count(of('note'), 'note')} in ${count(report.projects.length, 'project')}.\n`;
}

function findingLine(finding: Finding, title: string | undefined, base: string): string {
  const { location, severity, rule, message, path, question } = finding;
  const oneLine = location.endLine === location.line;
  const properties = {
    file: inRepository(location.file, base),
    line: location.line,
    endLine: location.endLine,
    // GitHub refuses columns of a range over several lines.
    ...(oneLine ? { col: location.column, endColumn: location.endColumn } : {}),
    title: title === undefined ? rule : `${title} (${rule})`,
  };
  const text = [
    message,
    ...(path?.length ? [`path: ${path.join(' -> ')}`] : []),
    ...(question === undefined ? [] : [`to answer: ${question}`]),
    `how to close it: portcullis explain ${rule}`,
  ];
  return command(commands[severity], properties, text);
}

function errorLine({ code, message, file, location, next }: ReportError, base: string): string {
  const place = location?.file ?? file;
  return command(
    'error',
    {
      ...(place === null || place === undefined ? {} : { file: inRepository(place, base) }),
      ...(location ? { line: location.line, col: location.column } : {}),
      title: `Not checked (${code})`,
    },
    [message, next],
  );
}

/** A name or message of the user cannot begin a command of its own: line breaks and the separators are escaped as the runner wants it. */
function command(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  lines: readonly string[],
): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${property(printable(String(value)))}`);
  return `::${name} ${listed.join(',')}::${data(lines.map(printable).join('\n'))}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
