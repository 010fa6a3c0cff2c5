import type { Entry, InputError, ListNode, MapNode, Node } from '../../../project/index.ts';
import { circular } from './errors.ts';
import type { Evaluator } from './evaluator.ts';
import { undecided } from './scope.ts';

/** A resolved part with its size when every part that is shared counts as often as it appears. */
interface Measured<T> {
  readonly content: T;
  readonly size: number;
  readonly height: number;
}

/** Resolves whole trees. A part in which nothing changes stays the same object; a part that is used twice is resolved once. */
export class Expander {
  readonly #evaluator: Evaluator;
  readonly #report: (error: InputError) => void;
  readonly #entries = new Map<MapNode['entries'], Measured<MapNode['entries']> | number>();
  readonly #items = new Map<ListNode['items'], Measured<ListNode['items']> | number>();
  /** The variables that led to where it stands. */
  readonly #trail: string[] = [];
  #depth = 0;
  #total = 0;

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
    this.#report = evaluator.report;
  }

  /** One of the top-level values of the service. */
  expand(node: Node): Node {
    const { budget } = this.#evaluator;
    const { content, size } = this.#node(node);
    this.#total += size;
    return this.#total > budget.maxValues ? budget.tooMany(node.span) : content;
  }

  #node(node: Node): Measured<Node> {
    if (node.kind === 'map' || node.kind === 'list') return this.#container(node);
    if (node.kind !== 'scalar') return leaf(node);
    const value = this.#evaluator.shallow(node);
    if (value.kind !== 'map' && value.kind !== 'list') return leaf(value);
    this.#trail.push(this.#evaluator.label(node));
    const result = this.#container(value, node);
    this.#trail.pop();
    return result.size > this.#evaluator.budget.maxBehindVariable
      ? leaf(this.#evaluator.budget.tooMany(node.span))
      : result;
  }

  #container(node: MapNode | ListNode, variable: Node = node): Measured<Node> {
    const { budget } = this.#evaluator;
    const known = node.kind === 'map' ? this.#entries.get(node.entries) : this.#items.get(node.items);
    if (typeof known === 'number') {
      const chain = this.#trail.slice(known);
      this.#report(circular(chain, variable.span));
      return leaf(undecided('self', 'is defined by itself', variable.span));
    }
    if (!known && this.#depth >= budget.maxDepth) return leaf(budget.tooDeep(variable.span));
    this.#depth += 1;
    const result = node.kind === 'map' ? this.#measuredMap(node) : this.#measuredList(node);
    this.#depth -= 1;
    return result.height > budget.maxDepth ? leaf(budget.tooDeep(variable.span)) : result;
  }

  #measuredMap(node: MapNode): Measured<Node> {
    let known = this.#entries.get(node.entries);
    if (typeof known !== 'object') {
      this.#entries.set(node.entries, this.#trail.length);
      known = this.#map(node.entries);
      this.#entries.set(node.entries, known);
      this.#entries.set(known.content, known);
    }
    const { content, size, height } = known;
    return { content: content === node.entries ? node : { ...node, entries: content }, size, height };
  }

  #measuredList(node: ListNode): Measured<Node> {
    let known = this.#items.get(node.items);
    if (typeof known !== 'object') {
      this.#items.set(node.items, this.#trail.length);
      known = this.#list(node.items);
      this.#items.set(node.items, known);
      this.#items.set(known.content, known);
    }
    const { content, size, height } = known;
    return { content: content === node.items ? node : { ...node, items: content }, size, height };
  }

  #map(entries: readonly Entry[]): Measured<readonly Entry[]> {
    const counter = this.#counter();
    let changed: Entry[] | undefined;
    for (const [index, entry] of entries.entries()) {
      const value = counter.add(entry.value);
      if (value === entry.value) changed?.push(entry);
      else {
        changed ??= entries.slice(0, index);
        changed.push({ ...entry, value });
      }
    }
    return { content: changed ?? entries, size: counter.size, height: counter.height };
  }

  #list(items: readonly Node[]): Measured<readonly Node[]> {
    const counter = this.#counter();
    let changed: Node[] | undefined;
    for (const [index, item] of items.entries()) {
      const value = counter.add(item);
      if (value !== item) changed ??= items.slice(0, index);
      changed?.push(value);
    }
    return { content: changed ?? items, size: counter.size, height: counter.height };
  }

  #counter() {
    const { budget } = this.#evaluator;
    const counter = {
      size: 1,
      height: 1,
      add: (node: Node): Node => {
        let { content, size, height } = this.#node(node);
        if (counter.size + size > budget.maxValues) {
          content = budget.tooMany(node.span);
          size = 1;
          height = 1;
        }
        counter.size += size;
        counter.height = Math.max(counter.height, height + 1);
        return content;
      },
    };
    return counter;
  }
}

function leaf(content: Node): Measured<Node> {
  return { content, size: 1, height: 1 };
}
