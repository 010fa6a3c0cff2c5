import type { Finding, Severity } from '../../contract/index.ts';
import { frame } from '../frame.ts';
import { columnsOf, count, hang, printable, printableLines } from '../text.ts';
import { besidePlace, type Page, placeOf, severityInk } from './page.ts';

/** More places of one rule than this are listed, one line each, after the worst. */
const FRAMES = 10;
/** Up to this many places of one rule are shown with the lines around them. */
const SPACIOUS = 3;
/** Lines of a snippet that are shown of a warning. */
const LONG_SNIPPET = 12;

interface Group {
  readonly rule: string;
  readonly severity: Severity;
  readonly findings: Finding[];
}

/** Findings by rule, in the order of the worst finding of each, with how to close it once per rule. */
export function findings(all: readonly Finding[], page: Page): string[] {
  return groupByRule(all).flatMap((group) => ['', ...showGroup(group, page)]);
}

function groupByRule(all: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const finding of all) {
    const key = `${finding.severity} ${finding.rule}`;
    const group = groups.get(key);
    if (group) group.findings.push(finding);
    else groups.set(key, { rule: finding.rule, severity: finding.severity, findings: [finding] });
  }
  return [...groups.values()];
}

function showGroup(group: Group, page: Page): string[] {
  const { findings: places } = group;
  const detailed = places.length > FRAMES ? places.slice(0, 1) : places;
  const listed = places.slice(detailed.length);
  const fix = commonFix(places);
  return [
    ...header(group, page),
    ...detailed.flatMap((finding) => ['', ...showPlace(finding, places.length <= SPACIOUS, fix, page)]),
    ...(listed.length === 0 ? [] : ['', `  and ${count(listed.length, 'more place')}, worst first:`]),
    ...listed.flatMap((finding) => listPlace(finding, page)),
    ...(fix === undefined ? [] : ['', ...showFix(fix, group, page)]),
  ];
}

function header({ rule, severity, findings: places }: Group, page: Page): string[] {
  const { paint } = page;
  const title = page.rules.find((candidate) => candidate.id === rule)?.title;
  const lead = page.line.repeat(2);
  const number = places.length > 1 ? ` ${page.dot} ${count(places.length, 'place')}` : '';
  const used = columnsOf(`${lead} ${severity} ${rule}${number} `);
  return [
    `${paint.dim(lead)} ${paint.bold(severityInk(page, severity)(severity))} ${paint.cyan(rule)}${number} ${paint.dim(page.line.repeat(Math.max(0, page.width - used)))}`.trimEnd(),
    ...(title === undefined ? [] : hang('   ', title, page.width).map((line) => paint.bold(line))),
  ];
}

function showPlace(finding: Finding, spacious: boolean, groupFix: string | undefined, page: Page): string[] {
  const { paint } = page;
  const file = page.source(finding.location.file);
  const around = !spacious ? 0 : finding.severity === 'error' ? 2 : 1;
  const excerpt = file ? frame(file, finding.location, { ...page, before: around, after: around }) : [];
  return [
    ...hang('  ', printable(finding.message), page.width),
    `  ${paint.cyan(placeOf(finding.location))}`,
    ...excerpt.map((line) => `  ${line}`),
    ...(finding.path?.length
      ? hang('  path: ', finding.path.map(printable).join(' -> '), page.width).map((line) => paint.bold(line))
      : []),
    ...(finding.question ? hang('  to answer: ', printable(finding.question), page.width) : []),
    ...(finding.related ?? []).flatMap((other) =>
      besidePlace(page, '  see: ', other.location, printable(other.message)),
    ),
    ...(finding.fix !== undefined && finding.fix !== groupFix ? showFix(finding.fix, finding, page) : []),
  ];
}

/** The place, and what tells it from the others: its path where it leads somewhere, else what it says. */
function listPlace(finding: Finding, page: Page): string[] {
  const text = finding.path?.length ? finding.path.map(printable).join(' -> ') : printable(finding.message);
  return besidePlace(page, '    ', finding.location, text);
}

/** The snippet that most places share; undefined when every place has its own. */
function commonFix(places: readonly Finding[]): string | undefined {
  const numbers = new Map<string, number>();
  for (const { fix } of places) if (fix !== undefined) numbers.set(fix, (numbers.get(fix) ?? 0) + 1);
  const [best] = [...numbers].sort((a, b) => b[1] - a[1]);
  return best && (best[1] > 1 || places.length === 1) ? best[0] : undefined;
}

/** In full for errors; a long snippet of a warning, when it is the rule's own, ends where `explain` goes on. */
function showFix(fix: string, { rule: id, severity }: Pick<Finding, 'rule' | 'severity'>, page: Page): string[] {
  const { paint } = page;
  const all = printableLines(fix.trimEnd());
  const rule = page.rules.find((candidate) => candidate.id === id);
  const explained = rule !== undefined && Object.values(rule.fix).includes(fix);
  const shown = severity !== 'error' && explained && all.length > LONG_SNIPPET + 2 ? all.slice(0, LONG_SNIPPET) : all;
  return [
    `  ${paint.green('how to close it:')}`,
    ...shown.map((line) => (line === '' ? '' : `    ${line}`)),
    ...(shown === all
      ? []
      : [`    ${paint.dim(`# ${all.length - shown.length} more lines: portcullis explain ${id}`)}`]),
  ];
}
