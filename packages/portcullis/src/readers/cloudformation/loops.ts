import { type Entry, type Node, stringOf, textOf } from '../../project/index.ts';
import { type Budget, spend } from './scope.ts';

/** More turns of one loop, and entries of one map, than a template may have resources are never meant. */
const maximumTurns = 1_000;
const maximumEntries = 2_000;

export const isLoop = (key: string): boolean => key.startsWith('Fn::ForEach');

/** Why a loop could not be unrolled, as a sentence part. */
export interface Stuck {
  readonly entry: Entry;
  readonly reason: string;
}

/**
 * The entries of a map with every `Fn::ForEach::Name: [identifier, collection, body]` of the AWS::LanguageExtensions transform replaced by its
 * body, once per item of the collection: `${identifier}` in keys and texts and `Ref` of the identifier become the item, `&{identifier}` its
 * letters and digits (CloudFormation template reference, Fn::ForEach). What is made has the places of the body. Loops in the body are unrolled
 * too; loops deeper in the values are left to whoever evaluates them.
 * @param evaluate decides a collection, which may be a parameter or come from a mapping
 */
export function unroll(
  entries: readonly Entry[],
  evaluate: (node: Node) => Node,
  budget: Budget,
): { readonly entries: readonly Entry[]; readonly stuck: readonly Stuck[] } {
  const made: Entry[] = [];
  const stuck: Stuck[] = [];
  const add = (entry: Entry): void => {
    if (!isLoop(entry.key)) {
      made.push(entry);
      return;
    }
    const turns = turnsOf(entry, evaluate, budget);
    if (typeof turns === 'string') stuck.push({ entry, reason: turns });
    else if (made.length > maximumEntries) stuck.push({ entry, reason: tooMuch });
    else for (const turn of turns) for (const inner of turn) add(inner);
  };
  for (const entry of entries) add(entry);
  return { entries: made, stuck };
}

const tooMuch = 'the loops of the template make more than is read';

function turnsOf(
  { value }: Entry,
  evaluate: (node: Node) => Node,
  budget: Budget,
): readonly (readonly Entry[])[] | string {
  const [first, collection, body] = value.kind === 'list' ? value.items : [];
  const identifier = stringOf(first);
  if (identifier === undefined || identifier === '' || !collection || body?.kind !== 'map')
    return 'the loop is not written as CloudFormation expects';
  const list = evaluate(collection);
  if (list.kind !== 'list') return 'what the loop runs over is known when it is deployed';
  const items = list.items.flatMap((item) => (item.kind === 'list' ? item.items : [item]));
  const turns: (readonly Entry[])[] = [];
  for (const item of items) {
    const text = textOf(item);
    if (text === undefined) return 'what the loop runs over is known when it is deployed';
    if (turns.length >= maximumTurns) return `the loop runs more than ${maximumTurns} times`;
    const turn = replaced(body, replacement(identifier, text), budget);
    if (budget.characters < 0) return tooMuch;
    turns.push(turn.kind === 'map' ? turn.entries : []);
  }
  return turns;
}

interface Replacement {
  readonly identifier: string;
  readonly item: string;
  text(text: string): string;
}

function replacement(identifier: string, item: string): Replacement {
  const plain = `\${${identifier}}`;
  const cleaned = `&{${identifier}}`;
  const alphanumeric = item.replace(/[^A-Za-z0-9]/g, '');
  return {
    identifier,
    item,
    text: (text) =>
      text.includes('{') ? text.replaceAll(plain, () => item).replaceAll(cleaned, () => alphanumeric) : text,
  };
}

/** A copy of the node for one turn; what it takes comes from the budget, and an exhausted budget ends it. */
function replaced(node: Node, by: Replacement, budget: Budget): Node {
  if (!spend(budget, 8)) return node;
  switch (node.kind) {
    case 'scalar': {
      if (typeof node.value !== 'string') return node;
      const value = by.text(node.value);
      if (value === node.value || !spend(budget, value.length)) return node;
      return { ...node, value };
    }
    case 'list':
      return { ...node, items: node.items.map((item) => replaced(item, by, budget)) };
    case 'map': {
      const [only] = node.entries;
      if (only?.key === 'Ref' && node.entries.length === 1 && stringOf(only.value) === by.identifier) {
        spend(budget, by.item.length);
        return { kind: 'scalar', value: by.item, span: node.span };
      }
      return {
        ...node,
        entries: node.entries.map((entry) => {
          const key = by.text(entry.key);
          if (key !== entry.key) spend(budget, key.length);
          return { ...entry, key, value: replaced(entry.value, by, budget) };
        }),
      };
    }
    default:
      return node;
  }
}
