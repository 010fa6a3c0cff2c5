import type { Span } from '../source.ts';

/** What somebody decided in a file of the project: a route is public on purpose, or a rule is allowed to speak in vain. */
export interface Decision {
  readonly kind: 'public' | 'allow';
  /** `allow` only: ids of rules, or their last parts, as written. */
  readonly rules: readonly string[];
  readonly reason: string;
  /** Last day on which it holds, UTC, `2027-01-31`; undefined when it has no end. */
  readonly until: string | undefined;
  /** Where it is written. */
  readonly span: Span;
  /** The node that it is about: what begins there is covered. */
  readonly covers: Span;
  /** Set when only this route of what it covers is meant: `GET /health`. */
  readonly route: string | undefined;
  /** Keys that lead to what it covers, for people: `functions.health`; empty for the whole file. */
  readonly place: string;
}

/** Words that were meant as a decision and are none. They change nothing. */
export interface RefusedDecision {
  /** Where it is written. */
  readonly span: Span;
  readonly kind: 'public' | 'allow' | 'unknown';
  /** Rules that it names, as written. */
  readonly rules: readonly string[];
  /** What is wrong, as a sentence without a full stop. */
  readonly problem: string;
  /** How to write it, as a sentence without a full stop. */
  readonly instead: string;
}

export interface Decisions {
  readonly made: readonly Decision[];
  readonly refused: readonly RefusedDecision[];
}

/** One entry of the approver file: a person who is named there agrees with a decision. Plain data, which goes to other threads. */
export interface Approval {
  /** Id of the rule, or its last part, as written; `public` for a route that is public. */
  readonly rule: string;
  /** `GET /health`, or the id of a route. */
  readonly route: string | undefined;
  /** What a finding is about, as its fingerprint is made of it. */
  readonly subject: string | undefined;
  readonly fingerprint: string | undefined;
  /** Path of the project's file from the root of the repository; undefined: in every project. */
  readonly file: string | undefined;
  readonly by: string;
  readonly until: string | undefined;
  readonly place: { readonly file: string; readonly line: number; readonly column: number; readonly endColumn: number };
}
