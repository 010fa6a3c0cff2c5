import type { ProgramEnd, ProgramTask } from '../project/index.ts';

/** What the runner writes to the standard input of the supervisor, as one JSON document. */
export interface Order {
  readonly task: ProgramTask;
  /** Absolute path of the bundle that loads the program. */
  readonly program: string;
  /** Flags of Node.js that fence the program in. */
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

/** What the supervisor writes to its standard output: how it ended, with the last lines that the program printed. */
export interface Outcome {
  readonly end: ProgramEnd;
}

/** What the program asks of the supervisor while it runs, a line each. The answers come in the same order. */
export type Question =
  | { readonly ask: 'transform'; readonly path: string }
  | { readonly ask: 'resolve'; readonly specifier: string; readonly from: string; readonly kind: 'require' | 'import' };

/** What the program says last, a line as well. */
export interface Verdict {
  readonly verdict: ProgramEnd;
}

export interface TransformAnswer {
  readonly code?: string;
  /** Why it is no program: a sentence, with the place counted from 1. */
  readonly error?: { readonly text: string; readonly line: number; readonly column: number };
}

export interface ResolveAnswer {
  readonly path?: string;
}
