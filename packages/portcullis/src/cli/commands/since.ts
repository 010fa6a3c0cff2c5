import type { Exposure, ExposureReport, Report, ReportError, Severity } from '../../contract/index.ts';
import { changeInfos, changesAsReport, compareExposures, exposureOf } from '../../exposure/index.ts';
import type { Approval, Disk } from '../../project/index.ts';
import { discover, type ReadOptions, readProjects } from '../../readers/index.ts';
import { briefError, createRedactor, type FormatName, loadFormat, redact, renderChanges } from '../../report/index.ts';
import { assess, steps } from '../../steps/index.ts';
import { baseOf } from '../base.ts';
import { decidingOf } from '../deciding.ts';
import type { Io } from '../io.ts';
import { openRevision } from '../revision.ts';
import { screenOf } from '../screen.ts';
import { breakage, nothingToCheck, toReportError } from '../trouble.ts';

export interface SinceRequest {
  readonly revision: string;
  readonly paths: readonly string[];
  readonly options: ReadOptions;
  readonly asked: typeof steps;
  readonly format: FormatName;
  readonly failOn: Severity | 'never';
  /** With `--strict-suppressions`. */
  readonly approvals: readonly Approval[] | undefined;
}

interface Taken {
  readonly exposures: readonly Exposure[];
  readonly errors: readonly ReportError[];
}

export interface SinceResult {
  readonly pieces: Iterable<string>;
  /** The changes as findings, for the exit code and the line that says what was written. */
  readonly report: Report;
}

/** `portcullis check --since REV`: what this state of the files lets through that the earlier one did not. */
export async function since(request: SinceRequest, io: Io, version: string): Promise<SinceResult> {
  const began = new Date(io.clock()).toISOString();
  const earlier = openRevision(request.revision, io.environment.directory, io.git, io.disk);
  const now = take(request, io, io.disk);
  // What was broken before is not the fault of this change.
  const before = take(request, io, earlier.disk);
  const errors =
    now.exposures.length === 0 && now.errors.length === 0 && before.exposures.length === 0
      ? [toReportError(nothingToCheck(request.paths))]
      : now.errors;
  const changes = compareExposures(before.exposures, now.exposures).filter(({ step }) =>
    request.asked.some(({ id }) => id === step),
  );
  const result: ExposureReport = {
    version: 1,
    since: { revision: request.revision, commit: earlier.commit },
    changes,
    errors,
  };
  const report = changesAsReport(result, 'This change');
  const screen = screenOf(io.stdout, io);
  if (request.format === 'pretty' || request.format === 'json' || request.format === 'markdown')
    return {
      pieces: renderChanges(result, request.format, { screen, failOn: request.failOn, base: baseOf(io) }),
      report,
    };
  const render = await loadFormat(request.format);
  const pieces = render(report, {
    screen,
    redactor: createRedactor(),
    source: () => undefined,
    rules: [...changeInfos, ...request.asked.flatMap((step) => step.rules)],
    steps: request.asked,
    version,
    failOn: request.failOn,
    base: baseOf(io),
    times: { began, ended: new Date(io.clock()).toISOString() },
  });
  return { pieces, report };
}

function take({ paths, options, approvals }: SinceRequest, io: Io, disk: Disk): Taken {
  const { environment } = io;
  const { candidates, errors } = discover(paths, { disk, environment });
  const exposures: Exposure[] = [];
  const found: ReportError[] = errors.map(toReportError);
  for (const { candidate, project, errors: own, broke } of readProjects(candidates, options, disk, environment)) {
    found.push(...own.map(toReportError));
    if (broke !== undefined) found.push(breakage(broke, candidate.shown, io));
    if (!project) continue;
    try {
      const { report, findings, sensitive } = assess(project, steps, decidingOf(io, approvals));
      const redactor = createRedactor(sensitive);
      exposures.push(redact(exposureOf(project, report, findings), redactor));
    } catch (error) {
      found.push(breakage(error, candidate.shown, io));
    }
  }
  return { exposures, errors: found.map(briefError) };
}
