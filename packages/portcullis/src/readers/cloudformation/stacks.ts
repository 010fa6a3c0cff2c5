import { at, type Entry, get, type Node, type Resource, stringOf, textOf } from '../../project/index.ts';
import { maximumBranches } from './branches.ts';
import { createScope } from './evaluator.ts';
import { freshBudget, type Scope } from './scope.ts';
import type { Template, TemplateParameter, TemplateResource } from './template.ts';

/** A template and the stacks nested in it as one: logical ids are unique, values are evaluated when they are first looked at. */
export interface EvaluatedTemplate {
  /** The root, with the resources and parameters of nested stacks added. */
  readonly template: Template;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: readonly Entry[];
  /** What SAM's `Globals` put into the environment of every function. */
  readonly environments: readonly Node[];
}

/** Resources of a nested stack keep their logical id unless it is taken; then the stack's id goes before it: `Orders.Table`. */
export function evaluateStacks(root: Template): EvaluatedTemplate {
  const stacks = new Stacks();
  stacks.add(root, undefined);
  const merged: Template = root.nested?.length
    ? { ...root, resources: stacks.raw, parameters: stacks.parameters }
    : root;
  return { template: merged, resources: stacks.resources, outputs: stacks.outputs, environments: stacks.environments };
}

interface Outer {
  readonly scope: Scope;
  readonly stack: TemplateResource;
  readonly condition: string | undefined;
}

/** What stacks hand to each other is a text, or a list of texts; how many may stand in one such value. */
const maximumHanded = 1_000;
const maximumText = 16_384;
const maximumHops = 16;

class Stacks {
  readonly #budget = freshBudget();
  readonly resources = new Map<string, Resource>();
  readonly raw = new Map<string, TemplateResource>();
  readonly parameters = new Map<string, TemplateParameter>();
  readonly outputs: Entry[] = [];
  readonly environments: Node[] = [];

  /** Adds a template and those nested in it; what comes back evaluates its outputs by name. */
  add(template: Template, outer: Outer | undefined): Output {
    const label = outer ? `${outer.scope.label}${outer.stack.id}.` : '';
    const inner = new Map<string, Output>();
    const passed = new Map<string, Node | undefined>();
    const outputs = new Map<string, Node>();
    for (const { key, value } of template.outputs) {
      const written = get(value, 'Value');
      if (written) outputs.set(key, written);
    }
    const ids = this.#claim(template, label);
    const scope = createScope(template, {
      label,
      rename: (id) => ids.get(id) ?? id,
      budget: this.#budget,
      given: (parameter) => {
        if (!outer) return undefined;
        return once(passed, parameter, () => this.#passed(outer, parameter));
      },
      output: (stackId, name) => inner.get(stackId)?.(name),
    });
    for (const raw of template.resources.values()) this.#resource(raw, scope, outer?.condition);
    for (const parameter of template.parameters.values()) this.parameters.set(label + parameter.name, parameter);
    for (const { stackId, template: nested } of template.nested ?? []) {
      const stack = template.resources.get(stackId);
      if (!stack) continue;
      inner.set(stackId, this.add(nested, { scope, stack, condition: conditionOf(stack, scope, outer?.condition) }));
    }
    const globals = at(template.globals, 'Function', 'Environment', 'Variables');
    if (globals) this.environments.push(scope.conditions.afresh(() => scope.evaluate(globals)));
    for (const output of template.outputs) {
      const condition = stringOf(get(output.value, 'Condition'));
      if (condition !== undefined && scope.conditions.decide(condition) === false) continue;
      this.outputs.push({ ...output, value: scope.conditions.afresh(() => scope.evaluate(output.value)) });
    }
    const evaluated = new Map<string, Node | undefined>();
    return (name) =>
      once(evaluated, name, () => {
        const value = outputs.get(name);
        return value && this.#hand(scope, undefined, value);
      });
  }

  #passed({ scope, stack }: Outer, parameter: string): Node | undefined {
    const value = get(at(stack.properties, 'Parameters'), parameter);
    return value && this.#hand(scope, stack.condition, value);
  }

  /** A value that goes from one stack to another. */
  #hand(scope: Scope, condition: string | undefined, value: Node): Node | undefined {
    if (this.#budget.hops >= maximumHops) return undefined;
    this.#budget.hops += 1;
    try {
      const handed = scope.conditions.afresh(() =>
        condition === undefined
          ? scope.evaluate(value)
          : scope.conditions.assuming(condition, true, () => scope.evaluate(value)),
      );
      if (fits(handed)) return handed;
      return { kind: 'unknown', source: 'intrinsic', reason: 'is handed from stack to stack', span: handed.span };
    } finally {
      this.#budget.hops -= 1;
    }
  }

  #claim(template: Template, label: string): ReadonlyMap<string, string> {
    const ids = new Map<string, string>();
    for (const [id, raw] of template.resources) {
      const unique = this.raw.has(id) ? label + id : id;
      this.raw.set(unique, raw);
      if (unique !== id) ids.set(id, unique);
    }
    return ids;
  }

  #resource(raw: TemplateResource, scope: Scope, outerCondition: string | undefined): void {
    const own = raw.condition;
    if (own !== undefined && scope.conditions.decide(own) === false) {
      this.raw.delete(scope.rename(raw.id));
      return;
    }
    const id = scope.rename(raw.id);
    const evaluate = () => scope.evaluate(raw.properties);
    let properties: Node | undefined;
    const resource: Resource = {
      id,
      type: raw.type,
      span: raw.span,
      get properties() {
        properties ??= scope.conditions.afresh(() =>
          own === undefined ? evaluate() : scope.conditions.assuming(own, true, evaluate),
        );
        return properties;
      },
      condition: conditionOf(raw, scope, outerCondition),
      dependsOn: raw.dependsOn.map((name) => scope.rename(name)),
      deletionPolicy: raw.deletionPolicy,
      generated: raw.generated,
    };
    this.resources.set(id, resource);
  }
}

/** The value made for a key; undefined while it is being made, so that stacks which wait for each other come to an end. */
function once(made: Map<string, Node | undefined>, key: string, make: () => Node | undefined): Node | undefined {
  if (made.has(key)) return made.get(key);
  made.set(key, undefined);
  const value = make();
  made.set(key, value);
  return value;
}

/** Undefined when it has no such output, or the output is too far away. */
type Output = (name: string) => Node | undefined;

function fits(value: Node): boolean {
  if (value.kind === 'map') return false;
  if (value.kind === 'list') {
    return value.items.length <= maximumHanded && value.items.every((item) => item.kind !== 'list' && fits(item));
  }
  if (value.kind === 'text') return value.parts.length <= maximumHanded;
  return countBranches(value, maximumBranches) <= maximumBranches && (textOf(value)?.length ?? 0) <= maximumText;
}

function countBranches(node: Node, limit: number): number {
  if (node.kind !== 'either') return 1;
  let count = 0;
  for (const branch of node.branches) {
    count += countBranches(branch, limit);
    if (count > limit) break;
  }
  return count;
}

/** The condition on which the resource exists, with those of the stacks around it; undefined when it always exists. */
function conditionOf(raw: TemplateResource, scope: Scope, outer: string | undefined): string | undefined {
  const own = raw.condition;
  const open = own !== undefined && scope.conditions.decide(own) === undefined ? scope.label + own : undefined;
  return open !== undefined && outer !== undefined ? `${outer} and ${open}` : (open ?? outer);
}
