import type { Approval } from '../project/index.ts';

/** What a run knows of decisions in the files. Plain data, which goes to other threads. */
export interface Deciding {
  /** Today, UTC, `2026-11-22`: a decision holds until the end of its last day. */
  readonly today: string;
  /** With `--strict-suppressions`: only what stands here counts. Undefined: every decision counts. */
  readonly approvals?: readonly Approval[];
}
