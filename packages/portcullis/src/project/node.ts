import type { Span } from './source.ts';

/**
 * A configuration value with its place. Documents consist of scalar, map and list; resolving variables and intrinsics adds
 * the other four kinds. A reader that cannot decide a value makes it `unknown`; it never leaves it out.
 */
export type Node = ScalarNode | MapNode | ListNode | ReferenceNode | TextNode | EitherNode | UnknownNode;

export type Scalar = string | number | boolean | null;

/** Where a resolved value came from, when it was not written at its span as a literal. */
export interface Provenance {
  readonly source: ValueSource;
  /** The address inside the source: `/orders/key` of `${ssm:/orders/key}`, `API_KEY` of `${env:API_KEY}`. */
  readonly address: string;
  /** The place of the variable or intrinsic that was replaced. */
  readonly span: Span;
}

export type ValueSource =
  | 'self'
  | 'opt'
  | 'env'
  | 'dotenv'
  | 'file'
  | 'sls'
  | 'param'
  | 'ssm'
  | 's3'
  | 'cf'
  | 'aws'
  | 'vault'
  | 'terraform'
  | 'parameter'
  | 'import'
  | 'dynamic-reference'
  | 'mapping'
  | 'intrinsic'
  | 'transform'
  | 'plugin'
  | 'code'
  | 'other';

interface NodeBase {
  readonly span: Span;
  /** Every source that contributed to the value, outermost first. Absent for plain literals. */
  readonly from?: readonly Provenance[];
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: Scalar;
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

/** Keys are unique; of duplicate keys in a file the last one counts, as in JSON.parse and CloudFormation. */
export interface MapNode extends NodeBase {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
}

export interface ListNode extends NodeBase {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

/** `Ref` (no attribute) or `Fn::GetAtt` of a resource, by logical id; the resource need not exist. */
export interface ReferenceNode extends NodeBase {
  readonly kind: 'reference';
  readonly id: string;
  readonly attribute?: string;
}

/** A string of which some pieces are known only when it is deployed. */
export interface TextNode extends NodeBase {
  readonly kind: 'text';
  readonly parts: readonly (string | ReferenceNode | UnknownNode)[];
}

/** `Fn::If` whose condition is not decided by the files: both branches count. */
export interface EitherNode extends NodeBase {
  readonly kind: 'either';
  readonly condition: string;
  readonly branches: readonly Node[];
}

/** A value that the files do not decide. `reason` is a sentence part for people: "comes from Parameter Store at deploy time". */
export interface UnknownNode extends NodeBase {
  readonly kind: 'unknown';
  /** What the file calls the value, when it has a name: `AWS::Region`, a parameter. Equal names mean equal values. */
  readonly name?: string;
  readonly source: ValueSource;
  readonly reason: string;
}

export function get(node: Node | undefined, key: string): Node | undefined {
  return entry(node, key)?.value;
}

export function entry(node: Node | undefined, key: string): Entry | undefined {
  if (node?.kind !== 'map') return undefined;
  const { entries } = node;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const candidate = entries[index];
    if (candidate?.key === key) return candidate;
  }
  return undefined;
}

/** Follows keys, and list indices written as numbers, from a node; undefined as soon as one is missing. */
export function at(node: Node | undefined, ...path: readonly (string | number)[]): Node | undefined {
  let current = node;
  for (const step of path) {
    current =
      typeof step === 'number' ? (current?.kind === 'list' ? current.items[step] : undefined) : get(current, step);
    if (!current) return undefined;
  }
  return current;
}

export function stringOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The scalar as CloudFormation and the framework read it where a string is expected: numbers and booleans in their text form. */
export function textOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

export function items(node: Node | undefined): readonly Node[] {
  if (!node) return [];
  return node.kind === 'list' ? node.items : [node];
}

export function entries(node: Node | undefined): readonly Entry[] {
  return node?.kind === 'map' ? node.entries : [];
}

/** Every value that a node may take once conditions are decided: itself, or the leaves of nested `either` nodes. */
export function possibilities(node: Node): readonly Exclude<Node, EitherNode>[] {
  return node.kind === 'either' ? node.branches.flatMap(possibilities) : [node];
}

/** Logical ids that the tree refers to (`Ref`, `Fn::GetAtt`, inside `Fn::Sub` too), added to `found`. */
export function references(node: Node | undefined, found: Set<string> = new Set()): ReadonlySet<string> {
  switch (node?.kind) {
    case 'reference':
      found.add(node.id);
      break;
    case 'text':
      for (const part of node.parts) if (typeof part !== 'string' && part.kind === 'reference') found.add(part.id);
      break;
    case 'map':
      for (const { value } of node.entries) references(value, found);
      break;
    case 'list':
      for (const item of node.items) references(item, found);
      break;
    case 'either':
      for (const branch of node.branches) references(branch, found);
      break;
    default:
  }
  return found;
}
