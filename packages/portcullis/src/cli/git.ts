import { spawnSync } from 'node:child_process';

/** One call of git. `status` is null when it could not be started or was ended. */
export interface GitResult {
  readonly status: number | null;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  /** `ENOENT` when there is no git on this machine. */
  readonly problem?: string | undefined;
}

export type Git = (args: readonly string[], directory: string, input?: string) => GitResult;

/** More than this in one answer is no repository of a service. */
const MOST_BYTES = 512 * 1024 * 1024;

/**
 * Runs git so that it only reads: no hooks or monitors of the repository, no locks, no objects fetched from a remote, no replacements, and no
 * question to anybody.
 */
export const git: Git = (args, directory, input) => {
  const { status, stdout, stderr, error } = spawnSync(
    'git',
    ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-replace-objects', ...args],
    {
      cwd: directory,
      maxBuffer: MOST_BYTES,
      windowsHide: true,
      ...(input === undefined ? {} : { input }),
      env: {
        ...process.env,
        GIT_OPTIONAL_LOCKS: '0',
        GIT_NO_LAZY_FETCH: '1',
        GIT_TERMINAL_PROMPT: '0',
        LC_ALL: 'C',
      },
    },
  );
  const problem = error && 'code' in error ? String(error.code) : undefined;
  return { status, stdout: stdout ?? new Uint8Array(), stderr: stderr?.toString() ?? '', problem };
};
