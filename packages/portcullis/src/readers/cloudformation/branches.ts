import type { EitherNode, Node, Span } from '../../project/index.ts';

/** More combinations than this are not spelled out: the value becomes unknown. */
export const maximumBranches = 32;

/** The node under the assumption that `condition` takes branch `index`; anything that does not depend on it stays as it is. */
export function pick(node: Node, condition: string, index: number): Node {
  let current = node;
  while (current.kind === 'either' && current.condition === condition) {
    const branch: Node | undefined = current.branches[index];
    if (!branch) return current;
    current = branch;
  }
  return current;
}

export function firstEither(nodes: readonly (Node | undefined)[]): EitherNode | undefined {
  for (const node of nodes) if (node?.kind === 'either') return node;
  return undefined;
}

/**
 * Makes one value of several, of which some depend on undecided conditions: one result per combination. Nodes that depend on the
 * same condition take the same branch, as they will when it is deployed.
 */
export function perBranch(
  nodes: readonly Node[],
  span: Span,
  make: (nodes: readonly Node[]) => Node,
  budget = maximumBranches,
): Node {
  const either = firstEither(nodes);
  if (!either) return make(nodes);
  const left = Math.floor(budget / either.branches.length);
  if (left < 1) return { kind: 'unknown', source: 'intrinsic', reason: 'depends on too many conditions', span };
  return {
    kind: 'either',
    condition: either.condition,
    branches: either.branches.map((_, index) =>
      perBranch(
        nodes.map((node) => pick(node, either.condition, index)),
        span,
        make,
        left,
      ),
    ),
    span,
  };
}
