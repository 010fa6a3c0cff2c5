import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';
import type { Batch, Surveyed } from './batch.ts';
import type { Io } from './io.ts';
import { surveyBatch } from './survey.ts';

/** More threads than this make the main thread, which merges, the narrow place. */
const MOST_THREADS = 3;
/** Batches that a thread has at a time, so that it never waits for the main thread to finish one of its own. */
const IN_HAND = 2;

/**
 * Surveys batches in this thread and in others beside it, and returns the results in the order of the batches. What a thread that dies
 * had in hand is surveyed here.
 * @param entry file that starts `work` in a thread
 */
export async function surveyInThreads(
  entry: string,
  batches: readonly Batch[],
  here: (batch: Batch) => readonly Surveyed[],
  onDone: (batch: Batch) => void,
): Promise<readonly (readonly Surveyed[])[]> {
  const results: (readonly Surveyed[])[] = [];
  let next = 0;
  const take = () => (next < batches.length ? next++ : undefined);
  const finish = (index: number, surveyed: readonly Surveyed[]) => {
    results[index] = surveyed;
    const batch = batches[index];
    if (batch) onDone(batch);
  };
  const employ = () =>
    new Promise<void>((resolve) => {
      const worker = new Worker(entry);
      const inHand: number[] = [];
      const give = () => {
        const index = take();
        if (index === undefined) return;
        inHand.push(index);
        worker.postMessage(batches[index]);
      };
      worker.on('message', (surveyed: readonly Surveyed[]) => {
        const index = inHand.shift();
        if (index !== undefined) finish(index, surveyed);
        give();
        if (inHand.length === 0) void worker.terminate().then(() => resolve());
      });
      worker.on('error', () => resolve());
      for (let count = 0; count < IN_HAND; count += 1) give();
      if (inHand.length === 0) void worker.terminate().then(() => resolve());
    });
  const threads = Math.min(MOST_THREADS, availableParallelism() - 1, batches.length - 1);
  const employed = Array.from({ length: Math.max(0, threads) }, employ);
  for (let index = take(); index !== undefined; index = take()) {
    const batch = batches[index];
    if (batch) finish(index, here(batch));
    // Messages of the others are heard between two batches.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(employed);
  return batches.map((batch, index) => results[index] ?? here(batch));
}

/** The other side: answers batches in their order until the thread is ended. */
export function work(io: Io): void {
  parentPort?.on('message', (batch: Batch) => parentPort?.postMessage(surveyBatch(batch, io)));
}
