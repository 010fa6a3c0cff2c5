import type { EitherNode, Entry, ListNode, MapNode, Node } from '../../project/index.ts';
import { Conditions } from './conditions.ts';
import { intrinsics } from './intrinsics.ts';
import { isLoop, unroll } from './loops.ts';
import { isAbsent, type Scope } from './scope.ts';
import type { Template } from './template.ts';
import { markDynamic } from './text.ts';

/** Deeper than any document that the parser lets through (200 levels). */
const maximumDepth = 400;

/**
 * A scope whose `evaluate` replaces intrinsics by what they are known to be. Nodes that contain none are returned as they are;
 * nothing is thrown: what cannot be evaluated becomes unknown.
 */
export function createScope(
  template: Template,
  surroundings: Pick<Scope, 'label' | 'budget' | 'rename' | 'given' | 'output'>,
): Scope {
  let depth = 0;
  const evaluate = (node: Node): Node => {
    if (node.kind === 'scalar') return markDynamic(node);
    if (node.kind !== 'map' && node.kind !== 'list' && node.kind !== 'either') return node;
    if (depth > maximumDepth) {
      return { kind: 'unknown', source: 'intrinsic', reason: 'is nested too deep to be followed', span: node.span };
    }
    depth += 1;
    try {
      if (node.kind === 'list') return evaluateList(node, evaluate);
      if (node.kind === 'either') return evaluateEither(node, scope);
      const [first] = node.entries;
      if (first && node.entries.length === 1 && (first.key === 'Ref' || isIntrinsic(first.key))) {
        return intrinsics(first.key, first.value, node.span, scope);
      }
      return evaluateMap(withoutLoops(node, scope), evaluate);
    } finally {
      depth -= 1;
    }
  };
  const scope: Scope = {
    ...surroundings,
    template,
    conditions: new Conditions(template.conditions, (node) => evaluate(node)),
    evaluate,
  };
  return scope;
}

const isIntrinsic = (key: string): boolean => key.startsWith('Fn::') && !isLoop(key);

/** A map with its loops unrolled; one that the files do not decide leaves an undecided entry under its own name. */
function withoutLoops(map: MapNode, scope: Scope): MapNode {
  if (!map.entries.some((entry) => isLoop(entry.key))) return map;
  const { entries, stuck } = unroll(map.entries, scope.evaluate, scope.budget);
  const left = stuck.map(({ entry, reason }): Entry => {
    const value: Node = { kind: 'unknown', source: 'transform', reason, span: entry.value.span };
    return { ...entry, value };
  });
  return { ...map, entries: [...entries, ...left] };
}

function evaluateList(list: ListNode, evaluate: (node: Node) => Node): ListNode {
  let copy: Node[] | undefined;
  for (let index = 0; index < list.items.length; index += 1) {
    const item = list.items[index];
    if (!item) continue;
    const value = evaluate(item);
    const gone = value !== item && isAbsent(value);
    if (!copy && (gone || value !== item)) copy = list.items.slice(0, index);
    if (copy && !gone) copy.push(value);
  }
  return copy ? { ...list, items: copy } : list;
}

function evaluateMap(map: MapNode, evaluate: (node: Node) => Node): MapNode {
  let copy: Entry[] | undefined;
  for (let index = 0; index < map.entries.length; index += 1) {
    const entry = map.entries[index];
    if (!entry) continue;
    // Only `Fn::Transform` may stand beside other keys; what it adds is not known.
    const value = evaluate(entry.value);
    const gone = value !== entry.value && isAbsent(value);
    if (!copy && (gone || value !== entry.value)) copy = map.entries.slice(0, index);
    if (copy && !gone) copy.push(value === entry.value ? entry : { ...entry, value });
  }
  return copy ? { ...map, entries: copy } : map;
}

function evaluateEither(node: EitherNode, scope: Scope): Node {
  return { ...node, branches: node.branches.map(scope.evaluate) };
}
