import { type Finding, type ProjectReport, type Report, severities } from '../../contract/index.ts';
import { columnsOf, count, hang, printable } from '../text.ts';
import { deciding, exitCodeOf, standing } from '../verdict.ts';
import { besidePlace, inkOf, type Page, placeOf } from './page.ts';

/** Notes and constructs that were not read are listed up to this number; the rest is counted. */
const LISTED = 20;

export function notes(all: readonly Finding[], page: Page): string[] {
  if (all.length === 0) return [];
  const { paint } = page;
  return [
    '',
    `${paint.dim(page.line.repeat(2))} ${paint.bold(paint.blue(count(all.length, 'note')))}`,
    ...all
      .slice(0, LISTED)
      .flatMap((note) => besidePlace(page, '   ', note.location, `${printable(note.message)} (${note.rule})`)),
    ...rest(all.length),
  ];
}

/** What the files do not decide or what was not read: the gates may stand otherwise because of it. */
export function unread(projects: readonly ProjectReport[], errors: Report['errors'], page: Page): string[] {
  const { paint } = page;
  // What has the wrong type is an error as well, which says more.
  const explained = new Set(errors.flatMap(({ location }) => (location ? placeOf(location) : [])));
  const all = projects.flatMap((project) => project.unread).filter(({ location }) => !explained.has(placeOf(location)));
  if (all.length === 0) return [];
  return [
    '',
    `${paint.dim(page.line.repeat(2))} ${paint.bold(paint.magenta(`${count(all.length, 'thing')} not read or not decided by the files`))}`,
    ...all
      .slice(0, LISTED)
      .flatMap(({ what, reason, location }) =>
        besidePlace(page, '   ', location, `${printable(what)}: ${printable(reason)}`),
      ),
    ...rest(all.length),
  ];
}

function rest(number: number): string[] {
  return number > LISTED ? [`   and ${number - LISTED} more; --format json has all of them`] : [];
}

export function errors(report: Report, page: Page): string[] {
  const { paint } = page;
  return report.errors.flatMap(({ code, message, file, location, next }) => {
    const place = location ? placeOf(location) : file === null ? undefined : printable(file);
    return [
      '',
      `${paint.bold(paint.red('not checked'))} ${paint.dim(code)}${place === undefined ? '' : ` ${paint.cyan(place)}`}`,
      ...hang('   ', printable(message), page.width),
      ...hang('   ', printable(next), page.width),
    ];
  });
}

/** What was found, what decides the exit code, and where to read more. */
export function summary(report: Report, page: Page): string[] {
  const { paint } = page;
  const counted = report.findings.filter((finding) => !finding.suppressed);
  const suppressed = report.findings.length - counted.length;
  const [errorCount, warningCount, noteCount] = severities.map((severity) =>
    count(counted.filter((finding) => finding.severity === severity).length, severity),
  );
  const projects = count(report.projects.length, 'project');
  const found = counted.length === 0 ? 'Nothing found' : `${errorCount}, ${warningCount} and ${noteCount}`;
  const [worst] = counted;
  return [
    '',
    paint.dim(page.line.repeat(page.width)),
    ...(report.projects.length === 0
      ? []
      : [
          ...atAGlance(report, page),
          paint.bold(`${found} in ${projects}${suppressed === 0 ? '' : `; ${suppressed} suppressed`}.`),
        ]),
    verdict(report, page),
    ...ran(page),
    ...(worst ? [`Next: ${paint.cyan(`portcullis explain ${worst.rule}`)}`] : []),
  ];
}

/** Code of the project was run: whoever reads the report should know it. */
function ran({ executed = [], width }: Page): string[] {
  if (executed.length === 0) return [];
  const listed = executed.slice(0, LISTED).map(printable).join(', ');
  const more = executed.length > LISTED ? ` and ${executed.length - LISTED} more` : '';
  return hang('', `Code of the project was run (--exec): ${listed}${more}.`, width);
}

/** The gates once more in one line, where one is enough: after a long report the first lines have left the screen. */
function atAGlance({ projects, findings }: Report, page: Page): string[] {
  const [project, ...others] = projects;
  if (!project || others.length > 0 || findings.length === 0) return [];
  const states = page.steps.map((step) => ({ title: step.title, state: standing(project, step.id) }));
  const plain = states.map(({ title, state }) => `${page.symbols[state]} ${title}`).join('   ');
  if (columnsOf(plain) > page.width) return [];
  return [states.map(({ title, state }) => `${inkOf(page, state)(page.symbols[state])} ${title}`).join('   ')];
}

function verdict(report: Report, { failOn }: Page): string {
  const code = exitCodeOf(report, failOn);
  if (code > 1)
    return `Exit code ${code}: ${count(report.errors.length, 'input')} could not be checked (see "not checked").`;
  if (failOn === 'never') return 'Exit code 0: --fail-on never.';
  if (code === 0) return `Exit code 0: nothing at or above ${failOn}.`;
  const deciders = count(deciding(report, failOn).length, failOn === 'error' ? 'error' : 'finding');
  return `Exit code 1: ${deciders} at or above --fail-on ${failOn}.`;
}
