import type { Format, Location, Project, Span } from '../project/index.ts';
import type { GateState, Severity, Suppressed } from './finding.ts';

/** What a rule keeps of one project in order to compare it with the others of the run. Holds spans, so it lives as long as the project. */
export interface Mention {
  readonly span: Span;
  /** As in an observation: part of the fingerprint. */
  readonly subject: string;
  /** Short texts without secrets: thousands of projects are held at a time. */
  readonly facts: Readonly<Record<string, string>>;
}

/** A mention as plain data, which may have been made in another thread. */
export interface Mentioned {
  readonly rule: string;
  /** File of the project. */
  readonly file: string;
  /** The same from the root of the repository. */
  readonly home: string;
  readonly format: Format;
  readonly location: Location;
  readonly subject: string;
  readonly facts: Readonly<Record<string, string>>;
  /** Somebody decided in the file that the rule may speak of it in vain. */
  readonly suppressed?: Suppressed;
}

/** What is wrong with one project beside the others. */
export interface Difference {
  readonly about: Mentioned;
  readonly message: string;
  /** Overrides the rule's severity for this case. */
  readonly severity?: Severity;
  /** As in an observation. The gates of the project are reported without it: a difference is no door by itself. */
  readonly state?: GateState;
  readonly related?: readonly { readonly message: string; readonly about: Mentioned }[];
}

/** The part of a rule that sees all projects of a run at once. */
export interface Across {
  /** Undefined when the project has nothing to compare. */
  mention(project: Project): Mention | undefined;
  /** Called once, when every project has been seen. The order of the mentions is that of the run. */
  compare(mentioned: readonly Mentioned[]): Iterable<Difference>;
}
