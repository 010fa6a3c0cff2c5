import { type Entry, entry, type MapNode, type Node, stringOf, type UnknownNode } from '../../project/index.ts';
import { pluck } from './nodes.ts';

/** References that lead to references; a document needs one or two. */
const maximumSteps = 16;

/** Values that all references of a document together may stand for. One large path item that thousands of paths name would have no end. */
const maximumValues = 500_000;

/** Maps with fewer keys are searched. */
const smallMap = 24;

/** The `$ref`s of one document. */
export class References {
  readonly #document: Node;
  readonly #indexes = new WeakMap<MapNode, ReadonlyMap<string, Entry>>();
  readonly #sizes = new WeakMap<Node, number>();
  #left = maximumValues;

  constructor(document: Node) {
    this.#document = document;
  }

  /**
   * The node that `$ref` stands for, when it is a place in the same document (JSON Pointer, RFC 6901, after `#`); the node itself when it is
   * none. API Gateway reads one document: what lies in another, and a reference that leads nowhere or in a circle, is undecided.
   */
  follow(node: Node): Node {
    let current = node;
    for (let step = 0; step < maximumSteps; step += 1) {
      const target = current.kind === 'map' ? stringOf(this.child(current, '$ref')) : undefined;
      if (target === undefined) return current;
      const next = target.startsWith('#/') ? this.#at(target.slice(2)) : undefined;
      if (!next) return undecided(current, `refers to ${shortened(target)}, which is not in the document`);
      this.#left -= this.#sizeOf(next);
      if (this.#left < 0) return undecided(current, 'is one of more references than are followed');
      current = next;
    }
    return undecided(node, 'refers to itself');
  }

  /** As `pluck`, fast in large maps. */
  child(node: Node | undefined, key: string): Node | undefined {
    return node?.kind === 'map' ? this.entry(node, key)?.value : pluck(node, key);
  }

  /** As `entry`, fast in large maps. */
  entry(node: Node | undefined, key: string): Entry | undefined {
    if (node?.kind !== 'map' || node.entries.length < smallMap) return entry(node, key);
    let index = this.#indexes.get(node);
    if (!index) {
      index = new Map(node.entries.map((one) => [one.key, one]));
      this.#indexes.set(node, index);
    }
    return index.get(key);
  }

  #at(pointer: string): Node | undefined {
    let current: Node | undefined = this.#document;
    for (const token of pointer.split('/')) {
      if (!current) return undefined;
      current = this.child(current, decoded(token).replaceAll('~1', '/').replaceAll('~0', '~'));
    }
    return current;
  }

  #sizeOf(node: Node): number {
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    let size = 1;
    if (node.kind === 'map') for (const { value } of node.entries) size += this.#sizeOf(value);
    else if (node.kind === 'list') for (const item of node.items) size += this.#sizeOf(item);
    else if (node.kind === 'either') for (const branch of node.branches) size += this.#sizeOf(branch);
    this.#sizes.set(node, size);
    return size;
  }
}

/** A long text as it is shown to people. */
export const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}...` : text);

/** A pointer in a URI fragment may be percent-encoded. */
function decoded(token: string): string {
  if (!token.includes('%')) return token;
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

function undecided(node: Node, reason: string): UnknownNode {
  return { kind: 'unknown', source: 'other', reason, span: node.span };
}
