import { dirname, join, resolve } from 'node:path';
import type { Exposure, Finding, ProjectReport, Step } from '../contract/index.ts';
import { changesAsReport, compareExposures, exposureOf } from '../exposure/index.ts';
import { type Approval, type Decisions, InputError, type Project, type SourceFile } from '../project/index.ts';
import { discover, type Reading, type ReadOptions, readProjects } from '../readers/index.ts';
import { briefFinding, createRedactor, redact } from '../report/index.ts';
import type { Surveyed } from './batch.ts';
import type { Io } from './io.ts';
import { surveyOne } from './survey.ts';
import { toReportError } from './trouble.ts';

/** What `package` leaves beside the service file. */
const COMPILED = '.serverless/cloudformation-template-update-stack.json';

/**
 * Assesses what a service compiled to in the place of what its source says, and adds where the two differ. What a template cannot show (the
 * deployment bucket, `custom`, settings without effect) still comes from the source. Findings that the source has too are shown there.
 */
export function surveyCompiled(
  reading: Reading,
  options: ReadOptions,
  asked: readonly Step[],
  io: Io,
  approvals?: readonly Approval[],
): Surveyed {
  const { candidate, project: source } = reading;
  if (candidate.kind === 'cloudformation') return surveyOne(reading, asked, io, approvals);
  const path = join(dirname(candidate.path), COMPILED);
  if (io.disk.kind(path) !== 'file') {
    const surveyed = surveyOne(reading, asked, io, approvals);
    return { ...surveyed, errors: [...surveyed.errors, toReportError(notCompiled(candidate.shown))] };
  }
  const [compiled] = readProjects(discover([path], io).candidates, options, io.disk, io.environment);
  if (!compiled?.project)
    return compiled ? surveyOne(compiled, asked, io, approvals) : surveyOne(reading, asked, io, approvals);
  // A program that was not run has nothing to compare with; what it compiled to is there all the same.
  if (!source) {
    const errors = reading.errors.filter(({ code }) => code !== 'NEEDS_EXECUTION');
    return surveyOne({ ...compiled, errors: [...errors, ...compiled.errors] }, asked, io, approvals);
  }
  const merged = merge(source, compiled.project);
  const promised = surveyOne(reading, asked, io, approvals);
  const surveyed = surveyOne(
    { candidate, project: merged, errors: [...reading.errors, ...compiled.errors] },
    asked,
    io,
    approvals,
  );
  if (surveyed.project === undefined || promised.project === undefined) return surveyed;
  const report = JSON.parse(surveyed.project) as ProjectReport;
  const sourceReport = JSON.parse(promised.project) as ProjectReport;
  const redactor = createRedactor();
  for (const { hidden } of [promised, surveyed]) redactor.absorb(hidden);
  const differences = compare(
    exposureOf(source, sourceReport, []),
    exposureOf(merged, report, []),
    isOlder(path, source, io),
  );
  const places = new Map(promised.findings.map((finding) => [finding.fingerprint, finding.location]));
  return {
    ...surveyed,
    project: JSON.stringify(withPlaces(report, sourceReport)),
    findings: [
      ...differences.map((finding) => briefFinding(redact(finding, redactor))),
      ...surveyed.findings.map((finding) => placed(finding, places)),
    ],
    hidden: redactor.hiding(),
  };
}

/** The resources that are deployed, with what only the source says of the service. */
function merge(source: Project, compiled: Project): Project {
  const functions = new Map(source.functions.map((fn) => [fn.id, fn]));
  return {
    ...compiled,
    file: source.file,
    home: source.home,
    decisions: (more) => bothDecisions(source, compiled, more),
    declared: declarationsOf(source),
    format: source.format,
    name: source.name,
    stage: source.stage,
    files: [...source.files, ...compiled.files],
    functions: compiled.functions.map((fn) => {
      const name = functions.get(fn.id)?.name;
      return name === undefined ? fn : { ...fn, name };
    }),
    deploymentBucket: source.deploymentBucket,
    plugins: source.plugins,
    ignored: source.ignored,
    configuration: [
      ...compiled.configuration,
      ...source.configuration.filter(({ context }) => context === 'custom' || context === 'params'),
    ],
    ...(source.packedFiles ? { packedFiles: source.packedFiles } : {}),
  };
}

/** What is decided in the source holds for what it compiles to. */
function bothDecisions(source: Project, compiled: Project, more: readonly SourceFile[]): Decisions | undefined {
  const [own, other] = [source.decisions?.(more), compiled.decisions?.([])];
  if (!own || !other) return own ?? other;
  return { made: [...own.made, ...other.made], refused: [...own.refused, ...other.refused] };
}

function declarationsOf({ resources, functions, apis }: Project): Project['declared'] {
  const all = [...resources.values(), ...functions, ...apis, ...apis.flatMap((api) => api.routes)];
  return new Map(all.map(({ id, span }) => [id, span]));
}

function compare(source: Exposure, compiled: Exposure, isStale: boolean): readonly Finding[] {
  const places = new Map(source.routes.map(({ id, location }) => [id, location]));
  const changes = compareExposures([source], [compiled]).map((change) => ({
    ...change,
    location: places.get(change.subject) ?? change.location,
  }));
  const why = isStale
    ? 'the template is older than the source: package again, then the difference shows whether a plugin made it'
    : source.routes.length === 0
      ? undefined
      : 'a plugin, or an edit of the template, made the difference';
  const { findings } = changesAsReport({ changes, errors: [] }, 'Compared with the source, the compiled template');
  return why === undefined
    ? findings
    : findings.map((finding) => ({ ...finding, question: `Is this meant? ${sentence(why)}` }));
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function placed(finding: Finding, places: ReadonlyMap<string, Finding['location']>): Finding {
  const location = places.get(finding.fingerprint);
  if (!location) return finding;
  return {
    ...finding,
    location,
    related: [...(finding.related ?? []), { message: 'in the compiled template', location: finding.location }],
  };
}

/** Routes are shown where a person would edit them, when the source has them. */
function withPlaces(report: ProjectReport, source: ProjectReport): ProjectReport {
  const places = new Map(
    source.apis.flatMap((api) =>
      api.routes.map(({ method, path, location }) => [`${api.id} ${method} ${path}`, location] as const),
    ),
  );
  const apis = new Map(source.apis.map(({ id, location }) => [id, location]));
  return {
    ...report,
    apis: report.apis.map((api) => ({
      ...api,
      location: apis.get(api.id) ?? api.location,
      routes: api.routes.map((route) => ({
        ...route,
        location: places.get(`${api.id} ${route.method} ${route.path}`) ?? route.location,
      })),
    })),
  };
}

/** Packaging takes longer than a file system counts; a checkout writes both within seconds. */
const SLACK = 2_000;

function isOlder(compiled: string, source: Project, { disk, environment }: Io): boolean {
  const made = disk.modified?.(compiled);
  if (made === undefined) return false;
  return source.files.some(({ path }) => (disk.modified?.(resolve(environment.directory, path)) ?? 0) > made + SLACK);
}

function notCompiled(shown: string): InputError {
  return new InputError({
    code: 'NOT_COMPILED',
    found: `there is no compiled template of ${shown}`,
    expected: COMPILED,
    file: shown,
    next: 'Run `osls package` (or `serverless package`) first, or leave --compiled out.',
  });
}

/** A CDK app that was not synthesized has no template to check. Undefined when all have one, or there is none. */
export function notSynthesized(paths: readonly string[], { disk, environment }: Io): InputError | undefined {
  for (const given of paths) {
    const folder = resolve(environment.directory, given);
    if (disk.kind(join(folder, 'cdk.json')) !== 'file' || disk.kind(join(folder, 'cdk.out')) === 'directory') continue;
    return new InputError({
      code: 'NOT_COMPILED',
      found: `${given === '.' ? 'the current folder' : given} holds a CDK app without cdk.out`,
      expected: 'cdk.out with the synthesized templates',
      file: join(given, 'cdk.json'),
      next: 'Run `cdk synth` first, or leave --compiled out.',
    });
  }
  return undefined;
}
