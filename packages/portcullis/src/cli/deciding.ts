import { resolve } from 'node:path';
import type { Deciding } from '../contract/index.ts';
import { type Approval, InputError, SourceFile } from '../project/index.ts';
import { readApprovals, shownPath } from '../readers/index.ts';
import { rootOf } from './base.ts';
import type { Io } from './io.ts';

/** Where approvals are looked for when `--approvers` names no file; from the root of the repository. */
const usualApprovers = '.portcullis/approvers.yml';

/** Today, UTC, `2026-11-22`. */
function todayOf({ clock }: Pick<Io, 'clock'>): string {
  return new Date(clock()).toISOString().slice(0, 10);
}

/** @param approvals with `--strict-suppressions`; undefined: every decision counts */
export function decidingOf(io: Pick<Io, 'clock'>, approvals: readonly Approval[] | undefined): Deciding {
  return { today: todayOf(io), ...(approvals ? { approvals } : {}) };
}

/**
 * The approvals that `--strict-suppressions` asks for. Without a file there are none. Throws InputError when the file that is named does not exist
 * or is not in order.
 * @param named `--approvers`
 */
export function loadApprovals(named: string | undefined, io: Io): readonly Approval[] {
  const path = named === undefined ? resolve(rootOf(io), usualApprovers) : resolve(io.environment.directory, named);
  const shown = shownPath(path, io.environment.directory);
  if (io.disk.kind(path) !== 'file') {
    if (named === undefined) return [];
    throw new InputError({
      code: 'FILE_MISSING',
      found: `there is no file ${named}`,
      expected: 'an approver file',
      file: named,
      next: 'Give --approvers the name of the file; without the option it is .portcullis/approvers.yml in the root of the repository.',
    });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(io.disk.read(path));
  } catch {
    throw new InputError({
      code: 'FILE_UNREADABLE',
      found: `the approver file ${shown} cannot be read as UTF-8 text`,
      file: shown,
      next: 'Check the file and its permissions.',
    });
  }
  return readApprovals(new SourceFile(shown, text));
}
