import type { Finding, Mentioned, ReportError, Step } from '../contract/index.ts';
import type { Approval } from '../project/index.ts';
import type { Candidate, ReadOptions } from '../readers/index.ts';
import type { Hidden } from '../report/index.ts';

/** What came of one candidate: plain data, which may have been made in another thread. Without secrets, but for `hidden`. */
export interface Surveyed {
  /** The ProjectReport as JSON; undefined when nothing could be made of the file. */
  readonly project: string | undefined;
  readonly findings: readonly Finding[];
  readonly errors: readonly ReportError[];
  readonly hidden: Hidden;
  /** For the rules that compare the projects of a run. */
  readonly mentions: readonly Mentioned[];
  /** Indices of the approvals that were made use of. */
  readonly approved: readonly number[];
}

/** What a thread needs to survey candidates that belong to nobody else. */
export interface Batch {
  readonly candidates: readonly Candidate[];
  readonly options: ReadOptions;
  readonly asked: readonly Step['id'][];
  /** With `--strict-suppressions`. */
  readonly approvals?: readonly Approval[];
}
