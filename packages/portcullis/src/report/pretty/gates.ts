import type { Finding, GateState, ProjectReport, Report } from '../../contract/index.ts';
import type { StepId } from '../../project/index.ts';
import { columnsOf, count, pad, printable } from '../text.ts';
import { type Shown, standing } from '../verdict.ts';
import { inkOf, type Page, stateNames } from './page.ts';

/** Up to this many projects get a block of their own; more are shown as a table, one line each. */
const BLOCKS = 4;

/** The five gates of every project at a glance. */
export function gates(report: Report, projects: readonly ProjectReport[], page: Page): string[] {
  if (projects.length > BLOCKS) return table(projects, page);
  const findings = new Map(projects.map((project) => [project.file, new Map<StepId, Finding[]>()]));
  // A finding may lie in a file that the project includes; with one project all are its own.
  const [only] = projects;
  for (const finding of report.findings) {
    const owner = projects.length === 1 && only ? only.file : ownerOf(finding, projects);
    const steps = owner === undefined ? undefined : findings.get(owner);
    if (!steps) continue;
    const list = steps.get(finding.step);
    if (list) list.push(finding);
    else steps.set(finding.step, [finding]);
  }
  return projects.flatMap((project, index) => [
    ...(index === 0 ? [] : ['']),
    ...block(project, findings.get(project.file) ?? new Map(), page),
  ]);
}

/** The project that the file is, or in whose folder it lies: the nearest one. */
function ownerOf({ location }: Finding, projects: readonly ProjectReport[]): string | undefined {
  let owner: string | undefined;
  let depth = -1;
  for (const { file } of projects) {
    if (file === location.file) return file;
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    if (location.file.startsWith(folder) && folder.length > depth) {
      owner = file;
      depth = folder.length;
    }
  }
  return owner;
}

function block(project: ProjectReport, findings: ReadonlyMap<StepId, readonly Finding[]>, page: Page): string[] {
  const { paint, steps, symbols } = page;
  const facts = [
    ...(project.name === null ? [] : [printable(project.name)]),
    ...(project.stage === null ? [] : [`stage ${printable(project.stage)}`]),
    ...routeFacts(project, page),
  ].join(` ${page.dot} `);
  const titles = Math.max(...steps.map((step) => step.title.length));
  const questions = Math.max(...steps.map((step) => step.question.length));
  const states = Math.max(...Object.values(stateNames).map((name) => name.length));
  const rows = steps.map((step) => {
    const state = standing(project, step.id);
    return { step, state, counts: counts(findings.get(step.id) ?? []) };
  });
  const counted = Math.max(...rows.map((row) => row.counts.length));
  const withQuestions = 4 + titles + 2 + questions + 2 + states + 2 + counted <= page.width;
  return [
    paint.bold(printable(project.file)),
    ...(facts === '' ? [] : [paint.dim(facts)]),
    '',
    ...rows.map(({ step, state, counts: text }) => {
      const ink = inkOf(page, state);
      return [
        `  ${ink(symbols[state])} ${pad(step.title, titles)}`,
        ...(withQuestions ? [paint.dim(pad(step.question, questions))] : []),
        ink(text === '' ? stateNames[state] : pad(stateNames[state], states)),
        ...(text === '' ? [] : [paint.dim(text)]),
      ].join('  ');
    }),
  ];
}

function counts(findings: readonly Finding[]): string {
  const kept = findings.filter((finding) => !finding.suppressed);
  const of = (severity: string) => kept.filter((finding) => finding.severity === severity).length;
  return [
    ...(of('error') ? [count(of('error'), 'error')] : []),
    ...(of('warning') ? [count(of('warning'), 'warning')] : []),
    ...(of('note') ? [count(of('note'), 'note')] : []),
  ].join(', ');
}

/** "8 routes: 5 open, 1 half open, 2 closed"; without the states when nobody asked who may enter. */
function routeFacts(project: ProjectReport, page: Page): string[] {
  const routes = project.apis.flatMap((api) => api.routes);
  if (routes.length === 0) return project.apis.length > 0 ? ['no routes read'] : ['no API'];
  if (!page.steps.some((step) => step.id === 'authorization')) return [count(routes.length, 'route')];
  const order: readonly GateState[] = ['open', 'half-open', 'unknown', 'closed'];
  const parts = order.flatMap((state) => {
    const number = routes.filter((route) => !route.decided && route.gates.authorization.state === state).length;
    return number === 0 ? [] : [`${number} ${stateNames[state]}`];
  });
  const meant = routes.filter((route) => route.decided).length;
  if (meant > 0) parts.push(`${meant} public on purpose`);
  return [`${count(routes.length, 'route')}: ${parts.join(', ')}`];
}

function table(projects: readonly ProjectReport[], page: Page): string[] {
  const { paint, steps, symbols } = page;
  const titles = steps.map((step) => step.title);
  const legend = (Object.keys(stateNames) as Shown[])
    .map((state) => `${inkOf(page, state)(symbols[state])} ${stateNames[state]}`)
    .join('   ');
  const header = `  ${titles.join('  ')}`;
  return [
    paint.dim(header),
    ...projects.map((project) => {
      const cells = steps.map((step) => {
        const state = standing(project, step.id);
        const left = Math.floor((step.title.length - 1) / 2);
        return ' '.repeat(left) + inkOf(page, state)(symbols[state]) + ' '.repeat(step.title.length - left - 1);
      });
      return `  ${cells.join('  ')}  ${printable(project.file)}`;
    }),
    paint.dim(`  ${page.line.repeat(Math.min(page.width - 2, columnsOf(header) - 2))}`),
    `  ${legend}`,
  ];
}
