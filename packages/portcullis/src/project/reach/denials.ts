import { always } from '../fact.ts';
import type { PolicyStatement } from '../model.ts';
import { matches } from './glob.ts';
import { decidedTexts } from './grants.ts';
import { patternsOf } from './pattern.ts';

/** Comparing costs denials times actions times resources; beyond this many comparisons denials are left out, and that is said. */
const maxComparisons = 2_000_000;

/** What the Deny statements of a role take away for certain. */
export class Denials {
  readonly #all: readonly Denial[];
  readonly #cost: number;
  #comparisons = 0;

  constructor(statements: readonly PolicyStatement[]) {
    this.#all = statements.flatMap((statement) => denied(statement) ?? []);
    this.#cost = this.#all.reduce((sum, denial) => sum + denial.resources.length + denial.patterns.length, 0);
  }

  /** True when nothing is denied, or there is so much of it that it is not looked at any more. */
  get idle(): boolean {
    return this.#all.length === 0 || this.exhausted;
  }

  get exhausted(): boolean {
    return this.#comparisons > maxComparisons;
  }

  /** The actions that are left on a resource; `texts` are the ways to write it. */
  left(service: string, actions: ReadonlySet<string>, texts: readonly string[]): Iterable<string> {
    if (this.idle) return actions;
    this.#comparisons += this.#cost * (actions.size + texts.length);
    const effective = this.#all.filter((denial) => texts.some((text) => covers(denial, text)));
    if (effective.length === 0) return actions;
    return [...actions].filter((action) => !effective.some((denial) => includes(denial, `${service}:${action}`)));
  }
}

interface Denial {
  readonly resources: readonly string[];
  readonly patterns: readonly string[];
  /** The patterns are those that stay allowed (NotAction). */
  readonly spares: boolean;
}

/** Undefined when it is no Deny, or one that may not apply: conditions, undecided elements, NotResource. */
function denied(statement: PolicyStatement): Denial | undefined {
  if (!always(statement.effect, (effect) => effect === 'Deny')) return undefined;
  if (statement.conditions.length > 0 || statement.notResources.length > 0) return undefined;
  const spares = statement.notActions.length > 0;
  if (spares && statement.notActions.some((action) => action.kind !== 'known')) return undefined;
  return {
    resources: statement.resources.flatMap((node) => patternsOf(node).map((pattern) => pattern.exact)),
    patterns: decidedTexts(
      spares ? statement.notActions : statement.actions.filter((action) => action.kind === 'known'),
    ).map((text) => text.toLowerCase()),
    spares,
  };
}

/** A resource with wildcards is covered only by a pattern that is at least as wide. */
function covers({ resources }: Denial, text: string): boolean {
  return resources.some((pattern) => pattern === text || (!pattern.includes('?') && matches(pattern, text)));
}

function includes({ patterns, spares }: Denial, action: string): boolean {
  return patterns.some((pattern) => matches(pattern, action)) !== spares;
}
