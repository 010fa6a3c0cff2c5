import { createHash } from 'node:crypto';
import { type Finding, type ProjectReport, type Report, severities } from '../../contract/index.ts';
import type { RenderOptions } from '../options.ts';
import { count } from '../text.ts';
import { exitCodeOf } from '../verdict.ts';
import { escape } from './escape.ts';
import { finding } from './finding.ts';
import { gates, inventory } from './inventory.ts';
import { style } from './style.ts';

/**
 * One file that needs nothing else: no script, no network (its Content-Security-Policy allows neither), every finding with its path, boxes
 * that filter by step and severity, and the inventory of routes.
 */
export function* renderHtml(report: Report, options: RenderOptions): Generator<string> {
  const hash = createHash('sha256').update(style).digest('base64');
  const standing = report.findings.filter(({ suppressed }) => !suppressed);
  const projects = [...report.projects];
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Portcullis: ${escape(titleOf(projects))}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>Portcullis</h1>
<p>${counts(standing)} in ${count(projects.length, 'project')}${suppressedText(report.findings.length - standing.length)}. ${verdict(report, options)}</p>
<p class="faint">Version ${escape(options.version)}, ${escape(options.times.ended.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC'))}</p>
</header>
<main>
`;
  yield* gates(projects, options.steps);
  if (report.errors.length > 0) yield notChecked(report);
  yield filters(report.findings, options);
  yield `<section aria-label="Findings"><h2 id="findings">Findings</h2>\n`;
  if (report.findings.length === 0) yield '<p>Nothing found.</p>\n';
  for (const one of report.findings) yield finding(one, options);
  yield '</section>\n';
  for (const project of projects) yield* inventory(project, projects.length === 1);
  yield '</main>\n</body>\n</html>\n';
}

function titleOf(projects: readonly ProjectReport[]): string {
  const [only, ...others] = projects;
  return only && others.length === 0 ? (only.name ?? only.file) : count(projects.length, 'project');
}

function counts(standing: readonly Finding[]): string {
  const [errors, warnings, notes] = severities.map((severity) =>
    count(standing.filter((one) => one.severity === severity).length, severity),
  );
  return `${errors}, ${warnings} and ${notes}`;
}

function suppressedText(number: number): string {
  return number === 0 ? '' : `; ${number} suppressed`;
}

function verdict(report: Report, { failOn }: RenderOptions): string {
  const code = exitCodeOf(report, failOn);
  const reason =
    code > 1
      ? 'not everything could be checked'
      : failOn === 'never'
        ? '--fail-on never'
        : `${code === 0 ? 'nothing' : 'findings'} at or above ${failOn}`;
  return `Exit code ${code}: ${reason}.`;
}

function notChecked({ errors }: Report): string {
  const items = errors.map(({ code, message, file, location, next }) => {
    const place = location ? `${location.file}:${location.line}:${location.column}` : (file ?? '');
    return `<li><code>${escape(place)}</code> ${escape(message)}. ${escape(next)} <span class="faint">${escape(code)}</span></li>`;
  });
  return `<section aria-label="Not checked"><h2 class="open">Not checked</h2>\n<ul>${items.join('\n')}</ul></section>\n`;
}

function filters(findings: readonly Finding[], { steps }: RenderOptions): string {
  if (findings.length === 0) return '';
  const box = (id: string, title: string, number: number, ticked = true) =>
    `<label><input type="checkbox" id="${id}"${ticked ? ' checked' : ''}> ${escape(title)} <span class="faint">${number}</span></label>`;
  const standing = findings.filter(({ suppressed }) => !suppressed);
  const hidden = findings.length - standing.length;
  return `<fieldset><legend>Steps</legend>${steps
    .map(({ id, title }) => box(`step-${id}`, title, standing.filter(({ step }) => step === id).length))
    .join('')}</fieldset>
<fieldset><legend>Severity</legend>${severities
    .map((id) => box(`severity-${id}`, id, standing.filter(({ severity }) => severity === id).length))
    .join('')}${hidden === 0 ? '' : box('suppressed', 'suppressed', hidden, false)}</fieldset>
`;
}
