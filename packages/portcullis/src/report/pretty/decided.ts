import type { PointLocation, ProjectReport, Report } from '../../contract/index.ts';
import { count, printable } from '../text.ts';
import { besidePlace, type Page, placeOf } from './page.ts';

/** Up to this many decisions are listed; the rest is counted. */
const LISTED = 50;
/** Routes of one decision that are named. */
const NAMED = 5;

interface Decided {
  readonly location: PointLocation;
  readonly reason: string;
  readonly until: string | undefined;
  readonly routes: Set<string>;
  /** Findings that do not count because of it, by rule. */
  readonly rules: Map<string, number>;
}

/** What somebody decided in the files, with the reasons: nothing that does not count is out of sight. */
export function decided(report: Report, projects: readonly ProjectReport[], page: Page): string[] {
  const decisions = collect(report, projects);
  const known = report.findings.filter(({ suppressed }) => suppressed?.by === 'baseline').length;
  if (decisions.length === 0 && known === 0) return [];
  const { paint } = page;
  return [
    '',
    `${paint.dim(page.line.repeat(2))} ${paint.bold('decided in the files')}`,
    ...decisions.slice(0, LISTED).flatMap((decision) => besidePlace(page, '   ', decision.location, textOf(decision))),
    ...(decisions.length > LISTED ? [`   and ${decisions.length - LISTED} more; --format json has all of them`] : []),
    ...(known > 0 ? [`   ${count(known, 'finding')} ${known === 1 ? 'stands' : 'stand'} in the baseline`] : []),
  ];
}

function collect({ findings }: Report, projects: readonly ProjectReport[]): readonly Decided[] {
  const decisions = new Map<string, Decided>();
  const at = (location: PointLocation, reason: string, until: string | undefined): Decided => {
    const key = placeOf(location);
    const known = decisions.get(key);
    if (known) return known;
    const decision: Decided = { location, reason, until, routes: new Set(), rules: new Map() };
    decisions.set(key, decision);
    return decision;
  };
  for (const { apis } of projects)
    for (const { routes } of apis)
      for (const { method, path, decided: decision } of routes)
        if (decision) at(decision.location, decision.public, decision.until).routes.add(labelOf(method, path));
  for (const { rule, suppressed } of findings) {
    if (!suppressed?.location || suppressed.by === 'baseline') continue;
    const { rules } = at(suppressed.location, suppressed.reason, suppressed.until);
    if (suppressed.by === 'allow') rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  return [...decisions.values()].sort(byPlace);
}

function byPlace({ location: a }: Decided, { location: b }: Decided): number {
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column;
}

function labelOf(method: string, path: string): string {
  return path.startsWith('/') ? `${method} ${path}` : path;
}

function textOf({ reason, until, routes, rules }: Decided): string {
  const named = [...routes].slice(0, NAMED).map(printable).join(', ');
  const more = routes.size > NAMED ? ` and ${routes.size - NAMED} more` : '';
  const allowed = [...rules].map(([rule, number]) => (number === 1 ? rule : `${rule} (${number} findings)`));
  const what = [
    ...(routes.size > 0 ? [`public: ${named}${more}`] : []),
    ...(allowed.length > 0 ? [`allows ${allowed.join(', ')}`] : []),
  ];
  const end = until === undefined ? '' : `, until ${until}`;
  return `${what.length > 0 ? what.join('; ') : 'public'}${end}, because ${printable(reason)}`;
}
