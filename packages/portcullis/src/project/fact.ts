import type { Span } from './source.ts';

/**
 * A decided value, a value that the files do not decide, or one of several depending on a deployment condition.
 * Rules must treat `unknown` as "cannot decide": never as a pass and never as a guess.
 */
export type Fact<T> = Known<T> | Unknown | Either<T>;

export interface Known<T> {
  readonly kind: 'known';
  readonly value: T;
  readonly span?: Span | undefined;
}

export interface Unknown {
  readonly kind: 'unknown';
  readonly reason: string;
  readonly span?: Span | undefined;
}

export interface Either<T> {
  readonly kind: 'either';
  /** Name of the CloudFormation condition. */
  readonly condition: string;
  readonly options: readonly Fact<T>[];
}

export function known<T>(value: T, span?: Span): Known<T> {
  return { kind: 'known', value, span };
}

export function unknown(reason: string, span?: Span): Unknown {
  return { kind: 'unknown', reason, span };
}

/** All decided or undecided values that the fact may take. Never empty. */
export function outcomes<T>(fact: Fact<T>): readonly (Known<T> | Unknown)[] {
  return fact.kind === 'either' ? fact.options.flatMap(outcomes) : [fact];
}

/** The value when it is decided whatever the conditions are; undefined otherwise. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.kind === 'known' ? fact.value : undefined;
}

/** True only when every outcome is decided and satisfies the test. */
export function always<T>(fact: Fact<T>, test: (value: T) => boolean): boolean {
  return outcomes(fact).every((outcome) => outcome.kind === 'known' && test(outcome.value));
}

/** True when at least one decided outcome satisfies the test. */
export function sometimes<T>(fact: Fact<T>, test: (value: T) => boolean): boolean {
  return outcomes(fact).some((outcome) => outcome.kind === 'known' && test(outcome.value));
}

/** The undecided outcomes. */
export function undecided<T>(fact: Fact<T>): readonly Unknown[] {
  return outcomes(fact).filter((outcome) => outcome.kind === 'unknown');
}

export function mapFact<T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> {
  if (fact.kind === 'known') return known(change(fact.value), fact.span);
  if (fact.kind === 'unknown') return fact;
  return { kind: 'either', condition: fact.condition, options: fact.options.map((option) => mapFact(option, change)) };
}
