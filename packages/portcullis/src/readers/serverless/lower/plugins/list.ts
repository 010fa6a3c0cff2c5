import { type Node, type Span, textOf } from '../../../../project/index.ts';
import { dig, listOf } from '../nodes.ts';

export interface PluginEntry {
  readonly name: string;
  readonly span: Span;
}

/** The plugins of a service. */
export interface PluginList {
  readonly entries: readonly PluginEntry[];
  /** True when a part of the list is not decided by the files: a missing plugin then proves nothing. */
  readonly incomplete: boolean;
}

/** `plugins` as a list of names, or the older map `{localPath, modules}`. */
export function readPlugins(node: Node | undefined): PluginList {
  const list = node?.kind === 'map' ? dig(node, 'modules') : node;
  const entries: PluginEntry[] = [];
  let incomplete = false;
  for (const item of listOf(list)) {
    const name = textOf(item);
    if (name !== undefined) entries.push({ name: name.trim(), span: item.span });
    else if (item.kind === 'unknown' || item.kind === 'text') incomplete = true;
  }
  return { entries, incomplete };
}

/** The plugin of one of these names, if it is listed. */
export function findPlugin(plugins: PluginList, ...names: readonly string[]): PluginEntry | undefined {
  return plugins.entries.find((entry) => names.includes(entry.name));
}
