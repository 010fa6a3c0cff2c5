import type { Report, Rule, Severity, Step } from '../contract/index.ts';
import type { SourceFile } from '../project/index.ts';
import type { Screen } from './colour.ts';
import type { Redactor } from './redact.ts';

/** What reports need to know of a rule. */
export type RuleInfo = Omit<Rule, 'check'>;
type StepInfo = Pick<Step, 'id' | 'title' | 'question'>;

export interface RenderOptions {
  readonly screen: Screen;
  readonly redactor: Redactor;
  /** The text of a file that a location names; undefined when it is not at hand, then the report shows no frame. */
  readonly source: (file: string) => SourceFile | undefined;
  /** The rules that were applied. */
  readonly rules: readonly RuleInfo[];
  /** The steps that were asked, in their order. */
  readonly steps: readonly StepInfo[];
  /** Version of Portcullis. */
  readonly version: string;
  readonly failOn: Severity | 'never';
  /** Programs of the projects that were run, in the order in which they were. */
  readonly executed?: readonly string[];
  /** Folder in which Portcullis ran, from the root of the repository, with `/`: `` or `services/orders`. Code hosts name files from the root. */
  readonly base: string;
  /** When the run began and ended, UTC, `2026-11-22T09:30:00Z`. */
  readonly times: { readonly began: string; readonly ended: string };
}

/** One format: a report that has gone through `redact` in, pieces of a text that ends with a line break out. */
export type Render = (report: Report, options: RenderOptions) => Iterable<string>;
