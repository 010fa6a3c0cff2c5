import type { ChangeKind, ExposureChange, ExposureReport, Severity } from '../contract/index.ts';
import { createPaint, type Paint, type Screen } from './colour.ts';
import { inRepository } from './in-repository.ts';
import { stringify } from './json.ts';
import { codeSpan, inline } from './markdown.ts';
import { count, hang, printable } from './text.ts';
import { failing } from './verdict.ts';

export interface ChangeOptions {
  readonly screen: Screen;
  readonly failOn: Severity | 'never';
  /** As in RenderOptions. */
  readonly base: string;
}

/** The difference of exposure in the formats that have a form of their own for it; described by schema/since.schema.json. */
export function renderChanges(
  report: ExposureReport,
  format: 'pretty' | 'json' | 'markdown',
  options: ChangeOptions,
): Iterable<string> {
  if (format === 'json') return [stringify(report)];
  return format === 'markdown' ? markdown(report, options) : [pretty(report, options)];
}

const titles: Readonly<Record<ChangeKind, string>> = {
  opens: 'opens',
  weakens: 'weakens',
  closes: 'closes',
};

function pretty(report: ExposureReport, { screen, failOn }: ChangeOptions): string {
  const paint = createPaint(screen.colour);
  const width = Math.max(40, Math.min(100, screen.width));
  const { changes, errors, since } = report;
  const lines = changes.flatMap((change) => [...prettyChange(change, paint, width), '']);
  for (const { code, message, location, next } of errors)
    lines.push(
      `${paint.bold(paint.red('not checked'))} ${paint.dim(code)}${location ? ` ${paint.cyan(`${printable(location.file)}:${location.line}:${location.column}`)}` : ''}`,
      ...hang('   ', printable(message), width),
      ...hang('   ', printable(next), width),
      '',
    );
  const from = `${printable(since.revision)} (${since.commit.slice(0, 12)})`;
  lines.push(
    changes.length === 0
      ? `Nothing that is let through has changed since ${from}.`
      : `${summary(changes)} since ${from}.`,
    verdict(report, failOn),
  );
  return `${lines.join('\n')}\n`;
}

function prettyChange(change: ExposureChange, paint: Paint, width: number): string[] {
  const { kind, severity, message, location, path, rule } = change;
  const ink = kind === 'opens' ? paint.red : kind === 'weakens' ? paint.yellow : paint.green;
  const place = `${printable(location.file)}:${location.line}:${location.column}`;
  return [
    `${paint.bold(ink(titles[kind]))} ${paint.dim(severity)}`,
    ...hang('  ', `This change ${printable(message)}.`, width),
    `  ${paint.cyan(place)}`,
    ...(path?.length ? hang('  path: ', path.map(printable).join(' -> '), width) : []),
    ...(rule === undefined || kind === 'closes' ? [] : [paint.dim(`  how to close it: portcullis explain ${rule}`)]),
  ];
}

function summary(changes: readonly ExposureChange[]): string {
  const of = (kind: ChangeKind) => changes.filter((change) => change.kind === kind).length;
  const parts = (['opens', 'weakens', 'closes'] as const).flatMap((kind) =>
    of(kind) === 0 ? [] : [`${of(kind)} that ${titles[kind].replace(/s$/, of(kind) === 1 ? 's' : '')}`],
  );
  return `${count(changes.length, 'change')} of what is let through (${parts.join(', ')})`;
}

function verdict({ changes, errors }: ExposureReport, failOn: Severity | 'never'): string {
  if (errors.length > 0) return `Exit code 2: ${count(errors.length, 'input')} could not be checked.`;
  const deciding = failing(changes, failOn).length;
  if (deciding > 0) return `Exit code 1: ${count(deciding, 'change')} at or above --fail-on ${failOn}.`;
  return failOn === 'never' ? 'Exit code 0: --fail-on never.' : `Exit code 0: nothing at or above ${failOn}.`;
}

const marks: Readonly<Record<ChangeKind, string>> = { opens: '🔴', weakens: '🟡', closes: '🟢' };

/** Marks the comment, so that the next run can replace it instead of adding one. */
const MARK = '<!-- portcullis since -->';

/** GitHub refuses comments of more than 65,536 characters. */
const LONGEST = 60_000;

function* markdown({ changes, errors, since }: ExposureReport, { base }: ChangeOptions): Generator<string> {
  yield `${MARK}\n## Portcullis: ${changes.length === 0 ? 'nothing that is let through has changed' : summary(changes)}\n\n`;
  let length = 0;
  for (const [index, { kind, message, location, path, rule, severity }] of changes.entries()) {
    const place = codeSpan(`${inRepository(location.file, base)}:${location.line}`);
    const lines = [
      `- ${marks[kind]} This change ${severity === 'error' ? `**${inline(message)}**` : inline(message)}.`,
      `  ${place}${rule === undefined || kind === 'closes' ? '' : ` (${codeSpan(`portcullis explain ${rule}`)})`}`,
      ...(path?.length ? [`  path: ${path.map(inline).join(' → ')}`] : []),
    ];
    const text = `${lines.join('  \n')}\n`;
    length += text.length;
    if (length > LONGEST) {
      yield `\n${count(changes.length - index, 'more change')} do not fit here.\n`;
      break;
    }
    yield text;
  }
  for (const { code, message, next } of errors)
    yield `\n> **Not checked** (${code}) ${inline(message)}. ${inline(next)}\n`;
  yield `\nCompared with ${codeSpan(since.commit.slice(0, 12))} (${codeSpan(since.revision)}).\n`;
}
