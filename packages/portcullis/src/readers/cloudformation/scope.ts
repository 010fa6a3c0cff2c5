import type { Node, ScalarNode, Span } from '../../project/index.ts';
import type { Conditions } from './conditions.ts';
import type { Template } from './template.ts';

/**
 * What evaluating one project may still produce. A parameter that stands in every text, or stacks that hand each other a value
 * twice, would otherwise make more text than any machine holds.
 */
export interface Budget {
  /** UTF-16 units, and pieces of texts and lists. */
  characters: number;
  /** How many stacks deep a value is being followed at the moment. */
  hops: number;
}

export const freshBudget = (): Budget => ({ characters: 8_000_000, hops: 0 });

/** Takes what is about to be made from the budget; false when it is spent. */
export function spend(budget: Budget, amount: number): boolean {
  budget.characters -= amount;
  return budget.characters >= 0;
}

/** What an intrinsic sees of the template it stands in. */
export interface Scope {
  readonly template: Template;
  readonly conditions: Conditions;
  /** Put before names of conditions, parameters and stack names, so that those of nested stacks are told apart: `Orders.`. */
  readonly label: string;
  /** One for the whole project. */
  readonly budget: Budget;
  /** The logical id under which a resource of this template stands in the project. */
  rename(id: string): string;
  /** The value that the outer stack passes for a parameter, evaluated there. */
  given(parameter: string): Node | undefined;
  /** Value of `Fn::GetAtt: [stack, Outputs.name]` when the nested template was read. */
  output(stackId: string, name: string): Node | undefined;
  evaluate(node: Node): Node;
}

/** `AWS::NoValue`: inside a map or list it takes its entry with it; alone, or in a branch of an `either`, it is this null. */
export function absent(span: Span): ScalarNode {
  return { kind: 'scalar', value: null, span, from: [{ source: 'intrinsic', address: 'AWS::NoValue', span }] };
}

export function isAbsent(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null && node.from?.[0]?.address === 'AWS::NoValue';
}

/** `Fn::If` of a named condition: the branch that is decided, else both, each under the assumption that it is taken. */
export function choose(name: string, whenTrue: Node, whenFalse: Node, span: Span, scope: Scope): Node {
  const decided = scope.conditions.decide(name);
  if (decided !== undefined) return scope.evaluate(decided ? whenTrue : whenFalse);
  const branches = [
    scope.conditions.assuming(name, true, () => scope.evaluate(whenTrue)),
    scope.conditions.assuming(name, false, () => scope.evaluate(whenFalse)),
  ];
  return branches.every(isAbsent) ? absent(span) : { kind: 'either', condition: scope.label + name, branches, span };
}
