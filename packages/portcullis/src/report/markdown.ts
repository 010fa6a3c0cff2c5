import type { Finding, ProjectReport, Report, Severity } from '../contract/index.ts';
import { inRepository } from './in-repository.ts';
import type { RenderOptions } from './options.ts';
import { count, printable, printableLines } from './text.ts';
import { type Shown, standing as stateOf } from './verdict.ts';

/** GitHub refuses comments of more than 65,536 characters, GitLab notes of more than a million. */
const LONGEST = 60_000;

const symbols: Readonly<Record<Shown, string>> = {
  open: '🔴 open',
  'half-open': '🟡 half open',
  closed: '🟢 closed',
  unknown: '❔ unknown',
  'not-applicable': '– not applicable',
};

const severityTitles: Readonly<Record<Severity, string>> = { error: 'Errors', warning: 'Warnings', note: 'Notes' };

/** A summary for a pull request or a job: the gates as a table, the findings folded by severity. At most 60,000 characters. */
export function* renderMarkdown(report: Report, options: RenderOptions): Generator<string> {
  const pieces = [...parts(report, options)];
  let length = 0;
  let folded = false;
  for (const [index, piece] of pieces.entries()) {
    length += piece.length;
    if (length > LONGEST) {
      if (folded) yield '\n</details>\n';
      yield `\n${pieces.length - index} more entries do not fit here; \`portcullis check\` shows all of them.\n`;
      return;
    }
    if (piece.startsWith('\n<details')) folded = true;
    if (piece.startsWith('\n</details')) folded = false;
    yield piece;
  }
}

function* parts(report: Report, options: RenderOptions): Generator<string> {
  const standing = report.findings.filter(({ suppressed }) => !suppressed);
  const of = (severity: Severity) => standing.filter((finding) => finding.severity === severity);
  const suppressed = report.findings.length - standing.length;
  yield `## Portcullis: ${headline(report, standing)}\n\n`;
  yield `${count(of('error').length, 'error')}, ${count(of('warning').length, 'warning')} and ${count(of('note').length, 'note')} in ${count(report.projects.length, 'project')}${suppressed === 0 ? '' : `; ${suppressed} suppressed`}.\n`;
  if (report.projects.length > 0) {
    yield `\n| project | ${options.steps.map(({ title }) => title).join(' | ')} |\n|---|${options.steps.map(() => '---').join('|')}|\n`;
    for (const project of report.projects) yield projectRow(project, options);
  }
  for (const { code: name, message, location, file, next } of report.errors)
    yield `\n> **Not checked** (${name}) ${codeSpan(location ? `${location.file}:${location.line}` : (file ?? ''))}: ${inline(message)}. ${inline(next)}\n`;
  for (const severity of ['error', 'warning', 'note'] as const) {
    const found = of(severity);
    if (found.length === 0) continue;
    yield `\n<details${severity === 'error' ? ' open' : ''}><summary><b>${severityTitles[severity]} (${found.length})</b></summary>\n\n`;
    const shown = new Set<string | undefined>();
    for (const finding of found) {
      // One snippet for all places that it closes.
      yield entry(finding, options.base) +
        (finding.fix === undefined || shown.has(finding.fix) ? '' : block(finding.fix));
      shown.add(finding.fix);
    }
    yield '\n</details>\n';
  }
}

function headline({ errors }: Report, standing: readonly Finding[]): string {
  if (errors.length > 0) return 'not everything could be checked';
  const [worst] = standing;
  if (!worst) return 'nothing found';
  return worst.severity === 'error' ? 'gates are open' : worst.severity === 'warning' ? 'gates are half open' : 'notes';
}

function projectRow(project: ProjectReport, { steps }: RenderOptions): string {
  const cells = steps.map(({ id }) => symbols[stateOf(project, id)]);
  return `| ${codeSpan(project.file).replaceAll('|', '\\|')} | ${cells.join(' | ')} |\n`;
}

function entry({ rule, message, location, path, question }: Finding, base: string): string {
  const lines = [
    `- **${inline(message)}** (${codeSpan(rule)})`,
    `  ${codeSpan(`${inRepository(location.file, base)}:${location.line}`)}`,
    ...(path?.length ? [`  path: ${path.map(inline).join(' → ')}`] : []),
    ...(question === undefined ? [] : [`  to answer: ${inline(question)}`]),
  ];
  // Two blanks at the end break the line.
  return `${lines.join('  \n')}\n`;
}

function block(code: string): string {
  const lines = printableLines(code.trimEnd());
  const longest = Math.max(2, ...lines.map((line) => /`+/g.exec(line)?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return `\n  <details><summary>how to close it</summary>\n\n  ${fence}yaml\n${lines.map((line) => `  ${line}`).join('\n')}\n  ${fence}\n\n  </details>\n`;
}

/** Text of the user that stays text: no links, no mentions, no HTML, no tables. */
export function inline(text: string): string {
  return printable(text)
    .replace(/[\\`*_{}[\]<>()#|~!]/g, (character) => `\\${character}`)
    .replaceAll('&', '&amp;')
    .replaceAll('@', '@\u200b')
    .replaceAll('://', ':\u200b//');
}

/** A code span: nothing inside acts; backticks get a longer fence (CommonMark, section 6.1). */
export function codeSpan(text: string): string {
  const shown = printable(text);
  const fence = '`'.repeat(Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const padding = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}
