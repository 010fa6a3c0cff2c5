import type { ProjectReport, RouteReport } from '../../contract/index.ts';
import type { RenderOptions } from '../options.ts';
import { count } from '../text.ts';
import { type Shown, standing } from '../verdict.ts';
import { escape } from './escape.ts';

const names: Readonly<Record<Shown, string>> = {
  open: '○ open',
  'half-open': '◐ half open',
  closed: '● closed',
  unknown: '? unknown',
  'not-applicable': '– not applicable',
};

const state = (value: Shown, more = '') =>
  `<span class="${value}">${names[value]}</span>${more === '' ? '' : ` <span class="faint">${escape(more)}</span>`}`;

/** The gates of every project as one table. */
export function* gates(projects: readonly ProjectReport[], steps: RenderOptions['steps']): Generator<string> {
  if (projects.length === 0) return;
  yield `<section aria-label="Gates"><h2>The gates</h2><div class="scroll"><table><thead><tr><th scope="col">project</th>${steps.map(({ title, question }) => `<th scope="col" title="${escape(question)}">${escape(title)}</th>`).join('')}</tr></thead><tbody>\n`;
  for (const project of projects)
    yield `<tr><th scope="row"><code>${escape(project.file)}</code></th>${steps.map(({ id }) => `<td>${state(standing(project, id))}</td>`).join('')}</tr>\n`;
  yield '</tbody></table></div></section>\n';
}

/** Who reaches what: the routes of a project with their gates, and what was not read. */
export function* inventory(project: ProjectReport, unfolded: boolean): Generator<string> {
  const routes = project.apis.flatMap((api) => api.routes);
  if (routes.length === 0 && project.unread.length === 0) return;
  yield `<section><h2>Routes of <code>${escape(project.file)}</code></h2>\n<details${unfolded ? ' open' : ''}><summary>${count(routes.length, 'route')}</summary>\n`;
  if (routes.length > 0)
    yield '<div class="scroll"><table><thead><tr><th scope="col">route</th><th scope="col">function</th><th scope="col">authorization</th><th scope="col">key and limits</th><th scope="col">firewall</th><th scope="col">reaches</th></tr></thead><tbody>\n';
  for (const route of routes) yield row(route);
  if (routes.length > 0) yield '</tbody></table></div>\n';
  yield '</details>\n';
  if (project.unread.length > 0)
    yield `<h3>Not read or not decided by the files</h3><ul>${project.unread.map(({ what, reason, location }) => `<li><code>${escape(`${location.file}:${location.line}`)}</code> ${escape(what)}: ${escape(reason)}</li>`).join('\n')}</ul>\n`;
  yield '</section>\n';
}

/** More than this of what a route reaches is counted. */
const REACHED = 8;

function row({ method, path, function: name, gates: at, reaches }: RouteReport): string {
  const shown = reaches
    .slice(0, REACHED)
    .map(({ resource, access }) => `${escape(resource)} <span class="faint">(${access})</span>`);
  const more = reaches.length > REACHED ? `, and ${reaches.length - REACHED} more` : '';
  const limits = [
    ...(at.key.required === true ? ['key'] : []),
    ...(at.plan.throttle ? [`${at.plan.throttle.rate ?? '?'}/s, burst ${at.plan.throttle.burst ?? '?'}`] : []),
    ...(at.plan.quota ? [`${at.plan.quota.limit ?? '?'} per ${(at.plan.quota.period ?? '?').toLowerCase()}`] : []),
  ].join('; ');
  return `<tr><th scope="row"><code>${escape(`${method} ${path}`)}</code></th><td>${escape(name ?? '')}</td><td>${state(at.authorization.state, [at.authorization.kind, at.authorization.name].filter((part) => part !== null && part !== 'none').join(' '))}</td><td>${state(at.plan.state, limits)}</td><td>${state(at.firewall.state)}</td><td>${shown.join(', ')}${more}</td></tr>\n`;
}
