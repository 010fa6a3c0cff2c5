import { type Link, type Node, outcomes, possibilities, type Span } from '../../../project/index.ts';
import { linkFact, textFact } from './facts.ts';

/** A property that is written and not null (null is what an emptied property of a serverless.yml looks like). */
export function present(node: Node | undefined): Node | undefined {
  return node && !(node.kind === 'scalar' && node.value === null) ? node : undefined;
}

/**
 * The items of a list, or a single value in its place; of `Fn::If` the items of every branch. Lists inside the list, as
 * variables leave them, are opened one level. Nulls are left out.
 */
export function flatten(node: Node | undefined): readonly Exclude<Node, { kind: 'either' }>[] {
  const found: Exclude<Node, { kind: 'either' }>[] = [];
  const add = (value: Node, depth: number): void => {
    for (const one of possibilities(value)) {
      if (one.kind === 'list' && depth < 2) for (const item of one.items) add(item, depth + 1);
      else if (present(one)) found.push(one);
    }
  };
  if (node) add(node, 0);
  return found;
}

/** The first decided text that the node may take. */
export function someText(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  for (const outcome of outcomes(textFact(node))) if (outcome.kind === 'known') return outcome.value;
  return undefined;
}

/** Every resource that the node may name. */
export function links(node: Node | undefined): readonly Link[] {
  return flatten(node).flatMap((value) =>
    outcomes(linkFact(value)).flatMap((outcome) => (outcome.kind === 'known' ? [outcome.value] : [])),
  );
}

/** From the start of the one to the end of the other, when both lie in one file in that order; else the first. */
export function spanning(first: Span, last: Span): Span {
  return first.file === last.file && last.end >= first.start
    ? { file: first.file, start: first.start, end: last.end }
    : first;
}
