import type { Finding, ReportError, Step } from '../contract/index.ts';
import type { Candidate, ReadOptions } from '../readers/index.ts';
import type { Hidden } from '../report/index.ts';

/** What came of one candidate: plain data, which may have been made in another thread. Without secrets, but for `hidden`. */
export interface Surveyed {
  /** The ProjectReport as JSON; undefined when nothing could be made of the file. */
  readonly project: string | undefined;
  readonly findings: readonly Finding[];
  readonly errors: readonly ReportError[];
  readonly hidden: Hidden;
}

/** What a thread needs to survey candidates that belong to nobody else. */
export interface Batch {
  readonly candidates: readonly Candidate[];
  readonly options: ReadOptions;
  readonly asked: readonly Step['id'][];
}
