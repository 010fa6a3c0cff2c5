import { printable } from '../report/index.ts';
import type { Io } from './io.ts';

/** Runs that are done by then show nothing. Milliseconds. */
const PATIENCE = 300;
/** Milliseconds between two pictures. */
const PAUSE = 100;

export interface Progress {
  /** One more project is read. */
  at(name: string): void;
  /** Wipes the line. */
  done(): void;
}

/** A line on the error stream that says how far a long run is; nothing unless a person looks at it. */
export function createProgress({ stderr, now }: Pick<Io, 'stderr' | 'now'>, total: number): Progress {
  if (!stderr.isTerminal) return { at() {}, done() {} };
  const start = now();
  let last = start;
  let number = 0;
  let drawn = false;
  return {
    at(name) {
      number += 1;
      const time = now();
      if (time - start < PATIENCE || (drawn && time - last < PAUSE)) return;
      last = time;
      drawn = true;
      const text = `checking ${number} of ${total}: ${printable(name)}`;
      stderr.write(`\r\x1b[2K${text.slice(0, Math.max(20, (stderr.columns ?? 80) - 1))}`);
    },
    done() {
      if (drawn) stderr.write('\r\x1b[2K');
    },
  };
}
