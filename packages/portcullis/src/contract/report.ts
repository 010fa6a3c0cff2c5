import type { Format, StepId } from '../project/index.ts';
import type { Finding, GateState } from './finding.ts';
import type { RouteGates } from './step.ts';

/** The result of one `check`: plain data, the JSON format prints it as it is (schema/report.schema.json). */
export interface Report {
  readonly version: 1;
  readonly projects: Projects;
  /** Of all projects, worst first. */
  readonly findings: readonly Finding[];
  readonly errors: readonly ReportError[];
}

/** An array, or something that makes the projects anew each time it is walked, so that thousands need not be held as objects. */
export interface Projects extends Iterable<ProjectReport> {
  readonly length: number;
}

export interface ProjectReport {
  readonly file: string;
  readonly format: Format;
  readonly name: string | null;
  readonly stage: string | null;
  readonly gates: Readonly<Record<StepId, GateState>>;
  /** Steps that have nothing to guard in this project. */
  readonly notApplicable: readonly StepId[];
  readonly apis: readonly ApiReport[];
  /** What was seen and not read, or not decided by the files. */
  readonly unread: readonly { readonly what: string; readonly reason: string; readonly location: PointLocation }[];
}

export interface PointLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ApiReport {
  readonly id: string;
  readonly kind: 'rest' | 'http' | 'websocket' | 'url' | 'alb';
  readonly name: string | null;
  readonly location: PointLocation;
  readonly routes: readonly RouteReport[];
}

export interface RouteDecision {
  /** The reason. */
  readonly public: string;
  /** Last day on which the decision holds, `2027-01-31`; absent when it has no end. */
  readonly until?: string;
  readonly location: PointLocation;
}

export interface RouteReport {
  readonly method: string;
  readonly path: string;
  readonly function: string | null;
  readonly location: PointLocation;
  readonly gates: Required<RouteGates>;
  /** Somebody decided in the file that it is public; its gates say how it stands. */
  readonly decided?: RouteDecision;
  readonly reaches: readonly { readonly resource: string; readonly type: string; readonly access: 'read' | 'write' }[];
}

export interface ReportError {
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly location: PointLocation | null;
  readonly next: string;
}
