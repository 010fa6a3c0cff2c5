import type { Resource, Unread } from '../../../project/index.ts';
import type { Template, TemplateResource } from '../template.ts';

/** What every part of the builder works on: the template and its resources with intrinsics evaluated. */
export interface BuildContext {
  readonly template: Template;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Resources of the given CloudFormation types, in the order of the file. */
  ofType(...types: readonly string[]): readonly Resource[];
  /** What lowering knows besides the properties (label, ...); undefined when there is no such resource. */
  raw(id: string): TemplateResource | undefined;
  /** Logical ids of the APIs whose OpenAPI document was read, with what of it was not. */
  readonly bodies: ReadonlyMap<string, readonly Unread[]>;
}

const none: readonly Resource[] = [];

export function createContext(
  template: Template,
  resources: ReadonlyMap<string, Resource>,
  bodies: BuildContext['bodies'] = new Map(),
): BuildContext {
  const byType = new Map<string, Resource[]>();
  for (const resource of resources.values()) {
    const same = byType.get(resource.type);
    if (same) same.push(resource);
    else byType.set(resource.type, [resource]);
  }
  return {
    template,
    resources,
    bodies,
    // Nearly all callers ask for one type; no list is made for them.
    ofType: (...types) => {
      const [only] = types;
      return types.length === 1 && only !== undefined
        ? (byType.get(only) ?? none)
        : types.flatMap((type) => byType.get(type) ?? none);
    },
    raw: (id) => template.resources.get(id),
  };
}
