import type { RunnerSettings } from '../exec/index.ts';
import type { Disk, Environment, ProgramRunner } from '../project/index.ts';
import type { Batch, Surveyed } from './batch.ts';
import type { Git } from './git.ts';

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width in columns; undefined when it is not a terminal. */
  readonly columns: number | undefined;
}

/** Everything that a command may touch. `main.ts` makes it from the process; tests make their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Environment;
  readonly platform: string;
  readonly disk: Disk;
  /** Writes the whole file or leaves what was there; throws an error with a `code` such as EACCES. Path absolute. */
  writeFile(path: string, pieces: Iterable<string>): void;
  /** Surveys batches side by side, results in the order of the batches; absent where there are no threads. */
  readonly crew?: (
    batches: readonly Batch[],
    rescue: (batch: Batch) => readonly Surveyed[],
    onDone: (batch: Batch) => void,
  ) => Promise<readonly (readonly Surveyed[])[]>;
  /** Makes what runs programs of a project; absent where Portcullis is not built. */
  readonly programs?: (settings: Omit<RunnerSettings, 'folder'>) => ProgramRunner;
  /** Reads the repository for `--since`. */
  readonly git: Git;
  /** Milliseconds from an arbitrary start, never going back. */
  now(): number;
  /** Time of day in milliseconds since 1970, UTC. */
  clock(): number;
}
