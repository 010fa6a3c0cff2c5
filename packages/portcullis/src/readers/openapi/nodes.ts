import { type Entry, get, type MapNode, type Node, type ScalarNode, type Span } from '../../project/index.ts';

// Taking OpenAPI documents apart and putting CloudFormation properties together. All nodes are evaluated: `Fn::If` is an `either`.

export const scalar = (value: string | boolean, span: Span): ScalarNode => ({ kind: 'scalar', value, span });

/** Absent, or the null that an emptied key leaves. */
export const isNothing = (node: Node | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && node.value === null);

/** A map of the fields that are there, each with the place of its value. */
export function mapOf(span: Span, fields: Readonly<Record<string, Node | undefined>>): MapNode {
  const entries: Entry[] = [];
  for (const [key, value] of Object.entries(fields)) if (value) entries.push({ key, keySpan: value.span, value });
  return { kind: 'map', entries, span };
}

/**
 * The value of a key below a node that may depend on conditions: one value per branch, null where a branch lacks the key. What the
 * files do not decide has undecided values below it.
 */
export function pluck(node: Node | undefined, key: string): Node | undefined {
  if (node?.kind === 'unknown') return node;
  if (node?.kind !== 'either') return get(node, key);
  const branches = node.branches.map((branch) => pluck(branch, key));
  if (branches.every((branch) => branch === undefined)) return undefined;
  return {
    ...node,
    branches: branches.map((branch, index) => branch ?? nothing(node.branches[index]?.span ?? node.span)),
  };
}

const nothing = (span: Span): ScalarNode => ({ kind: 'scalar', value: null, span });

/** The node with every alternative changed; alternatives without a value stay as they are. */
export function eachBranch(node: Node, change: (node: Node) => Node): Node {
  if (node.kind === 'either') return { ...node, branches: node.branches.map((branch) => eachBranch(branch, change)) };
  return isNothing(node) || node.kind === 'unknown' ? node : change(node);
}

/** What decides whether something exists, when it stands in one branch of a condition: its name, or `not` and its name. */
export function conditionOfBranch(condition: string, index: number, outer: string | undefined): string {
  const own = index === 0 ? condition : `not ${condition}`;
  return outer === undefined || outer === own ? own : `${outer} and ${own}`;
}
