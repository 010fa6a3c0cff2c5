import { get, type Node, stringOf, textOf } from '../../project/index.ts';

/** CloudFormation takes 200 conditions in a template. */
const maximumChain = 400;

/**
 * How often conditions of one template are worked out before the rest stays undecided. Assumptions make answers forgotten, so conditions
 * made of `Fn::If` of conditions would take time that doubles with each level.
 */
const maximumDecisions = 200_000;

/**
 * Which conditions the files decide: those made of literals only. A parameter's default decides nothing, because a deployment may
 * give another value.
 */
export class Conditions {
  readonly #definitions: ReadonlyMap<string, Node>;
  readonly #evaluate: (node: Node) => Node;
  #decided = new Map<string, boolean | undefined>();
  readonly #running = new Set<string>();
  #left = maximumDecisions;
  #assumed: ReadonlyMap<string, boolean> = new Map();

  constructor(definitions: ReadonlyMap<string, Node>, evaluate: (node: Node) => Node) {
    this.#definitions = definitions;
    this.#evaluate = evaluate;
  }

  /** True or false when it is decided by the files or by what is assumed at the moment. */
  decide(name: string): boolean | undefined {
    const assumed = this.#assumed.get(name);
    if (assumed !== undefined) return assumed;
    if (this.#decided.has(name)) return this.#decided.get(name);
    const definition = this.#definitions.get(name);
    if (!definition || this.#running.has(name) || this.#running.size > maximumChain) return undefined;
    this.#left -= 1;
    if (this.#left < 0) return undefined;
    this.#running.add(name);
    const result = this.#truth(definition);
    this.#running.delete(name);
    this.#decided.set(name, result);
    return result;
  }

  /** Runs `work` with the condition taken as true or false, and what follows from that for the conditions it is made of. */
  assuming<T>(name: string, value: boolean, work: () => T): T {
    const assumed = new Map(this.#assumed);
    this.#follow(name, value, assumed);
    return this.#under(assumed, work);
  }

  /** Runs `work` without any assumption of the caller. */
  afresh<T>(work: () => T): T {
    return this.#assumed.size === 0 ? work() : this.#under(new Map(), work);
  }

  #under<T>(assumed: ReadonlyMap<string, boolean>, work: () => T): T {
    const before = { assumed: this.#assumed, decided: this.#decided };
    this.#assumed = assumed;
    this.#decided = new Map();
    try {
      return work();
    } finally {
      this.#assumed = before.assumed;
      this.#decided = before.decided;
    }
  }

  #follow(name: string, value: boolean, assumed: Map<string, boolean>): void {
    if (assumed.has(name) || assumed.size > maximumChain) return;
    assumed.set(name, value);
    const definition = this.#definitions.get(name);
    if (definition) this.#followNode(definition, value, assumed);
  }

  #followNode(node: Node, value: boolean, assumed: Map<string, boolean>): void {
    const named = stringOf(get(node, 'Condition'));
    if (named !== undefined) this.#follow(named, value, assumed);
    const not = get(node, 'Fn::Not');
    if (not?.kind === 'list' && not.items[0]) this.#followNode(not.items[0], !value, assumed);
    const all = get(node, value ? 'Fn::And' : 'Fn::Or');
    if (all?.kind === 'list') for (const item of all.items) this.#followNode(item, value, assumed);
  }

  #truth(node: Node): boolean | undefined {
    if (node.kind === 'scalar') return literalTruth(node);
    if (node.kind !== 'map' || node.entries.length !== 1) return undefined;
    const [only] = node.entries;
    if (!only) return undefined;
    if (only.key === 'Condition') {
      const name = stringOf(only.value);
      return name === undefined ? undefined : this.decide(name);
    }
    const operands = only.value.kind === 'list' ? only.value.items : [only.value];
    if (only.key === 'Fn::Equals') return this.#equal(operands);
    const truths = operands.map((operand) => this.#truth(operand));
    if (only.key === 'Fn::Not') return truths[0] === undefined ? undefined : !truths[0];
    if (only.key === 'Fn::And') return truths.includes(false) ? false : truths.includes(undefined) ? undefined : true;
    if (only.key === 'Fn::Or') return truths.includes(true) ? true : truths.includes(undefined) ? undefined : false;
    return undefined;
  }

  #equal(operands: readonly Node[]): boolean | undefined {
    const [left, right] = operands;
    if (!left || !right) return undefined;
    const one = literal(this.#evaluate(left));
    const other = literal(this.#evaluate(right));
    return one === undefined || other === undefined ? undefined : one === other;
  }
}

function literalTruth(node: Node): boolean | undefined {
  const text = textOf(node)?.toLowerCase();
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function literal(node: Node): string | undefined {
  const open = node.from?.some((origin) => origin.source === 'parameter' || origin.source === 'dynamic-reference');
  return open ? undefined : textOf(node);
}
