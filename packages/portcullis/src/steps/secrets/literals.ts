import type { Project, Span } from '../../project/index.ts';
import { judge, type Verdict } from './detector/index.ts';
import { isDeployed, isEnvironment, namedPath } from './facts.ts';
import { isWrittenOut, type Place, placesOf, writtenText } from './places.ts';

/** A secret that is written out, at the one place where it is written. */
export interface Literal {
  readonly verdict: Verdict;
  /** The place that says most about it: where it is used under the most telling name. */
  readonly place: Place;
  /** Where the text of the value stands. */
  readonly span: Span;
  /** Every place that takes the value, the definition included. */
  readonly uses: readonly Place[];
}

/** A value that may be a secret, judged as strictly as any place could make it. */
export interface Suspect {
  readonly place: Place;
  readonly text: string;
  readonly verdict: Verdict;
}

const suspects = new WeakMap<Project, readonly Suspect[]>();
const literals = new WeakMap<Project, readonly Literal[]>();

export function suspectsOf(project: Project): readonly Suspect[] {
  const known = suspects.get(project);
  if (known) return known;
  const found: Suspect[] = [];
  for (const place of placesOf(project)) {
    const { node } = place;
    const text = writtenText(node);
    if (text === undefined || text.length < 3) continue;
    const verdict = judge(namedPath(place), text, { deployed: true, environment: true });
    if (verdict && (node.kind !== 'scalar' || isWrittenOut(node))) found.push({ place, text, verdict });
  }
  suspects.set(project, found);
  return found;
}

const strength = { certain: 3, likely: 2, weak: 1 } as const;

/** Every secret written out in the configuration, once each, in the order of their places. */
export function literalsOf(project: Project): readonly Literal[] {
  const known = literals.get(project);
  if (known) return known;
  const found = new Map<string, Omit<Literal, 'uses'>>();
  for (const { place, text } of suspectsOf(project)) {
    const verdict = judge(namedPath(place), text, { deployed: isDeployed(place), environment: isEnvironment(place) });
    if (!verdict) continue;
    const key = keyOf(place.node.span);
    const before = found.get(key);
    if (!before || strength[verdict.confidence] > strength[before.verdict.confidence]) {
      found.set(key, { verdict, place, span: place.node.span });
    }
  }
  const uses = found.size > 0 ? usesOf(project, found) : new Map<string, Place[]>();
  const result = [...found].map(([key, literal]) => ({ ...literal, uses: uses.get(key) ?? [literal.place] }));
  literals.set(project, result);
  return result;
}

function usesOf(project: Project, found: ReadonlyMap<string, unknown>): ReadonlyMap<string, Place[]> {
  const uses = new Map<string, Place[]>();
  for (const place of placesOf(project)) {
    const key = keyOf(place.node.span);
    if (!found.has(key)) continue;
    const others = uses.get(key);
    if (others) others.push(place);
    else uses.set(key, [place]);
  }
  return uses;
}

export function keyOf(span: Span): string {
  return `${span.file.path}:${span.start}:${span.end}`;
}
