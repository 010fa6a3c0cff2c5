export interface Verdict {
  /** What it is, for people, without any part of the value: `Stripe secret key`, `password`. */
  readonly what: string;
  /**
   * `certain`: its form or place leaves nothing else. `likely`: name and form fit. `weak`: a guessable or ordinary word that
   * works as a secret where it is deployed.
   */
  readonly confidence: 'certain' | 'likely' | 'weak';
  /** What gave it away: its form, the name it stands under, its place in an address or a text, its randomness. */
  readonly evidence: 'pattern' | 'name' | 'address' | 'text' | 'entropy';
}

/** Where the value stands, as far as it changes the judgement. */
export interface JudgeContext {
  /**
   * True where something is created with exactly this value (a resource's property, the default of a parameter): ordinary words
   * are then working passwords. Elsewhere they are taken for stand-ins of local runs.
   */
  readonly deployed?: boolean;
  /** True below `environment`: unnamed values that are certainly machine-made count too. */
  readonly environment?: boolean;
}
