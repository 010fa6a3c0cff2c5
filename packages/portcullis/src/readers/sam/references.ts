import { type Entry, type MapNode, type Node, stringOf } from '../../project/index.ts';

/**
 * The node with `Api.Stage`, `Function.Alias` and the like replaced by the logical ids of what the transform makes, in Ref, Fn::GetAtt and
 * Fn::Sub (AWS SAM Developer Guide, "Referencing generated resources"). Nodes without any are returned as they are.
 */
export function withGeneratedIds(node: Node, ids: ReadonlyMap<string, string>): Node {
  if (node.kind === 'list') {
    const items = node.items.map((item) => withGeneratedIds(item, ids));
    return items.every((item, index) => item === node.items[index]) ? node : { ...node, items };
  }
  return node.kind === 'map' ? inMap(node, ids) : node;
}

function inMap(map: MapNode, ids: ReadonlyMap<string, string>): MapNode {
  const [only] = map.entries;
  const changed = map.entries.length === 1 && only ? inIntrinsic(only, ids) : undefined;
  if (changed) return { ...map, entries: [changed] };
  const entries = map.entries.map((entry) => {
    const value = withGeneratedIds(entry.value, ids);
    return value === entry.value ? entry : { ...entry, value };
  });
  return entries.every((entry, index) => entry === map.entries[index]) ? map : { ...map, entries };
}

/** Undefined when it is none of the three, or names nothing that is made. */
function inIntrinsic(entry: Entry, ids: ReadonlyMap<string, string>): Entry | undefined {
  const { key, value } = entry;
  const text = stringOf(value);
  if (key === 'Ref' && text !== undefined) {
    const id = ids.get(text);
    return id === undefined ? undefined : { ...entry, value: { ...value, kind: 'scalar', value: id } };
  }
  if (key === 'Fn::Sub' && text !== undefined) return { ...entry, value: inText(value, text, ids) };
  if (value.kind !== 'list') return undefined;
  const [first, ...rest] = value.items;
  const head = stringOf(first);
  if (!first || head === undefined) return undefined;
  if (key === 'Fn::Sub') {
    const others = rest.map((item) => withGeneratedIds(item, ids));
    return { ...entry, value: { ...value, items: [inText(first, head, ids), ...others] } };
  }
  if (key !== 'Fn::GetAtt') return undefined;
  const names = value.items.map(stringOf).join('.').split('.');
  const id = ids.get(names.slice(0, 2).join('.'));
  if (id === undefined || names.length < 3) return undefined;
  const parts = [id, names.slice(2).join('.')];
  return { ...entry, value: { ...value, items: parts.map((part) => ({ ...first, kind: 'scalar', value: part })) } };
}

function inText(node: Node, text: string, ids: ReadonlyMap<string, string>): Node {
  if (!text.includes('${')) return node;
  const changed = text.replace(
    /\$\{([A-Za-z0-9]{1,255})\.([A-Za-z]{1,40})((?:\.[A-Za-z0-9]{1,255})?)\}/g,
    (whole, owner: string, name: string, rest: string) => {
      const id = ids.get(`${owner}.${name}`);
      return id === undefined ? whole : `\${${id}${rest}}`;
    },
  );
  return changed === text ? node : { ...node, kind: 'scalar', value: changed };
}
