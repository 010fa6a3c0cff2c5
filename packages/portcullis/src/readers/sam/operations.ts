import { get, type Node, type Span, stringOf, textOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { given, leave, normalizeMethod, type Operation, type Sam } from './context.ts';

const routeSteps = ['authorization', 'usage-plans', 'firewall'] as const;

export const implicitApi = { rest: 'ServerlessRestApi', http: 'ServerlessHttpApi' } as const;

/**
 * The API of an event: the one it names, or the implicit one. `stage` is what the logical ids of its permissions end in. Undefined, and
 * recorded, when the template has no such API: the transform then refuses the event.
 */
export function apiNamed(
  sam: Sam,
  owner: TemplateResource,
  event: string,
  span: Span,
  written: Node | undefined,
  kind: 'rest' | 'http',
): { readonly id: string; readonly stage: string } | undefined {
  if (!given(written)) return { id: implicitApi[kind], stage: 'Prod' };
  const id = stringOf(written) ?? stringOf(get(written, 'Ref'));
  const api = id === undefined ? undefined : sam.sources.get(id);
  if (id === undefined || (!api && id !== implicitApi[kind])) {
    const reason = 'it names an API that is not in this template, which AWS SAM refuses';
    leave(sam, `event ${event} of ${owner.id}`, reason, span, routeSteps);
    return undefined;
  }
  const stage = get(api?.properties, 'StageName');
  return { id, stage: api ? (stringOf(stage) ?? 'Stage') : 'Prod' };
}

/** `Path` and `Method` of an event; both have to be plain texts. */
export function eventMethod(
  sam: Sam,
  owner: TemplateResource,
  event: string,
  span: Span,
  properties: Node,
): { readonly path: string; readonly method: string } | undefined {
  const path = textOf(get(properties, 'Path'));
  const method = textOf(get(properties, 'Method'));
  if (path !== undefined && method !== undefined) return { path, method: normalizeMethod(method) };
  const reason = 'AWS SAM reads Path and Method only as plain texts';
  leave(sam, `event ${event} of ${owner.id}`, reason, span, routeSteps);
  return undefined;
}

/** One method of a path is described once; a second event for it is refused by the transform. */
export function addOperation(sam: Sam, api: string, operation: Operation): void {
  const group = sam.operations.get(api) ?? new Map<string, Operation>();
  sam.operations.set(api, group);
  const key = `${operation.method} ${operation.path}`;
  if (group.has(key)) {
    const what = `a second event for ${operation.method.toUpperCase()} ${operation.path}`;
    leave(sam, what, 'AWS SAM refuses two events for one method of a path', operation.span, routeSteps);
  } else group.set(key, operation);
}

export function operationsOf(sam: Sam, api: string): readonly Operation[] {
  return [...(sam.operations.get(api)?.values() ?? [])];
}
