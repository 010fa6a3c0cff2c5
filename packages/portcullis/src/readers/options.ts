import type { Disk, Environment, InputError, Project, SourceFile } from '../project/index.ts';

/** What a run decides for all projects. */
export interface ReadOptions {
  /** `--stage`; undefined means the project's own default. */
  readonly stage: string | undefined;
  /** `--param key=value`. */
  readonly params: Readonly<Record<string, string>>;
}

export interface ReadContext {
  readonly options: ReadOptions;
  readonly disk: Disk;
  readonly environment: Environment;
  /** Absolute path of the folder that no `${file(...)}` or nested template may leave. */
  readonly boundary: string;
  /** Reads a text file once per run: checks size, encoding, binary content; throws InputError. `from` is the place that asks. */
  open(absolutePath: string, from?: import('../project/index.ts').Span): SourceFile;
}

/** A project that was read, with what was wrong on the way. `project` is absent when nothing could be made of the file. */
export interface ReadResult {
  readonly project: Project | undefined;
  readonly errors: readonly InputError[];
}
