import type { Resource } from '../../../project/index.ts';
import type { Template, TemplateResource } from '../template.ts';

/** What every part of the builder works on: the template and its resources with intrinsics evaluated. */
export interface BuildContext {
  readonly template: Template;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Resources of the given CloudFormation types, in the order of the file. */
  ofType(...types: readonly string[]): readonly Resource[];
  /** What lowering knows besides the properties (label, ...); undefined when there is no such resource. */
  raw(id: string): TemplateResource | undefined;
}

export function createContext(template: Template, resources: ReadonlyMap<string, Resource>): BuildContext {
  const byType = new Map<string, Resource[]>();
  for (const resource of resources.values()) {
    const same = byType.get(resource.type);
    if (same) same.push(resource);
    else byType.set(resource.type, [resource]);
  }
  return {
    template,
    resources,
    ofType: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    raw: (id) => template.resources.get(id),
  };
}
