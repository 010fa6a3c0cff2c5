import {
  type Entry,
  entry,
  get,
  items,
  type ListNode,
  type MapNode,
  type Node,
  stringOf,
} from '../../project/index.ts';
import { isLocalPath, type LocalDocuments } from './local-documents.ts';

/**
 * A template (or an OpenAPI document) with every `Fn::Transform` of AWS::Include whose Location is a local path replaced by what the file
 * holds, with the places in that file; beside other keys its keys are added, and theirs win. Files may include files. What cannot be read, and
 * what lies in S3, stays as it is. Includes of the top-level `Transform` are merged into the sections.
 * @param path of the file that the node stands in; absolute
 */
export function expandIncludes(root: Node, path: string, documents: LocalDocuments): Node {
  return new Includes(documents).root(root, path);
}

/** Whether a text is worth the walk. */
export const mentionsInclude = (text: string): boolean => text.includes('AWS::Include');

/** Files that include files that include files. */
const maximumDepth = 8;

interface Place {
  readonly path: string;
  readonly around: readonly string[];
}

class Includes {
  readonly #documents: LocalDocuments;

  constructor(documents: LocalDocuments) {
    this.#documents = documents;
  }

  root(root: Node, path: string): Node {
    const place = { path, around: [this.#documents.real(path)] };
    const expanded = this.#expand(root, place);
    const transform = entry(root, 'Transform');
    if (expanded.kind !== 'map' || !transform) return expanded;
    let merged: MapNode = expanded;
    const kept: Node[] = [];
    for (const item of items(transform.value)) {
      const content = this.#content(item, place);
      if (content?.kind === 'map') merged = mergeSections(merged, content);
      else kept.push(item);
    }
    if (kept.length === items(transform.value).length) return merged;
    const list: ListNode = { kind: 'list', items: kept, span: transform.value.span };
    return {
      ...merged,
      entries: merged.entries.map((one) => (one.key === 'Transform' ? { ...one, value: list } : one)),
    };
  }

  #expand(node: Node, place: Place): Node {
    if (node.kind === 'list') {
      const changed = node.items.map((item) => this.#expand(item, place));
      return changed.some((item, index) => item !== node.items[index]) ? { ...node, items: changed } : node;
    }
    if (node.kind !== 'map') return node;
    const changed = node.entries.map((one): Entry => {
      const value = this.#expand(one.value, place);
      return value === one.value ? one : { ...one, value };
    });
    const expanded = changed.some((one, index) => one !== node.entries[index]) ? { ...node, entries: changed } : node;
    const transform = entry(node, 'Fn::Transform');
    if (!transform) return expanded;
    // A list of macros works in order on what stands beside it; only a single include is worked out here.
    const content = this.#content(transform.value, place);
    if (!content) return expanded;
    const others = expanded.entries.filter((one) => one.key !== 'Fn::Transform');
    if (others.length === 0) return content;
    if (content.kind !== 'map') return expanded;
    const own = new Set(others.map((one) => one.key));
    return { ...expanded, entries: [...content.entries.filter((one) => !own.has(one.key)), ...others] };
  }

  /** What `{Name: AWS::Include, Parameters: {Location: path}}` stands for; undefined when it is something else or cannot be read. */
  #content(transform: Node, place: Place): Node | undefined {
    const location = locationOf(transform);
    if (location === undefined || place.around.length > maximumDepth) return undefined;
    const document = this.#documents.read(location, place.path, transform.span, place.around);
    if (typeof document === 'string') return undefined;
    return this.#expand(document.root, { path: document.path, around: [...place.around, document.path] });
  }
}

function locationOf(transform: Node): string | undefined {
  if (stringOf(get(transform, 'Name')) !== 'AWS::Include') return undefined;
  const written = get(get(transform, 'Parameters'), 'Location');
  const text = stringOf(written) ?? stringOf(get(written, 'Fn::Sub'));
  return text !== undefined && isLocalPath(text) ? text : undefined;
}

/** Sections of both are merged; of an entry in both that of the template stays. */
function mergeSections(template: MapNode, added: MapNode): MapNode {
  const result = new Map(template.entries.map((one) => [one.key, one]));
  for (const section of added.entries) {
    const own = result.get(section.key);
    if (!own) result.set(section.key, section);
    else if (own.value.kind === 'map' && section.value.kind === 'map') {
      const keys = new Set(own.value.entries.map((one) => one.key));
      const more = section.value.entries.filter((one) => !keys.has(one.key));
      result.set(section.key, { ...own, value: { ...own.value, entries: [...own.value.entries, ...more] } });
    }
  }
  return { ...template, entries: [...result.values()] };
}
