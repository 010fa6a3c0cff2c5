/** A value, or a function that fetches it (from Secrets Manager, Parameter Store). The function is called seldom; see `loaded`. */
export type Source<T> = T | (() => T | Promise<T>);

/** Durations in milliseconds: a secret is fetched anew after five minutes; while that fails, the old one serves for an hour. */
const lifetimeMs = 300_000;
const staleMs = 3_600_000;
const coolDownMs = 1_000;

/**
 * Loads, prepares and keeps a secret. The returned function gives the prepared value, or undefined where it cannot be had: `source` throws
 * or `prepare` finds the value unusable and throws. Nothing of the error leaves here, as it may quote the secret.
 */
export function loaded<T, P>(
  source: Source<T>,
  prepare: (value: T) => P,
  nowMs: () => number,
): () => Promise<P | undefined> {
  const isFetched = (given: Source<T>): given is () => T | Promise<T> => typeof given === 'function';
  if (!isFetched(source)) {
    // What stands in the program is wrong at once, not at the first request.
    const prepared = prepare(source);
    return async () => prepared;
  }
  let current: { readonly value: P; readonly at: number } | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let underWay: Promise<void> | undefined;

  const load = async () => {
    triedAt = nowMs();
    try {
      current = { value: prepare(await source()), at: nowMs() };
    } catch {
      // The old value serves until it is too old.
    }
  };
  return async () => {
    const age = current ? nowMs() - current.at : Number.POSITIVE_INFINITY;
    if ((age >= lifetimeMs || age < 0) && (underWay || Math.abs(nowMs() - triedAt) >= coolDownMs)) {
      underWay ??= load().finally(() => {
        underWay = undefined;
      });
      await underWay;
    }
    return current && nowMs() - current.at < lifetimeMs + staleMs ? current.value : undefined;
  };
}
