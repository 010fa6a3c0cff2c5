import type { Location, Span, StepId } from '../project/index.ts';

export const severities = ['error', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** `open`: anyone may pass. `half-open`: weak, or a person must answer a question. `unknown`: the files do not decide. */
export type GateState = 'open' | 'half-open' | 'closed' | 'unknown';

/** What a rule found, before the engine adds the rule's own facts. Holds spans, so it lives as long as the project. */
export interface Observation {
  /** One sentence or two, no final line break, never a secret's value. Names the thing: "POST /orders has no authorizer". */
  readonly message: string;
  readonly span: Span;
  /** What it is about, stable when lines move: a route id, a logical id, a key path. Part of the fingerprint. */
  readonly subject: string;
  /** Id of the route it is about. */
  readonly route?: string | undefined;
  /** How the gate stands because of this; default: error -> open, warning -> half-open, note -> closed (does not change the gate). */
  readonly state?: GateState;
  /** Overrides the rule's severity for this case, never upwards by accident: say why beside the code. */
  readonly severity?: Severity;
  /** What it leads to, printed as a path: ["POST /orders", "createOrder", "OrdersRole", "OrdersTable (write)"]. */
  readonly path?: readonly string[];
  /** For half-open: the question that a person has to answer. */
  readonly question?: string;
  /** Replaces the rule's snippet where the case knows a better one; in the format of the project. */
  readonly fix?: string;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
  /** Other places for which it speaks as well, as "and 3 more routes" says: whoever decides about it in the file decides about all of them. */
  readonly together?: readonly Span[];
  /** Orders findings of one severity, higher first; default 0. */
  readonly rank?: number;
}

/** Why a finding does not count: somebody decided so in the file, or it stands in the baseline. */
export interface Suppressed {
  readonly reason: string;
  /** `public` and `allow` are decisions in the file; `baseline` is a finding that was there before. */
  readonly by: 'public' | 'allow' | 'baseline';
  /** Last day on which the decision holds, `2027-01-31`; absent when it has no end. */
  readonly until?: string;
  /** Where the decision is written; absent for a baseline. */
  readonly location?: Location;
}

/** A finding as reports see it: plain data. */
export interface Finding {
  readonly rule: string;
  readonly step: StepId;
  readonly severity: Severity;
  readonly state: GateState;
  readonly message: string;
  readonly location: Location;
  readonly route?: string | undefined;
  readonly path?: readonly string[] | undefined;
  readonly question?: string | undefined;
  readonly fix?: string | undefined;
  readonly related?: readonly { readonly message: string; readonly location: Location }[] | undefined;
  readonly rank: number;
  /** 32 lower-case hex digits; the same as long as rule, file and subject are. */
  readonly fingerprint: string;
  readonly suppressed?: Suppressed | undefined;
}
