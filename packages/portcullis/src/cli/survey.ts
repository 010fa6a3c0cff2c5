import type { Step } from '../contract/index.ts';
import type { Approval } from '../project/index.ts';
import { type Reading, readProjects } from '../readers/index.ts';
import { briefFinding, createRedactor, redact } from '../report/index.ts';
import { assess, steps } from '../steps/index.ts';
import { detached } from './archive.ts';
import type { Batch, Surveyed } from './batch.ts';
import { decidingOf } from './deciding.ts';
import type { Io } from './io.ts';
import { breakage, toReportError } from './trouble.ts';

export function surveyBatch({ candidates, options, asked, approvals }: Batch, io: Io): readonly Surveyed[] {
  const chosen = steps.filter((step) => asked.includes(step.id));
  const readings = readProjects(candidates, options, io.disk, io.environment);
  return [...readings].map((reading) => surveyOne(reading, chosen, io, approvals));
}

/**
 * Assesses one reading. What is wrong with it is in `errors`, even when Portcullis itself broke on it.
 * @param approvals with `--strict-suppressions`
 */
export function surveyOne(
  { candidate, project, errors, broke }: Reading,
  asked: readonly Step[],
  io: Io,
  approvals?: readonly Approval[],
): Surveyed {
  const found = errors.map(toReportError);
  if (broke !== undefined) found.push(breakage(broke, candidate.shown, io));
  const nothing: Surveyed = {
    project: undefined,
    findings: [],
    errors: found,
    hidden: { places: [], texts: [] },
    mentions: [],
    approved: [],
  };
  if (!project) return nothing;
  try {
    const assessment = assess(project, asked, decidingOf(io, approvals));
    // A frame of one step may show a line that holds another's secret.
    const others = steps.filter((step) => !asked.includes(step));
    // What a project's findings say was made from its own files; looking for the secrets of a thousand others would take
    // longer than everything else.
    const own = createRedactor([...assessment.sensitive, ...others.flatMap((step) => step.sensitive?.(project) ?? [])]);
    return {
      project: JSON.stringify(redact(assessment.report, own)),
      findings: assessment.findings.map((finding) => detached(briefFinding(redact(finding, own)))),
      errors: found,
      hidden: own.hiding(),
      mentions: JSON.parse(JSON.stringify(redact(assessment.mentions, own))) as typeof assessment.mentions,
      approved: assessment.approved,
    };
  } catch (error) {
    return { ...nothing, errors: [...found, breakage(error, candidate.shown, io)] };
  }
}
