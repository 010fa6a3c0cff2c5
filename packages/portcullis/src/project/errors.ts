import { type Location, locate, type Span } from './source.ts';

export type InputErrorCode =
  | 'PATH_NOT_FOUND'
  | 'NOTHING_TO_CHECK'
  | 'FILE_UNREADABLE'
  | 'FILE_TOO_LARGE'
  | 'NOT_TEXT'
  | 'SYNTAX'
  | 'TOO_DEEP'
  | 'ALIAS_BOMB'
  | 'WRONG_TYPE'
  | 'CIRCULAR_VARIABLE'
  | 'CIRCULAR_FILE'
  | 'FILE_MISSING'
  | 'OUTSIDE_PROJECT'
  | 'VARIABLE_SYNTAX'
  | 'VARIABLE_UNRESOLVED'
  | 'OPTION_INVALID'
  | 'OUTPUT_UNWRITABLE'
  | 'NEEDS_EXECUTION'
  | 'EXECUTION_FAILED'
  | 'TOO_MANY_NODES'
  | 'NOT_COMPILED'
  | 'REVISION_UNKNOWN'
  | 'RULE_UNKNOWN';

export interface InputErrorDetails {
  readonly code: InputErrorCode;
  /** What is wrong, as a sentence without a final full stop. */
  readonly found: string;
  readonly expected?: string | undefined;
  readonly span?: Span | undefined;
  /** File without a position, when nothing of it could be read. */
  readonly file?: string | undefined;
  /** What to do next, as an imperative sentence. */
  readonly next: string;
}

/** The request or the input is wrong. Reported in one message with its place; never as a stack trace. Exit code 2. */
export class InputError extends Error {
  readonly code: InputErrorCode;
  readonly details: InputErrorDetails;

  constructor(details: InputErrorDetails) {
    super(details.expected ? `${details.found}; expected ${details.expected}` : details.found);
    this.name = 'InputError';
    this.code = details.code;
    this.details = details;
  }

  get location(): Location | undefined {
    return this.details.span ? locate(this.details.span) : undefined;
  }
}
