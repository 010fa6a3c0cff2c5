import { get, type Node, possibilities, type Route, type Unread } from '../../../project/index.ts';
import { routeSteps } from '../parse.ts';
import type { BuildContext } from './context.ts';
import { describe, isNull } from './facts.ts';

/** A resource by what names it (`RestApiId`, `UsagePlanId`): its logical id, else its id as text with `${...}` for what is known when it is deployed. */
export function idOf(node: Node | undefined): string {
  const [first] = node ? possibilities(node) : [];
  if (!first) return '?';
  return first.kind === 'reference' ? first.id : describe(first);
}

/** Two methods for one path stand under different conditions; the later one's id gets a number. */
export function uniqueRoutes(routes: readonly Route[]): readonly Route[] {
  const seen = new Map<string, number>();
  return routes.map((one) => {
    const count = (seen.get(one.id) ?? 0) + 1;
    seen.set(one.id, count);
    return count === 1 ? one : { ...one, id: `${one.id} (${count})` };
  });
}

export function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}

export function nameOf(node: Node | undefined): string | undefined {
  return isNull(node) || !node ? undefined : describe(node);
}

/** Routes of an OpenAPI document or a part of it that was not read, or of another API that is copied. */
export function importedRoutes({ bodies }: BuildContext, properties: Node, id: string): readonly Unread[] {
  const left = ['Body', 'BodyS3Location', 'CloneFrom'].flatMap((key) => {
    const value = get(properties, key);
    if (!value || isNull(value) || (key !== 'CloneFrom' && bodies.has(id))) return [];
    const reason =
      key === 'Body'
        ? value.kind === 'unknown'
          ? value.reason
          : 'is no OpenAPI document that can be read here'
        : key === 'CloneFrom'
          ? 'its routes are copied from another API'
          : 'the OpenAPI document lies in S3';
    return [{ what: `${key} of ${id}`, reason, span: value.span, steps: routeSteps }];
  });
  return [...(bodies.get(id) ?? []), ...left];
}
