import { type Entry, type MapNode, type Node, stepIds, textOf } from '../../../project/index.ts';
import type { Lowering, ServiceEvent, ServiceFunction } from './lowering.ts';
import { kindName, notRead, wrongType } from './lowering.ts';
import { emptyMap, mergeMaps } from './nodes.ts';

/**
 * `functions` and `resources` may be a list of maps, which the framework merges in order. Undecided pieces and wrong types are
 * handed to the callbacks; the rest is merged.
 */
export function mergedMap(
  node: Node | undefined,
  fallback: MapNode,
  undecided: (node: Node) => void,
  wrong: (node: Node) => void,
): MapNode {
  if (!node || (node.kind === 'scalar' && node.value === null)) return emptyMap(fallback.span);
  if (node.kind === 'map') return node;
  if (node.kind === 'unknown' || node.kind === 'text') {
    undecided(node);
    return emptyMap(node.span);
  }
  if (node.kind !== 'list') {
    wrong(node);
    return emptyMap(node.span);
  }
  let merged = emptyMap(node.span);
  for (const item of node.items) {
    if (item.kind === 'map') merged = mergeMaps(merged, item);
    else if (item.kind === 'unknown' || item.kind === 'text') undecided(item);
    else if (!(item.kind === 'scalar' && item.value === null)) wrong(item);
  }
  return merged;
}

/** Functions with their events, and whether a part of them could not be read. */
export function readFunctions(
  root: MapNode,
  node: Node | undefined,
  lowering: Lowering,
): { functions: ServiceFunction[]; incomplete: boolean } {
  let incomplete = false;
  const all = mergedMap(
    node,
    root,
    (part) => {
      incomplete = true;
      notRead(lowering, 'functions', reasonOf(part), part.span);
    },
    (part) => {
      incomplete = true;
      wrongType(
        lowering,
        {
          found: `\`functions\` holds ${kindName(part)}`,
          expected: 'a map of functions or a list of such maps',
          span: part.span,
          next: 'Write every function under its own name',
        },
        { steps: stepIds },
      );
    },
  );
  const functions: ServiceFunction[] = [];
  for (const entry of all.entries) {
    const { value } = entry;
    if (value.kind === 'map') {
      functions.push({
        name: entry.key,
        span: entry.keySpan,
        node: value,
        events: readEvents(lowering, entry, value),
      });
    } else if (value.kind === 'unknown' || value.kind === 'text') {
      incomplete = true;
      notRead(lowering, `function ${entry.key}`, reasonOf(value), entry.keySpan);
    } else if (!(value.kind === 'scalar' && value.value === null)) {
      incomplete = true;
      wrongType(
        lowering,
        {
          found: `function \`${entry.key}\` is ${kindName(value)}`,
          expected: 'a map with `handler` and `events`',
          span: entry.keySpan,
          next: 'Indent the settings of the function below its name',
        },
        { steps: stepIds },
      );
    }
  }
  return { functions, incomplete };
}

function readEvents(lowering: Lowering, fn: Entry, node: MapNode): ServiceEvent[] {
  const events: ServiceEvent[] = [];
  const list = node.entries.findLast((entry) => entry.key === 'events')?.value;
  if (!list || (list.kind === 'scalar' && list.value === null)) return events;
  if (list.kind === 'unknown' || list.kind === 'text') {
    notRead(lowering, `events of function ${fn.key}`, reasonOf(list), list.span);
    return events;
  }
  if (list.kind !== 'list') {
    wrongType(lowering, {
      found: `\`functions.${fn.key}.events\` is ${kindName(list)}`,
      expected: 'a list, one entry per event',
      span: list.span,
      next: 'Begin every event with `- `',
    });
    if (list.kind === 'map') collectEvents(events, list, `functions.${fn.key}.events`);
    return events;
  }
  list.items.forEach((item, index) => {
    const path = `functions.${fn.key}.events[${index}]`;
    if (item.kind === 'map') collectEvents(events, item, path);
    else if (item.kind === 'list') {
      // A list inside the list (an included file that is itself a list): the framework finds no event in it.
      wrongType(lowering, {
        found: `\`${path}\` is a list`,
        expected: 'one event',
        span: item.span,
        next: 'Put the events of the included list directly below `events`',
      });
    } else if (item.kind === 'unknown' || item.kind === 'text') {
      notRead(lowering, `an event of function ${fn.key}`, reasonOf(item), item.span);
    }
  });
  return events;
}

function collectEvents(events: ServiceEvent[], entry: MapNode, path: string): void {
  for (const { key, keySpan, value } of entry.entries) events.push({ kind: key, value, span: keySpan, entry, path });
}

export function reasonOf(node: Node): string {
  if (node.kind === 'unknown') return node.reason;
  if (node.kind === 'text') {
    for (const part of node.parts) if (typeof part !== 'string' && part.kind === 'unknown') return part.reason;
  }
  return 'is known when it is deployed';
}

/** `service: name` or, up to v2, `service: {name: ...}`. */
export function serviceNameOf(root: MapNode): string | undefined {
  const service = root.entries.findLast((entry) => entry.key === 'service')?.value;
  if (service?.kind === 'map') return textOf(service.entries.findLast((entry) => entry.key === 'name')?.value);
  return textOf(service);
}
