import type { Api, Project, Route, SourceFile, Span, StepId } from '../project/index.ts';
import type { GateState } from './finding.ts';
import type { Rule } from './rule.ts';

/** A verb of a step: there, without meaning for it, or not written yet (then the README says so too). */
export type Part<T> = { readonly available: T } | { readonly notApplicable: string } | { readonly notYet: string };

/** The part of a route's gates that a step answers for; keys as in the published report schema. */
export interface RouteGates {
  readonly authorization?: { readonly state: GateState; readonly kind: string; readonly name: string | null };
  readonly key?: { readonly required: boolean | null };
  readonly plan?: {
    readonly state: GateState;
    readonly throttle: { readonly rate: number | null; readonly burst: number | null } | null;
    readonly quota: { readonly limit: number | null; readonly period: string | null } | null;
  };
  readonly firewall?: { readonly state: GateState };
}

export interface Step {
  readonly id: StepId;
  readonly title: string;
  /** The question the step answers: "who may enter?" */
  readonly question: string;
  readonly rules: readonly Rule[];
  /** What this step says of one route; undefined for steps that guard no route. */
  readonly routeGates?: (project: Project, api: Api, route: Route) => RouteGates;
  /** False when the project has nothing that this gate could guard (no API, no bucket): the gate is then `closed` only in name. */
  readonly applies: (project: Project) => boolean;
  /** Ranges whose text must not appear in any output. */
  readonly sensitive?: (project: Project) => readonly Span[];
  /** The same in the raw text of a file, comments and unread sections included: what only a code frame could show. */
  readonly sensitiveText?: (file: SourceFile) => readonly Span[];
  readonly provision: Part<never>;
  readonly gate: Part<never>;
  readonly probes: Part<never>;
}
