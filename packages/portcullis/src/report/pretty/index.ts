import type { Report } from '../../contract/index.ts';
import type { RenderOptions } from '../options.ts';
import { errors, notes, summary, unread } from './closing.ts';
import { decided } from './decided.ts';
import { findings } from './findings.ts';
import { gates } from './gates.ts';
import { createPage } from './page.ts';

/** The report for people: gates, findings worst first, notes, what was not read, errors, summary. Ends with a line break. */
export function renderPretty(report: Report, options: RenderOptions): string {
  const page = createPage(options);
  const projects = [...report.projects];
  const standing = report.findings.filter((finding) => !finding.suppressed);
  const lines = [
    ...gates(report, projects, page),
    ...findings(
      standing.filter((finding) => finding.severity !== 'note'),
      page,
    ),
    ...notes(
      standing.filter((finding) => finding.severity === 'note'),
      page,
    ),
    ...decided(report, projects, page),
    ...unread(projects, report.errors, page),
    ...errors(report, page),
    ...summary(report, page),
  ];
  return `${lines.join('\n').replace(/^\n+/, '')}\n`;
}
