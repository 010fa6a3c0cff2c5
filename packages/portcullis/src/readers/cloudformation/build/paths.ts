import { get, LastOnly, type Node, possibilities, textOf } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { describe } from './facts.ts';

/** API Gateway takes 300 resources in an API. */
const maximumParts = 300;

const cache = new LastOnly<BuildContext, Map<string, string>>();

/**
 * Path of a REST resource, from what a method's `ResourceId` says. A parent that lies elsewhere, as the root that another stack exports,
 * counts as `/`: the path then begins where this template begins.
 */
export function pathOf(context: BuildContext, resourceId: Node | undefined): string {
  const [first] = resourceId ? possibilities(resourceId) : [];
  if (first?.kind !== 'reference' || first.attribute === 'RootResourceId') return '/';
  return resourcePath(context, first.id);
}

function resourcePath(context: BuildContext, id: string): string {
  const known = cache.get(context) ?? new Map<string, string>();
  cache.set(context, known);
  const parts: string[] = [];
  const way: string[] = [];
  const seen = new Set<string>();
  let current: string | undefined = id;
  let base = '';
  while (current !== undefined && !seen.has(current) && way.length < maximumParts) {
    const done = known.get(current);
    if (done !== undefined) {
      base = done === '/' ? '' : done;
      break;
    }
    const resource = context.resources.get(current);
    if (resource?.type !== 'AWS::ApiGateway::Resource') break;
    seen.add(current);
    way.unshift(current);
    parts.unshift(segment(get(resource.properties, 'PathPart'), current));
    const [parent]: readonly Node[] = possibilities(get(resource.properties, 'ParentId') ?? resource.properties);
    current = parent?.kind === 'reference' && parent.attribute !== 'RootResourceId' ? parent.id : undefined;
  }
  let path = base;
  way.forEach((step, index) => {
    path = `${path}/${parts[index] ?? ''}`;
    known.set(step, path);
  });
  return path === '' ? '/' : path;
}

/** An undecided path part is shown as a variable with the resource's name. */
function segment(part: Node | undefined, id: string): string {
  const [first] = part ? possibilities(part) : [];
  const text = textOf(first) ?? (first?.kind === 'text' ? describe(first) : undefined);
  return text === undefined || text === '' ? `{${id}}` : text.replace(/^\/+/, '');
}
