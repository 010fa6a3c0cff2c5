import { LastOnly, type Project, type Span } from '../../project/index.ts';
import { judge, type Verdict } from './detector/index.ts';
import { isDeployed, isEnvironment, namedPath } from './facts.ts';
import { isWrittenOut, type Leaf, type Place, placesOf, writtenText } from './places.ts';

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

const suspects = new LastOnly<Project, readonly Suspect[]>();
const literals = new LastOnly<Project, readonly Literal[]>();

export function suspectsOf(project: Project): readonly Suspect[] {
  const known = suspects.get(project);
  if (known) return known;
  const found: Suspect[] = [];
  for (const place of placesOf(project)) {
    const { node } = place;
    const text = textWithHoles(node);
    if (text === undefined || text.length < 3) continue;
    const verdict = judge(namedPath(place), text, { deployed: true, environment: true });
    // With a parameter or variable put into it the rest of the text is still written out.
    const written = node.kind !== 'scalar' || isWrittenOut(node) || (node.value !== text && /\$\{/.test(text));
    if (verdict && written) found.push({ place, text, verdict });
  }
  suspects.set(project, found);
  return found;
}

/**
 * What a person has written at the place. Values that variables put into a longer text stand at places of their own, and a text that is
 * put together (`${self:service}-api-key`) is a name as a rule.
 */
function textWithHoles(node: Leaf): string | undefined {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || !node.from) return writtenText(node);
  const { file, start, end } = node.span;
  const raw = file.text.slice(start, end);
  return /\$\{[^}]*\}/.test(raw) && !raw.includes(node.value) ? raw.replace(/^(["'])([\s\S]*)\1$/, '$2') : node.value;
}

const strength = { certain: 3, likely: 2, weak: 1 } as const;

/** Every secret written out in the configuration, once each, in the order of their places. */
export function literalsOf(project: Project): readonly Literal[] {
  const known = literals.get(project);
  if (known) return known;
  const found = new Map<string, Omit<Literal, 'uses' | 'span'>>();
  for (const { place, text } of suspectsOf(project)) {
    const verdict = judge(namedPath(place), text, contextOf(place));
    if (!verdict) continue;
    const key = keyOf(place.node.span);
    const before = found.get(key);
    if (!before || strength[verdict.confidence] > strength[before.verdict.confidence])
      found.set(key, { verdict, place });
  }
  const uses = found.size > 0 ? usesOf(project, found) : new Map<string, Place[]>();
  const result = [...found].flatMap(([key, { verdict, place }]) =>
    partsOf(place.node.span, verdict, contextOf(place)).map((part) => ({
      ...part,
      place,
      uses: uses.get(key) ?? [place],
    })),
  );
  literals.set(project, result);
  return result;
}

function contextOf(place: Place) {
  return { deployed: isDeployed(place), environment: isEnvironment(place) };
}

/**
 * The lines of a long text in which the secrets stand, each judged by itself; the whole value when it is one line, a secret as a whole,
 * or when no single line says it.
 */
export function partsOf(
  span: Span,
  verdict: Verdict,
  context: { readonly deployed: boolean },
): readonly Pick<Literal, 'verdict' | 'span'>[] {
  const { file, start, end } = span;
  const raw = file.text.slice(start, end);
  const whole = [{ verdict, span }];
  if (!raw.includes('\n') || verdict.evidence === 'name' || verdict.what.startsWith('private key')) return whole;
  const parts: Pick<Literal, 'verdict' | 'span'>[] = [];
  let from = start;
  for (const line of raw.split('\n')) {
    const text = line.trim();
    const found = text === '' ? undefined : judge([], text, { deployed: context.deployed });
    const at = from + line.length - line.trimStart().length;
    if (found && parts.length < 100) parts.push({ verdict: found, span: { file, start: at, end: at + text.length } });
    from += line.length + 1;
  }
  return parts.length > 0 ? parts : whole;
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
