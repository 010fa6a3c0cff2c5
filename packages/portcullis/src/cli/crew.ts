import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import type { Batch, Surveyed } from './batch.ts';
import type { Io } from './io.ts';
import { surveyBatch } from './survey.ts';

/** More threads than this make the main thread, which merges, the narrow place. */
const MOST_THREADS = 4;

/**
 * Surveys batches in threads, one batch per thread at a time, and returns the results in the order of the batches. A batch whose
 * thread dies is surveyed by `rescue` in this one.
 * @param entry file that starts `work` in a thread
 */
export function surveyInThreads(
  entry: string,
  batches: readonly Batch[],
  rescue: (batch: Batch) => readonly Surveyed[],
  onDone: (batch: Batch) => void,
): Promise<readonly (readonly Surveyed[])[]> {
  const results: (readonly Surveyed[])[] = [];
  let next = 0;
  const employ = () =>
    new Promise<void>((resolve) => {
      let current: number | undefined;
      const worker = new Worker(entry);
      const finish = (index: number, surveyed: readonly Surveyed[]) => {
        results[index] = surveyed;
        const batch = batches[index];
        if (batch) onDone(batch);
      };
      const give = () => {
        const batch = batches[next];
        current = batch && next;
        next += 1;
        if (batch) worker.postMessage(batch);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('message', (surveyed: readonly Surveyed[]) => {
        if (current !== undefined) finish(current, surveyed);
        give();
      });
      worker.on('error', () => {
        const batch = current === undefined ? undefined : batches[current];
        if (batch && current !== undefined) finish(current, rescue(batch));
        resolve();
      });
      give();
    });
  const threads = Math.min(MOST_THREADS, availableParallelism(), batches.length);
  return Promise.all(Array.from({ length: threads }, employ)).then(() =>
    // Every thread may have died before the last batch was given out.
    batches.map((batch, index) => results[index] ?? rescue(batch)),
  );
}

/** The other side: answers batches until the thread is ended. */
export function work(io: Io): void {
  parentPort?.on('message', (batch: Batch) => parentPort?.postMessage(surveyBatch(batch, io)));
}
