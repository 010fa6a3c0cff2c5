import type { Entry, ListNode, MapNode, Node, Scalar, Span } from '../../../project/index.ts';

// Making nodes for what the framework adds by itself, and asking nodes the way the framework asks JavaScript values.

/** A plain value that becomes a node; nodes inside it are kept as they are, with their own places. Undefined fields are left out. */
export type Plain = Node | Scalar | undefined | readonly Plain[] | { readonly [key: string]: Plain };

function isNode(value: object): value is Node {
  return 'kind' in value && 'span' in value;
}

export function make(span: Span, value: Exclude<Plain, undefined>): Node {
  if (value === null || typeof value !== 'object') return { kind: 'scalar', span, value };
  if (Array.isArray(value)) return makeList(span, value as readonly Plain[]);
  if (isNode(value)) return value;
  return makeMap(span, value as { readonly [key: string]: Plain });
}

export function makeMap(span: Span, fields: { readonly [key: string]: Plain }): MapNode {
  const entries: Entry[] = [];
  for (const [key, field] of Object.entries(fields)) {
    if (field === undefined) continue;
    const value = make(span, field);
    entries.push({ key, keySpan: value.span, value });
  }
  return { kind: 'map', span, entries };
}

export function makeList(span: Span, items: readonly Plain[]): ListNode {
  const nodes: Node[] = [];
  for (const item of items) if (item !== undefined) nodes.push(make(span, item));
  return { kind: 'list', span, items: nodes };
}

export const ref = (id: string) => ({ Ref: id });
export const attribute = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
export const join = (delimiter: string, parts: readonly Plain[]) => ({ 'Fn::Join': [delimiter, parts] });

/** Absent, null, false, an empty text or 0: what JavaScript, and so the framework, takes for "not set". Text `false` is coerced by the schema. */
export function isUnset(node: Node | undefined): boolean {
  if (!node) return true;
  return node.kind === 'scalar' && (!node.value || node.value === 'false');
}

/** The value when it is set, undefined otherwise. */
export function set(node: Node | undefined): Node | undefined {
  return isUnset(node) ? undefined : node;
}

/** Follows keys; stops at, and returns, a node that the files do not decide. */
export function dig(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let current = node;
  for (const key of path) {
    if (current?.kind === 'unknown') return current;
    if (current?.kind !== 'map') return undefined;
    current = current.entries.findLast((entry) => entry.key === key)?.value;
  }
  return current;
}

/** A text for names and paths: undecided pieces become `?`. Undefined for lists, maps and null. */
export function roughText(node: Node | undefined): string | undefined {
  if (!node) return undefined;
  if (node.kind === 'scalar') return node.value === null ? undefined : String(node.value);
  if (node.kind === 'text') return node.parts.map((part) => (typeof part === 'string' ? part : '?')).join('');
  return node.kind === 'unknown' ? '?' : undefined;
}

/** A list, or a single value standing in for a list of one (the framework's schema coerces it). Null and absent are empty. */
export function listOf(node: Node | undefined): readonly Node[] {
  if (!node || (node.kind === 'scalar' && node.value === null)) return [];
  return node.kind === 'list' ? node.items : [node];
}

/** Deep merge as the framework does it: maps by key, lists by index, anything else replaced by `over`. */
function merge(base: Node, over: Node): Node {
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over);
  if (base.kind === 'list' && over.kind === 'list') {
    const items = base.items.map((item, index) => {
      const other = over.items[index];
      return other ? merge(item, other) : item;
    });
    return { kind: 'list', span: over.span, items: [...items, ...over.items.slice(items.length)] };
  }
  return over;
}

export function mergeMaps(base: MapNode, over: MapNode): MapNode {
  const byKey = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of over.entries) {
    const previous = byKey.get(entry.key);
    byKey.set(entry.key, previous ? { ...entry, value: merge(previous.value, entry.value) } : entry);
  }
  return { kind: 'map', span: base.span, entries: [...byKey.values()] };
}

/** Later entries win; values are not merged. */
export function assign(base: MapNode, over: MapNode): MapNode {
  const byKey = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of over.entries) byKey.set(entry.key, entry);
  return { kind: 'map', span: base.span, entries: [...byKey.values()] };
}

export function emptyMap(span: Span): MapNode {
  return { kind: 'map', span, entries: [] };
}
