import { type Entry, entries, get, items, type MapNode, type Node, type Span, stringOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { isIntrinsic } from './context.ts';

/**
 * A resource with what `Globals` says of its kind: maps merge, lists are put behind those of Globals, anything else of the resource wins;
 * a function of CloudFormation counts as one value (AWS SAM Developer Guide, "Globals section").
 */
export function withGlobals(resource: TemplateResource, globals: Node | undefined): TemplateResource {
  const section = get(globals, resource.type.slice('AWS::Serverless::'.length));
  if (section?.kind !== 'map') return resource;
  const ignored = resource.ignoreGlobals;
  if (stringOf(ignored) === '*') return resource;
  const left = new Set(items(ignored).flatMap((item) => stringOf(item) ?? []));
  const own: MapNode =
    left.size > 0 ? { ...section, entries: section.entries.filter(({ key }) => !left.has(key)) } : section;
  return { ...resource, properties: mergeMaps(own, resource.properties, '') };
}

/** Lists of which the transform takes the resource's own instead of both. */
const replaced: ReadonlySet<string> = new Set(['Architectures']);

function merge(over: Node, base: Node, key: string): Node {
  if (isIntrinsic(base) || isIntrinsic(over)) return over;
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, key);
  if (base.kind === 'list' && over.kind === 'list' && !replaced.has(key)) {
    return { kind: 'list', items: [...base.items, ...over.items], span: over.span };
  }
  return over;
}

function mergeMaps(base: MapNode, over: MapNode, prefix: string): MapNode {
  const merged = new Map<string, Entry>(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of over.entries) {
    const { key } = entry;
    const below = merged.get(key);
    merged.set(key, below ? { ...entry, value: merge(entry.value, below.value, prefix === '' ? key : '-') } : entry);
  }
  return { kind: 'map', entries: [...merged.values()], span: over.span };
}

/** Keys of the environment that Globals gives to every function. */
export function globalEnvironment(globals: Node | undefined): ReadonlySet<Span> {
  const variables = get(get(get(globals, 'Function'), 'Environment'), 'Variables');
  return new Set(entries(variables).map(({ keySpan }) => keySpan));
}
