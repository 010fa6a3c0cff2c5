import { resolve, sep } from 'node:path';
import {
  type Finding,
  type Mentioned,
  type Report,
  type ReportError,
  type Severity,
  severities,
} from '../../contract/index.ts';
import { changeInfos } from '../../exposure/index.ts';
import { type Approval, type StepId, stepIds } from '../../project/index.ts';
import { type Candidate, discover, readProjects } from '../../readers/index.ts';
import {
  briefError,
  createRedactor,
  exitCodeOf,
  type FormatName,
  formatNames,
  loadFormat,
  type Redactor,
  redact,
} from '../../report/index.ts';
import { allRules, assessAcross, compare, steps, unusedApprovals } from '../../steps/index.ts';
import { ProjectArchive } from '../archive.ts';
import { baseOf, rootOf } from '../base.ts';
import { applyBaseline, baselineLines, baselineText, fixedEntries, readBaseline } from '../baseline.ts';
import type { Batch, Surveyed } from '../batch.ts';
import { notSynthesized, surveyCompiled } from '../compiled.ts';
import { decidingOf, loadApprovals } from '../deciding.ts';
import { allowPrograms, type ExecRequest, readExec } from '../exec.ts';
import type { Io } from '../io.ts';
import { choice, invalid, type Parsed } from '../options.ts';
import { type Target, writableTarget, writeReport, writeTarget } from '../output.ts';
import { createProgress } from '../progress.ts';
import { screenOf } from '../screen.ts';
import { createSources } from '../sources.ts';
import { surveyBatch, surveyOne } from '../survey.ts';
import { errorText, nothingToCheck, toReportError } from '../trouble.ts';

interface Request {
  readonly paths: readonly string[];
  readonly stage: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly steps: readonly StepId[];
  readonly format: FormatName;
  readonly output: string | undefined;
  readonly failOn: Severity | 'never';
  /** Revision to compare with. */
  readonly since: string | undefined;
  /** Services are checked as they were compiled. */
  readonly compiled: boolean;
  /** Approvals that decisions need; undefined when every decision counts. */
  readonly approvals: readonly Approval[] | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  /** How programs of the project are run; undefined when they are not. */
  readonly exec: ExecRequest | undefined;
}

/** `portcullis check`. Returns the exit code; throws InputError when the request itself is wrong. */
export async function check(parsed: Parsed, io: Io, version: string): Promise<number> {
  const request = readRequest(parsed, io);
  const began = new Date(io.clock()).toISOString();
  const target = request.output === undefined ? undefined : writableTarget(request.output, io);
  const asked = steps.filter((step) => request.steps.includes(step.id));
  if (request.since !== undefined) return checkSince(request.since, request, asked, target, io, version);
  const executed: string[] = [];
  const reading = request.exec ? allowPrograms(request.exec, io, (shown) => executed.push(shown)) : io;
  const earlier = request.baseline === undefined ? undefined : readBaseline(request.baseline, io);
  const newBaseline =
    request.writeBaseline === undefined ? undefined : writableTarget(request.writeBaseline, io, '--write-baseline');
  const { report: surveyed, redactor } = await survey(request, asked, reading);
  const report = earlier ? { ...surveyed, findings: applyBaseline(surveyed.findings, earlier) } : surveyed;

  const render = await loadFormat(request.format);
  const screen = screenOf(io.stdout, io);
  const pieces = render(report, {
    screen: target === undefined ? screen : { colour: false, unicode: screen.unicode, width: 100 },
    redactor,
    source: createSources(io, (file) => redactor.hide(steps.flatMap((step) => step.sensitiveText?.(file) ?? []))),
    rules: [...asked.flatMap((step) => step.rules), ...(request.compiled ? changeInfos : [])],
    steps: asked,
    version,
    failOn: request.failOn,
    executed,
    base: baseOf(io),
    times: { began, ended: new Date(io.clock()).toISOString() },
  });
  // Without a project there is nothing to report, only something to put right.
  const onScreen = target === undefined && request.format === 'pretty' && report.projects.length > 0;
  if (target !== undefined) writeReport(target, pieces, report, request.failOn, io);
  else if (onScreen || request.format !== 'pretty') for (const piece of pieces) io.stdout.write(piece);
  const lines = baselineNews(request, report, earlier, newBaseline, io);
  if (lines !== '') (onScreen ? io.stdout : io.stderr).write(lines);
  // A pretty report on the screen has the errors in it; whoever sends the report elsewhere still wants to see them.
  if (!onScreen) for (const error of report.errors) io.stderr.write(errorText(error, screenOf(io.stderr, io)));
  return exitCodeOf(report, request.failOn);
}

/** Writes the baseline that was asked for, and says what became of the findings in the earlier one. */
function baselineNews(
  request: Request,
  { findings, errors }: Report,
  earlier: ReturnType<typeof readBaseline> | undefined,
  target: Target | undefined,
  io: Io,
): string {
  // What could not be read is not fixed.
  const fixed = earlier && errors.length === 0 ? fixedEntries(earlier, findings, request, io) : undefined;
  if (target === undefined) return baselineLines(fixed, undefined);
  if (errors.length > 0) return 'The baseline is not written: not everything could be checked.\n';
  const { text, size } = baselineText(findings, earlier, request, io);
  writeTarget(target, [text], '--write-baseline', io);
  return baselineLines(fixed, { shown: target.shown, size });
}

/** `--since`: the difference to an earlier state in the place of the report. */
async function checkSince(
  revision: string,
  request: Request,
  asked: typeof steps,
  target: Target | undefined,
  io: Io,
  version: string,
): Promise<number> {
  const { since } = await import('./since.ts');
  const { paths, format, failOn, approvals } = request;
  const options = { stage: request.stage, params: request.params };
  const { pieces, report } = await since({ revision, paths, options, asked, format, failOn, approvals }, io, version);
  if (target !== undefined) writeReport(target, pieces, report, failOn, io);
  else for (const piece of pieces) io.stdout.write(piece);
  if (format !== 'pretty')
    for (const error of report.errors) io.stderr.write(errorText(error, screenOf(io.stderr, io)));
  return exitCodeOf(report, failOn);
}

function readRequest({ positionals, values }: Parsed, io: Io): Request {
  const last = (name: string) => values.get(name)?.at(-1);
  const stage = last('stage');
  if (stage === '')
    throw invalid('--stage is empty', '--stage NAME', 'Write the name of a stage, or leave --stage out.');
  const exec = readExec(values);
  if (exec && values.has('since'))
    throw invalid(
      '--exec and --since are given together',
      'one of them',
      'Compare compiled templates instead: an earlier state of a program cannot be run.',
    );
  const named = (values.get('step') ?? []).flatMap((list) => list.split(','));
  return {
    paths: positionals.length > 0 ? positionals : ['.'],
    stage,
    params: Object.fromEntries((values.get('param') ?? []).map(parameter)),
    steps: named.length > 0 ? named.map((name) => choice('--step', name.trim(), stepIds)) : stepIds,
    format: choice('--format', last('format') ?? 'pretty', formatNames),
    output: last('output'),
    failOn: choice('--fail-on', last('fail-on') ?? 'error', [...severities, 'never'] as const),
    since: last('since'),
    compiled: values.has('compiled'),
    ...readDeciding(values, io),
    exec,
  };
}

function readDeciding(values: Parsed['values'], io: Io): Pick<Request, 'approvals' | 'baseline' | 'writeBaseline'> {
  const last = (name: string) => values.get(name)?.at(-1);
  const [baseline, writeBaseline] = [last('baseline'), last('write-baseline')];
  const strict = values.has('strict-suppressions');
  if (values.has('since') && (baseline !== undefined || writeBaseline !== undefined))
    throw invalid(
      '--since and a baseline are given together',
      'one of them',
      'With --since the earlier state is the baseline.',
    );
  if (values.has('approvers') && !strict)
    throw invalid(
      '--approvers is given without --strict-suppressions',
      'both of them',
      'Add --strict-suppressions: without it every decision counts.',
    );
  return { approvals: strict ? loadApprovals(last('approvers'), io) : undefined, baseline, writeBaseline };
}

function parameter(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  // The text is not repeated: it may be a secret without its name.
  if (at < 1) throw invalid('--param has no "="', '--param KEY=VALUE', 'Write the name, "=" and the value.');
  return [text.slice(0, at), text.slice(at + 1)];
}

interface Survey {
  /** Without secrets. */
  readonly report: Report;
  /** For the lines of files that the report shows. */
  readonly redactor: Redactor;
}

/** Fewer templates than this are read before a second thread has started. */
const WORTH_THREADS = 100;
const BATCH = 25;

/** Finds, reads and assesses every project. What is wrong with one does not keep the others from being checked. */
async function survey(request: Request, asked: typeof steps, io: Io): Promise<Survey> {
  const { disk, environment } = io;
  const { candidates, errors } = discover(request.paths, { disk, environment });
  const found: ReportError[] = errors.map(toReportError);
  const unsynthesized = request.compiled ? notSynthesized(request.paths, io) : undefined;
  if (unsynthesized) found.push(toReportError(unsynthesized));
  const projects = new ProjectArchive();
  const findings: Finding[] = [];
  const mentions: Mentioned[] = [];
  const { approvals } = request;
  const approved = new Set<number>();
  const redactor = createRedactor();
  const progress = createProgress(io, candidates.length);
  const options = { stage: request.stage, params: request.params };
  const take = (surveyed: Surveyed) => {
    if (surveyed.project !== undefined) projects.add(surveyed.project);
    findings.push(...surveyed.findings);
    mentions.push(...surveyed.mentions);
    for (const index of surveyed.approved) approved.add(index);
    found.push(...surveyed.errors);
    redactor.absorb(surveyed.hidden);
  };
  try {
    const consumed = new Set<string>();
    const alone = candidates.filter((candidate) => candidate.alone);
    const shared = io.crew && alone.length >= WORTH_THREADS;
    const here = shared ? candidates.filter((candidate) => !candidate.alone) : candidates;
    for (const reading of readProjects(here, options, disk, environment, consumed)) {
      progress.at(reading.candidate.shown);
      take(
        request.compiled
          ? surveyCompiled(reading, options, asked, io, approvals)
          : surveyOne(reading, asked, io, approvals),
      );
    }
    if (io.crew && shared) {
      const left = alone.filter((candidate) => candidate.explicit || !consumed.has(candidate.path));
      const batches = inBatches(left).map((part) => ({
        candidates: part,
        options,
        asked: asked.map(({ id }) => id),
        ...(approvals ? { approvals } : {}),
      }));
      const done = (batch: Batch) => {
        for (const candidate of batch.candidates) progress.at(candidate.shown);
      };
      const surveyed = await io.crew(batches, (batch) => surveyBatch(batch, io), done);
      for (const part of surveyed) for (const one of part) take(one);
    }
  } finally {
    progress.done();
  }
  findings.push(...assessAcross(mentions, asked));
  if (approvals && found.length === 0) findings.push(...idleApprovals(approvals, approved, request, asked, io));
  if (projects.length === 0 && found.length === 0) found.push(toReportError(nothingToCheck(request.paths)));
  return {
    report: { version: 1, projects, findings: findings.sort(compare), errors: redact(found, redactor).map(briefError) },
    redactor,
  };
}

function idleApprovals(
  approvals: readonly Approval[],
  approved: ReadonlySet<number>,
  { paths }: Request,
  asked: typeof steps,
  io: Io,
): readonly Finding[] {
  const root = rootOf(io);
  const folders = paths.map((path) => resolve(io.environment.directory, path));
  const looked = (file: string | undefined) => {
    const place = file === undefined ? root : resolve(root, file);
    return folders.some((folder) => folder === place || place.startsWith(folder.endsWith(sep) ? folder : folder + sep));
  };
  const ids = allRules.map(({ id }) => id);
  return unusedApprovals(decidingOf(io, approvals), approved, ids, asked, looked);
}

function inBatches(candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const count = Math.ceil(candidates.length / BATCH);
  return Array.from({ length: count }, (_, index) => candidates.slice(index * BATCH, (index + 1) * BATCH));
}
