import type { ProgramRunner } from './programs.ts';

/** What readers may ask of the outside world. All paths are absolute; all calls may be made many times for one path. */
export interface Disk {
  /** File contents as bytes; throws an error with a `code` such as ENOENT when it cannot. */
  read(path: string): Uint8Array;
  /** 'file', 'directory', or undefined when there is nothing (or a broken link). */
  kind(path: string): 'file' | 'directory' | undefined;
  /** Names in a directory, sorted, links not followed (a link is not listed as a directory). */
  list(path: string): readonly { readonly name: string; readonly kind: 'file' | 'directory' | 'other' }[];
  size(path: string): number;
  /** When it was last changed, in milliseconds since 1970; undefined where nobody can say. */
  modified?(path: string): number | undefined;
  /** The path with every symbolic link resolved; the path itself when it does not exist. */
  real(path: string): string;
}

export interface Environment {
  /** Variables of the process that runs Portcullis, for `${env:NAME}`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Working directory; absolute. */
  readonly directory: string;
  /** Runs programs of the project; absent when they may not be run, which is so unless somebody asked for it. */
  readonly programs?: ProgramRunner | undefined;
}
