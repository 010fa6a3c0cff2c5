import { type GateState, type ProjectReport, type Report, type Severity, severities } from '../contract/index.ts';
import type { StepId } from '../project/index.ts';

/** Code of the error that stands for a fault of Portcullis itself, met while it checked one project. */
export const BROKE = 'PORTCULLIS_BROKE';

/** 0: nothing at or above the level; 1: findings; 2: the request or the input is wrong; 3: Portcullis broke. */
export function exitCodeOf(report: Report, failOn: Severity | 'never'): 0 | 1 | 2 | 3 {
  if (report.errors.some((error) => error.code === BROKE)) return 3;
  if (report.errors.length > 0) return 2;
  return deciding(report, failOn).length > 0 ? 1 : 0;
}

/** The findings that make the run fail: at or above the level and not suppressed. */
export function deciding(report: Report, failOn: Severity | 'never'): Report['findings'] {
  return failing(
    report.findings.filter(({ suppressed }) => !suppressed),
    failOn,
  );
}

/** Those at or above the level. */
export function failing<T extends { readonly severity: Severity }>(
  all: readonly T[],
  failOn: Severity | 'never',
): readonly T[] {
  if (failOn === 'never') return [];
  const level = severities.indexOf(failOn);
  return all.filter(({ severity }) => severities.indexOf(severity) <= level);
}

export type Shown = GateState | 'not-applicable';

/** How the gate stands; a gate with nothing to guard is neither open nor closed. */
export function standing(project: ProjectReport, step: StepId): Shown {
  return project.notApplicable.includes(step) && project.gates[step] === 'closed'
    ? 'not-applicable'
    : project.gates[step];
}
