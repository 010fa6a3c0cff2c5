import {
  type Fact,
  known,
  type Link,
  type Node,
  possibilities,
  type Resource,
  textOf,
  unknown,
} from '../../../project/index.ts';
import { firstEither, maximumBranches, pick } from '../branches.ts';

// Evaluated nodes -> facts. Every conversion keeps the three outcomes apart: decided, undecided, one of several.

export function eitherOr<T>(node: Node, convert: (node: Exclude<Node, { kind: 'either' }>) => Fact<T>): Fact<T> {
  if (node.kind !== 'either') return convert(node);
  return {
    kind: 'either',
    condition: node.condition,
    options: node.branches.map((branch) => eitherOr(branch, convert)),
  };
}

const wrongKind = (node: Node, expected: string) =>
  unknown(`is a ${node.kind}, where ${expected} was expected`, node.span);

export function undecidedReason(node: Node): string {
  // A pseudo parameter has its bare name as reason, so that ARNs can be compared piece by piece.
  if (node.kind === 'unknown') return node.reason.startsWith('AWS::') ? `depends on ${node.reason}` : node.reason;
  if (node.kind === 'text')
    return node.parts.find((part) => typeof part !== 'string' && part.kind === 'unknown')
      ? partReason(node.parts)
      : 'is known when it is deployed';
  if (node.kind === 'reference') return `refers to ${node.id}${node.attribute ? `.${node.attribute}` : ''}`;
  return 'is not a plain value';
}

function partReason(parts: readonly (string | Node)[]): string {
  for (const part of parts) if (typeof part !== 'string' && part.kind === 'unknown') return undecidedReason(part);
  return 'is known when it is deployed';
}

/** Decided text; numbers and booleans in their text form. References and partly known texts are unknown. */
export function textFact(node: Node): Fact<string> {
  return eitherOr(node, (value) => {
    const text = textOf(value);
    return text === undefined ? unknown(undecidedReason(value), value.span) : known(text, value.span);
  });
}

/** Decided text, where a partly known text or a reference is described by its known pieces: `arn:aws:s3:::${Bucket}/*`. */
export function describe(node: Node): string {
  if (node.kind === 'scalar') return String(node.value);
  if (node.kind === 'reference') return node.attribute ? `\${${node.id}.${node.attribute}}` : `\${${node.id}}`;
  if (node.kind === 'text')
    return node.parts.map((part) => (typeof part === 'string' ? part : describe(part))).join('');
  if (node.kind === 'either') return possibilities(node).map(describe).join(' or ');
  if (node.kind === 'unknown' && node.name !== undefined) return `\${${node.name}}`;
  return '?';
}

export function numberFact(node: Node): Fact<number> {
  return eitherOr(node, (value) => {
    if (value.kind !== 'scalar') return unknown(undecidedReason(value), value.span);
    const number =
      typeof value.value === 'number'
        ? value.value
        : Number(value.value === null || value.value === '' ? Number.NaN : value.value);
    return Number.isFinite(number) ? known(number, value.span) : wrongKind(value, 'a number');
  });
}

/** CloudFormation takes true, false and their text in any letter case. */
export function booleanFact(node: Node): Fact<boolean> {
  return eitherOr(node, (value) => {
    if (value.kind !== 'scalar') return unknown(undecidedReason(value), value.span);
    const text = String(value.value).toLowerCase();
    if (text === 'true' || text === 'false') return known(text === 'true', value.span);
    return wrongKind(value, 'true or false');
  });
}

export function isNull(node: Node | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** A property that may be absent, in itself or in a branch of `Fn::If`: its default then stands for it, decided. */
export function orDefault<T>(node: Node | undefined, convert: (node: Node) => Fact<T>, fallback: T): Fact<T> {
  if (node === undefined) return known(fallback);
  return eitherOr(node, (value) => (isNull(value) ? known(fallback, value.span) : convert(value)));
}

/** A property without a default: undefined when it is not written. A branch of `Fn::If` that leaves it out is unknown. */
export function optional<T>(node: Node | undefined, convert: (node: Node) => Fact<T>): Fact<T> | undefined {
  if (node === undefined || possibilities(node).every(isNull)) return undefined;
  return eitherOr(node, (value) => (isNull(value) ? unknown('is not set in this case', value.span) : convert(value)));
}

/** Decided text out of a fixed list, compared without letter case; any other text is unknown. */
export function choiceFact<T extends string>(node: Node, choices: readonly T[]): Fact<T> {
  return eitherOr<T>(node, (value) => {
    const text = textOf(value);
    if (text === undefined) return unknown(undecidedReason(value), value.span);
    const choice = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
    return choice === undefined ? unknown(`is ${text}, which is not read`, value.span) : known(choice, value.span);
  });
}

/**
 * One fact from several nodes. Those that depend on the same condition are looked at in the same branch; `held` has the conditions
 * that are true there.
 */
export function together<T>(
  nodes: readonly (Node | undefined)[],
  convert: (nodes: readonly (Node | undefined)[], held: ReadonlySet<string>) => Fact<T>,
  held: ReadonlySet<string> = new Set(),
  budget = maximumBranches,
): Fact<T> {
  const either = firstEither(nodes);
  if (!either) return convert(nodes, held);
  const left = Math.floor(budget / either.branches.length);
  if (left < 1) return unknown('depends on too many conditions', either.span);
  const options = either.branches.map((_, index) =>
    together(
      nodes.map((node) => node && pick(node, either.condition, index)),
      convert,
      // `Fn::If` names the branch of the true condition first.
      index === 0 ? new Set([...held, either.condition]) : held,
      left,
    ),
  );
  return { kind: 'either', condition: either.condition, options };
}

/**
 * What a resource provides, seen from one that is there without it: when the provider exists only on a condition that the user does
 * not share, the fact is one of two, and the other is undecided.
 */
export function onlyWhen<T>(
  fact: Fact<T>,
  provider: Resource | undefined,
  held: ReadonlySet<string | undefined>,
): Fact<T> {
  const condition = provider?.condition;
  if (condition === undefined || held.has(condition)) return fact;
  const missing = unknown(`${provider?.id} exists only when ${condition} holds`, provider?.span);
  return { kind: 'either', condition, options: [fact, missing] };
}

/**
 * The resource that a value names: a reference by logical id, else the text (an ARN, a name) as an external link. A text that
 * contains exactly one reference to a resource (`Fn::Sub` around a logical id) links to that resource.
 */
export function linkFact(node: Node): Fact<Link> {
  return eitherOr<Link>(node, (value) => {
    if (value.kind === 'reference') return known<Link>({ kind: 'local', id: value.id }, value.span);
    if (value.kind === 'text') {
      const references = value.parts.flatMap((part) =>
        typeof part !== 'string' && part.kind === 'reference' ? [part] : [],
      );
      const [only] = references;
      if (references.length === 1 && only) return known<Link>({ kind: 'local', id: only.id }, value.span);
      return unknown(undecidedReason(value), value.span);
    }
    const text = textOf(value)?.trim();
    if (text === undefined) return unknown(undecidedReason(value), value.span);
    // An empty default stands for "none given yet".
    if (text === '') return unknown('is empty in the files', value.span);
    return known<Link>({ kind: 'external', name: text }, value.span);
  });
}

/** A list (or a single value in its place) as one fact per item; `Fn::If` around the whole list yields the items of all branches. */
export function eachFact<T>(node: Node | undefined, convert: (node: Node) => Fact<T>): readonly Fact<T>[] {
  if (!node) return [];
  return possibilities(node).flatMap((value) => {
    if (value.kind === 'list') return value.items.filter((item) => !isNull(item)).map(convert);
    return isNull(value) ? [] : [convert(value)];
  });
}

/** A list of texts as one fact: unknown as soon as one item is. */
export function textListFact(node: Node | undefined): Fact<readonly string[]> {
  if (!node) return known<readonly string[]>([]);
  return eitherOr<readonly string[]>(node, (value) => {
    if (isNull(value)) return known<readonly string[]>([], value.span);
    const texts: string[] = [];
    for (const item of value.kind === 'list' ? value.items : [value]) {
      const text = textOf(item);
      if (text === undefined) return unknown(undecidedReason(item), item.span);
      texts.push(text);
    }
    return known<readonly string[]>(texts, value.span);
  });
}
