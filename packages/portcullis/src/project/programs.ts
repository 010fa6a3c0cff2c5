/**
 * Runs a program of the project (serverless.ts, a `${file(x.js)}`) in a process of its own. Only there with `--exec`.
 */
export interface ProgramRunner {
  /** Waits until it has ended, at most for the time limit. Never throws for what the program does. */
  run(task: ProgramTask): ProgramEnd;
}

export interface ProgramTask {
  /** `service`: the default export is the configuration. `file`: what `${file(path):address}` stands for. */
  readonly kind: 'service' | 'file';
  /** Absolute. */
  readonly path: string;
  /** Folder of the service, in which the framework would run; absolute. */
  readonly directory: string;
  /** Address inside the file, split at its dots. */
  readonly keys: readonly string[];
  /** What functions are given, as JSON values. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Answers to `resolveVariable(address)` by address. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Answers to `resolveConfigurationProperty(keys)` by the keys joined with dots. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The service as written, for functions of v1 and v2, which are given the framework. */
  readonly service: unknown;
}

export type ProgramEnd = ProgramResult | ProgramQuestion | ProgramFailure;

export interface ProgramResult {
  readonly end: 'result';
  /** The value as JSON; undefined when it is null or nothing. */
  readonly value: string | undefined;
  /** Of a file: all that it exports, as JSON, so that other addresses need no run of their own. */
  readonly whole?: string | undefined;
  /** What `require` and `import` of the project's own files led to: importing file, specifier, file. */
  readonly resolved: readonly (readonly [string, string, string])[];
  /** Environment variables that were passed to the program or that it set itself. */
  readonly environment: Readonly<Record<string, string>>;
  /** Environment variables that it asked for and that do not exist there. */
  readonly missing: readonly string[];
}

/** A function asks for values of the service that it was not given. */
export interface ProgramQuestion {
  readonly end: 'question';
  readonly variables: readonly string[];
  readonly properties: readonly string[];
}

export interface ProgramFailure {
  readonly end: 'failure';
  readonly why:
    | 'threw'
    | 'syntax'
    | 'exited'
    | 'pending'
    | 'timeout'
    | 'output'
    | 'crashed'
    | 'denied'
    | 'not-data'
    | 'not-started';
  /** What happened, as a sentence without its full stop, and without secrets. */
  readonly message: string;
  /** Places that led to it, the innermost first: absolute path, line and column from 1. */
  readonly places: readonly { readonly path: string; readonly line: number; readonly column: number }[];
  /** The last lines that the program printed, without secrets. */
  readonly output: readonly string[];
  readonly missing: readonly string[];
}
