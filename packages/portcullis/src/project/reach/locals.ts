import type { Project, Resource } from '../model.ts';
import { get, type Node } from '../node.ts';
import { hasWildcard, matches } from './glob.ts';
import { asGlob, isOpen, type Pattern, patternsOf } from './pattern.ts';
import { serviceOfType, services } from './services.ts';

/** More comparisons of name patterns than this are not made for one project. Real services need some hundreds. */
const maxComparisons = 500_000;

/** More resources of a type than this are not named one by one when a pattern means them all: nobody reads such a list. */
export const mostNamed = 50;

/** The resources of a project as policies see them: by service, and by the names that stand in their ARNs. */
export class Locals {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly #byType = new Map<string, Resource[]>();
  readonly #names = new Map<string, ReadonlyMap<string, Resource>>();
  #comparisons = 0;

  constructor(project: Project) {
    this.resources = project.resources;
    for (const resource of project.resources.values()) {
      const same = this.#byType.get(resource.type);
      if (same) same.push(resource);
      else this.#byType.set(resource.type, [resource]);
    }
  }

  /** True when patterns were left uncompared because there are too many. */
  get exhausted(): boolean {
    return this.#comparisons > maxComparisons;
  }

  /** What `*` means for a service, by the prefix of its actions: one list for each type. */
  ofService(service: string): readonly (readonly Resource[])[] {
    const types = new Set((services.get(service)?.kinds ?? []).flatMap((kind) => (kind.minor ? [] : kind.type)));
    return [...types].flatMap((type) => [this.#byType.get(type) ?? []]);
  }

  /** Everything of a service, minor kinds too. Each resource belongs to one service only. */
  belongingTo(service: string): readonly (readonly Resource[])[] {
    const types = new Set((services.get(service)?.kinds ?? []).map((kind) => kind.type));
    return [...types].flatMap((type) => (serviceOfType.get(type) === service ? [this.#byType.get(type) ?? []] : []));
  }

  /** Resources of a type whose written name is, or may be, the one of an ARN. */
  named(type: string, properties: readonly string[], name: string): readonly Resource[] {
    if (properties.length === 0) return [];
    const names = this.#namesOf(type, properties);
    const exact = names.get(name);
    if (exact) return [exact];
    if (!isOpen(name) && !hasWildcard(name)) return this.#whereOpen(names, name);
    const glob = asGlob(name);
    // Open or written as nothing but a wildcard: that would be every name.
    if (glob.replaceAll('*', '').length < 2) return [];
    return this.#where(names, (candidate) => !isOpen(candidate) && matches(glob, candidate));
  }

  /** The literal name of an ARN against names with open pieces: `orders-${stage}` may be `orders-dev`. */
  #whereOpen(names: ReadonlyMap<string, Resource>, name: string): readonly Resource[] {
    return this.#where(names, (candidate) => {
      if (!isOpen(candidate)) return false;
      const glob = asGlob(candidate);
      return glob.replaceAll('*', '').length > 3 && matches(glob, name);
    });
  }

  #where(names: ReadonlyMap<string, Resource>, test: (candidate: string) => boolean): readonly Resource[] {
    const found: Resource[] = [];
    for (const [candidate, resource] of names) {
      this.#comparisons += 1;
      if (this.exhausted) break;
      if (test(candidate)) found.push(resource);
    }
    return found;
  }

  #namesOf(type: string, properties: readonly string[]): ReadonlyMap<string, Resource> {
    const known = this.#names.get(type);
    if (known) return known;
    const names = new Map<string, Resource>();
    for (const resource of this.#byType.get(type) ?? []) {
      for (const property of properties) {
        for (const pattern of namePatterns(get(resource.properties, property)))
          names.set(trimName(pattern.exact), resource);
      }
    }
    this.#names.set(type, names);
    return names;
  }
}

function namePatterns(node: Node | undefined): readonly Pattern[] {
  return node ? patternsOf(node) : [];
}

/** Parameter names begin with a slash, alias names with `alias/`; in their ARNs that belongs to what stands before the name. */
export function trimName(name: string): string {
  const bare = name.startsWith('alias/') ? name.slice('alias/'.length) : name;
  return bare.startsWith('/') ? bare.slice(1) : bare;
}
