import type { RefusalCode } from '../authorize/decision.ts';
import type { Algorithm } from './algorithms.ts';
import type { VerificationKey } from './key.ts';
import { type KeySet, readKeySet, selectKey } from './key-set.ts';

/** Where keys come from. */
export interface KeySource {
  find(kid: string | undefined, algorithm: Algorithm): Promise<VerificationKey | RefusalCode>;
}

/** Durations in milliseconds. */
export interface KeyLifetimes {
  /** From this age on the set is fetched anew in the background, while the old one still answers. */
  readonly refreshAfterMs: number;
  /** From this age on a token waits for the new set. */
  readonly lifetimeMs: number;
  /** How long beyond `lifetimeMs` an old set answers while the issuer cannot be reached. */
  readonly staleMs: number;
  /** Between two fetches that were caused by unknown key names, and between two attempts of which the first failed. */
  readonly coolDownMs: number;
}

const soonMs = 1_000;

/** Keys that are part of the configuration. */
export const fixedKeys = (set: KeySet): KeySource => ({
  find: async (kid, algorithm) => selectKey(set, kid, algorithm),
});

/**
 * Keys from `load` (a JSON Web Key Set, or undefined where it failed), kept for their lifetime. At most one fetch is under way.
 *
 * Unknown key names cause at most one fetch per cool-down, so that forged tokens cannot be turned into load on the issuer. That
 * cool-down is counted apart from the others: however many forged tokens come, the set is renewed when its time is due, and a new key
 * is found at the latest one cool-down after it was published.
 */
export function fetchedKeys(load: () => Promise<unknown>, lifetimes: KeyLifetimes, nowMs: () => number): KeySource {
  const { refreshAfterMs, lifetimeMs, staleMs, coolDownMs } = lifetimes;
  let current: { readonly set: KeySet; readonly since: number } | undefined;
  let underWay: Promise<void> | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let unknownAt = Number.NEGATIVE_INFINITY;

  // A clock that was set back makes a set older, never younger.
  const since = (moment: number) => {
    const passed = nowMs() - moment;
    return passed < 0 ? Number.POSITIVE_INFINITY : passed;
  };

  const fetchOnce = async () => {
    const started = nowMs();
    const set = await load().then(readKeySet, () => undefined);
    if (set) current = { set, since: started };
    failedAt = set ? Number.NEGATIVE_INFINITY : nowMs();
  };
  const refresh = () => {
    underWay ??= fetchOnce().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  // Without any set every caller is refused, so the next attempt comes sooner.
  const mayTryAgain = () => since(failedAt) >= (current ? coolDownMs : Math.min(coolDownMs, soonMs));
  const ageOf = () => (current ? since(current.since) : Number.POSITIVE_INFINITY);

  return {
    async find(kid, algorithm) {
      const before = current;
      const age = ageOf();
      if (age >= lifetimeMs) {
        const joined = underWay;
        if (joined || mayTryAgain()) await refresh();
        // One that Lambda had frozen between two requests fails for that reason alone.
        if (joined && ageOf() >= lifetimeMs) await refresh();
      } else if (age >= refreshAfterMs && mayTryAgain()) void refresh();

      if (!current || ageOf() >= lifetimeMs + staleMs) return 'keys_unavailable';
      const key = selectKey(current.set, kid, algorithm);
      // A set that was fetched for this very token is as new as it gets.
      if (key !== 'key_unknown' || kid === undefined || current !== before) return key;
      if (!underWay && since(unknownAt) < coolDownMs) return key;
      if (!underWay) unknownAt = nowMs();
      await refresh();
      return current === before ? key : selectKey(current.set, kid, algorithm);
    },
  };
}
