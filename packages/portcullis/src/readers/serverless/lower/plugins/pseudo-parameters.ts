import type { Entry, MapNode, Node, Span } from '../../../../project/index.ts';
import { listOf, make } from '../nodes.ts';
import { findPlugin, readPlugins } from './list.ts';

// serverless-pseudo-parameters and serverless-cf-vars write `Fn::Sub` for every text with `#{AWS::Region}`, `#{Resource}` or
// `#{Resource.Arn}`, since `${...}` belongs to the framework's own variables.

const names = ['serverless-pseudo-parameters', 'serverless-cf-vars'] as const;
const marker = /#\{([A-Za-z0-9:.]{1,255})\}/g;

/** The service as those plugins leave it; the same object when none of them is listed. */
export function withPseudoParameters(root: MapNode): MapNode {
  const listed = root.entries.findLast(({ key }) => key === 'plugins')?.value;
  if (!findPlugin(readPlugins(listed), ...names)) return root;
  const replaced = replace(root, false, new Map());
  return replaced.kind === 'map' ? replaced : root;
}

/** Trees that are shared stay shared. `inSub`: the text is that of an `Fn::Sub` already. */
function replace(node: Node, inSub: boolean, done: Map<Node, Node>): Node {
  if (node.kind === 'scalar' || node.kind === 'text') return inText(node, inSub);
  if (node.kind !== 'map' && node.kind !== 'list') return node;
  const known = done.get(node);
  if (known) return known;
  const result: Node =
    node.kind === 'map'
      ? { ...node, entries: node.entries.map((entry) => inEntry(entry, done)) }
      : { ...node, items: node.items.map((item) => replace(item, false, done)) };
  done.set(node, result);
  return result;
}

function inEntry(entry: Entry, done: Map<Node, Node>): Entry {
  if (entry.key !== 'Fn::Sub') return { ...entry, value: replace(entry.value, false, done) };
  const [text, ...others] = listOf(entry.value);
  if (!text) return entry;
  const sub = replace(text, true, done);
  if (entry.value.kind !== 'list') return { ...entry, value: sub };
  return { ...entry, value: { ...entry.value, items: [sub, ...others.map((item) => replace(item, false, done))] } };
}

function inText(node: Extract<Node, { kind: 'scalar' | 'text' }>, inSub: boolean): Node {
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string' || !node.value.includes('#{')) return node;
    const value = node.value.replaceAll(marker, '${$1}');
    if (value === node.value) return node;
    return inSub ? { ...node, value } : make(node.span, { 'Fn::Sub': { ...node, value } });
  }
  const isMarked = node.parts.some((part) => typeof part === 'string' && part.search(marker) !== -1);
  if (!isMarked || inSub) return node;
  return make(node.span, { 'Fn::Join': ['', node.parts.map((part) => piece(part, node.span))] });
}

function piece(part: string | Node, span: Span): Node {
  return typeof part === 'string' ? inText({ kind: 'scalar', span, value: part }, false) : part;
}
