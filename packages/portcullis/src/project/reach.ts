import { type Fact, outcomes } from './fact.ts';
import { LastOnly } from './last-only.ts';
import type { ContainerService, LambdaFunction, Link, Listener, Project, Role, Route, TargetGroup } from './model.ts';
import { Locals } from './reach/locals.ts';
import { type RoleReach, reachOfRole } from './reach/role.ts';
import { isStore } from './reach/services.ts';

export interface Reached {
  /** Logical id, or the name or ARN as written. */
  readonly resource: string;
  /** CloudFormation type: AWS::DynamoDB::Table. */
  readonly type: string;
  readonly access: 'read' | 'write';
}

export interface Reach {
  readonly function: LambdaFunction | undefined;
  /** Display name of the role between function and resources. */
  readonly role: string | undefined;
  /**
   * One entry per resource and access; a resource that is read and written has both. Write first, then stores of data, then
   * what is in these files; `*` last. Where `*` or another pattern means more than fifty resources of a type, one entry stands for them.
   */
  readonly resources: readonly Reached[];
  /** Reason why the list may be incomplete: a role from elsewhere, a managed policy that is not in the files. */
  readonly incomplete: string | undefined;
}

/**
 * What a caller of the route gets to: route -> function -> role -> resources, or through a load balancer to the task role of the
 * containers behind it. A permissions boundary, resource policies and service control policies are not taken into account: what
 * is listed is what the role's own policies allow.
 */
export function reachOf(project: Project, route: Route): Reach {
  return readerOf(project).ofRoute(route);
}

/** What whoever may use the role gets to, whatever hands it out. */
export function reachOfLink(project: Project, role: Fact<Link>): Reach {
  return readerOf(project).ofRole(role);
}

function readerOf(project: Project): Reader {
  let reader = readers.get(project);
  if (!reader) {
    reader = new Reader(project);
    readers.set(project, reader);
  }
  return reader;
}

/** Services have hundreds of routes with one role; its policies are read once. */
const readers = new LastOnly<Project, Reader>();

const nothing: Reach = { function: undefined, role: undefined, resources: [], incomplete: undefined };

class Reader {
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #targetGroups: ReadonlyMap<string, TargetGroup>;
  readonly #containers: ReadonlyMap<string, readonly ContainerService[]>;
  readonly #listeners: ReadonlyMap<string, readonly Listener[]>;
  readonly #locals: Locals;
  readonly #byRole = new Map<string, RoleReach>();
  readonly #byFunction = new Map<string, Reach>();
  readonly #byTargets = new Map<string, Reach>();

  constructor(project: Project) {
    this.#functions = new Map(project.functions.map((one) => [one.id, one]));
    this.#roles = new Map(project.roles.map((one) => [one.id, one]));
    this.#targetGroups = new Map(project.targetGroups.map((one) => [one.id, one]));
    this.#containers = groupBy(project.containerServices, (service) => service.targetGroups.flatMap(localIds));
    this.#listeners = groupBy(project.listeners, (listener) => localIds(listener.loadBalancer));
    this.#locals = new Locals(project);
  }

  ofRoute({ integration }: Route): Reach {
    switch (integration.kind) {
      case 'function':
        return this.#ofFunctionLink(integration.function);
      case 'containers':
        return this.#ofTargetGroups(integration.targetGroups);
      case 'http':
        return integration.loadBalancer === undefined ? nothing : this.#ofLoadBalancer(integration.loadBalancer);
      case 'service':
        return integration.role
          ? this.#ofRoles(undefined, integration.role)
          : { ...nothing, incomplete: 'the role that the integration acts with is not known' };
      case 'unknown':
        return { ...nothing, incomplete: `the integration ${integration.reason}` };
      case 'mock':
        return nothing;
    }
  }

  ofRole(link: Fact<Link>): Reach {
    return this.#ofRoles(undefined, link);
  }

  #ofFunctionLink(link: Fact<Link>): Reach {
    return this.#merge(
      outcomes(link).map((outcome) => {
        if (outcome.kind === 'unknown') return { ...nothing, incomplete: `the function ${outcome.reason}` };
        const { value } = outcome;
        if (value.kind === 'external') return missing('function', value.name);
        return this.#ofFunction(value.id);
      }),
    );
  }

  #ofFunction(id: string): Reach {
    const known = this.#byFunction.get(id);
    if (known) return known;
    const found = this.#functions.get(id);
    const reach = found ? this.#ofRoles(found, found.role) : missing('function', id);
    this.#byFunction.set(id, reach);
    return reach;
  }

  #ofRoles(owner: LambdaFunction | undefined, link: Fact<Link>): Reach {
    const reaches = outcomes(link).map((outcome): Reach => {
      if (outcome.kind === 'unknown') return { ...nothing, incomplete: `the role ${outcome.reason}` };
      const { value } = outcome;
      const name = value.kind === 'local' ? value.id : value.name.slice(value.name.lastIndexOf('/') + 1);
      const role = value.kind === 'local' ? this.#roles.get(value.id) : undefined;
      if (!role) return { ...missing('role', name), role: name };
      const { resources, incomplete } = this.#ofRole(role);
      return { function: undefined, role: role.id, resources, incomplete: incomplete.join('; ') || undefined };
    });
    return { ...this.#merge(reaches), function: owner };
  }

  #ofRole(role: Role): RoleReach {
    const known = this.#byRole.get(role.id);
    if (known) return known;
    const { resources, incomplete } = reachOfRole(role, this.#locals);
    const reach = { resources: sorted(resources, this.#locals), incomplete };
    this.#byRole.set(role.id, reach);
    return reach;
  }

  #ofTargetGroups(groups: readonly Fact<Link>[]): Reach {
    const ids = [...new Set(groups.flatMap(localIds))];
    const key = ids.join(' ');
    const known = this.#byTargets.get(key);
    if (known) return known;
    const reaches = ids.map((id) => {
      const services = this.#containers.get(id) ?? [];
      const functions = this.#targetGroups.get(id)?.functions ?? [];
      return this.#merge([
        ...services.map((service) => (service.taskRole ? this.#ofRoles(undefined, service.taskRole) : nothing)),
        ...functions.map((link) => this.#ofFunctionLink(link)),
        ...(services.length + functions.length === 0 ? [missing('service behind the target group', id)] : []),
      ]);
    });
    const reach =
      ids.length === 0 ? { ...nothing, incomplete: 'the target group is not in these files' } : this.#merge(reaches);
    this.#byTargets.set(key, reach);
    return reach;
  }

  #merge(reaches: readonly Reach[]): Reach {
    return merge(reaches, this.#locals);
  }

  #ofLoadBalancer(id: string): Reach {
    const groups = (this.#listeners.get(id) ?? []).flatMap((listener) =>
      [...listener.defaultActions, ...listener.rules.flatMap((rule) => rule.actions)].flatMap(
        (action) => action.targetGroups,
      ),
    );
    return groups.length === 0 ? nothing : this.#ofTargetGroups(groups);
  }
}

function missing(what: string, name: string): Reach {
  return { ...nothing, incomplete: `the ${name === '' ? what : `${what} ${name}`} is not in these files` };
}

function localIds(link: Fact<Link>): readonly string[] {
  return outcomes(link).flatMap((outcome) =>
    outcome.kind === 'known' && outcome.value.kind === 'local' ? [outcome.value.id] : [],
  );
}

function groupBy<T>(values: readonly T[], keysOf: (value: T) => readonly string[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    for (const key of keysOf(value)) {
      const same = groups.get(key);
      if (same) same.push(value);
      else groups.set(key, [value]);
    }
  }
  return groups;
}

/** Everything that any of them reaches; function and role of the first that has one. */
function merge(reaches: readonly Reach[], locals: Locals): Reach {
  const [only] = reaches;
  if (only && reaches.length === 1) return only;
  const resources = new Map<string, Reached>();
  const incomplete = new Set<string>();
  for (const reach of reaches) {
    for (const one of reach.resources) resources.set(`${one.access} ${one.type} ${one.resource}`, one);
    if (reach.incomplete !== undefined) incomplete.add(reach.incomplete);
  }
  return {
    function: reaches.find((reach) => reach.function)?.function,
    role: reaches.find((reach) => reach.role !== undefined)?.role,
    resources: sorted([...resources.values()], locals),
    incomplete: incomplete.size > 0 ? [...incomplete].join('; ') : undefined,
  };
}

function sorted(resources: readonly Reached[], locals: Locals): readonly Reached[] {
  return resources
    .map((reached) => ({ reached, key: sortKey(reached, locals) }))
    .sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0))
    .map(({ reached }) => reached);
}

function sortKey({ access, type, resource }: Reached, locals: Locals): string {
  const byAccess = access === 'write' ? 0 : 1;
  const everything = resource === '*' ? 1 : 0;
  const store = isStore(type) ? 0 : 1;
  const elsewhere = locals.resources.has(resource) ? 0 : 1;
  return `${byAccess}${everything}${store}${elsewhere} ${resource} ${type}`;
}
