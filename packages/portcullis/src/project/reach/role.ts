import { outcomes } from '../fact.ts';
import type { PolicyStatement, Resource, Role } from '../model.ts';
import type { Access } from './actions.ts';
import { type Allowed, accessesOf, allowed, type Denial, denied, granted, isOn } from './grants.ts';
import type { Locals } from './locals.ts';
import { managedPolicies } from './managed-policies.ts';
import { serviceOfType, services } from './services.ts';
import { type Target, targetsOf, typeOfUnlisted } from './targets.ts';

export interface RoleReach {
  readonly resources: readonly { readonly resource: string; readonly type: string; readonly access: Access }[];
  readonly incomplete: readonly string[];
}

/** Looking at Deny statements costs actions times resources times denials; beyond this they are left out, and that is said. */
const maxDenialChecks = 1_000_000;

/** What the statements and managed policies of a role allow, IAM's way: allowed by one statement and denied by none. */
export function reachOfRole(role: Role, locals: Locals): RoleReach {
  return new RoleReader(locals, role.statements).read(role);
}

class RoleReader {
  readonly #locals: Locals;
  readonly #denials: readonly Denial[];
  readonly #found = new Map<string, { resource: string; type: string; access: Access }>();
  readonly #incomplete = new Set<string>();
  readonly #done = new Set<string>();
  #checks = 0;

  constructor(locals: Locals, statements: readonly PolicyStatement[]) {
    this.#locals = locals;
    this.#denials = statements.flatMap((statement) => denied(statement) ?? []);
  }

  read(role: Role): RoleReach {
    for (const statement of role.statements) this.#statement(statement);
    for (const policy of role.managedPolicies) {
      for (const outcome of outcomes(policy)) {
        if (outcome.kind === 'known') this.#managedPolicy(outcome.value);
        else this.#incomplete.add(`a managed policy ${outcome.reason}`);
      }
    }
    if (this.#locals.exhausted) this.#incomplete.add('the policies name more resources than are compared');
    return { resources: [...this.#found.values()], incomplete: [...this.#incomplete] };
  }

  #statement(statement: PolicyStatement): void {
    const effects = outcomes(statement.effect);
    const [first] = effects;
    // A Deny that may be missing takes nothing away here, so the list is complete with it.
    if (first?.kind === 'unknown' && effects.every((effect) => effect.kind === 'unknown')) {
      this.#incomplete.add(`a statement ${first.reason}`);
    }
    const grants = allowed(statement);
    if (!grants) return;
    if (grants.undecided !== undefined) this.#incomplete.add(grants.undecided);
    if (grants.named.length === 0 && !grants.wide) return;
    for (const target of this.#targets(statement)) this.#grant(grants, target);
  }

  #targets(statement: PolicyStatement): readonly Target[] {
    // NotResource allows everything but a few.
    if (statement.notResources.length > 0) return [everything];
    const { resources } = statement;
    return resources.flatMap((node) => targetsOf(node, this.#locals));
  }

  #managedPolicy(arn: string): void {
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    const policy = arn.includes(':iam::aws:policy/') ? managedPolicies.get(name) : undefined;
    if (!policy) {
      this.#incomplete.add(`the managed policy ${name} is not in these files`);
      return;
    }
    const known = (values: readonly string[] | undefined) =>
      (values ?? []).map((value) => ({ kind: 'known', value }) as const);
    this.#grant(granted({ actions: known(policy.actions), notActions: known(policy.except) }), everything);
  }

  #grant(grants: Allowed, target: Target): void {
    const { wide } = grants;
    if (wide) this.#wide(wide, target);
    for (const { service, actions } of grants.named) this.#named(service, actions, target, grants.named.length === 1);
  }

  #named(service: string, actions: ReadonlySet<string>, target: Target, only: boolean): void {
    const main = services.get(service)?.kinds[0].type ?? typeOfUnlisted(service);
    switch (target.kind) {
      case 'all': {
        if (target.service !== '*' && !isOn(service, target.service)) return;
        for (const resource of this.#locals.ofService(service)) this.#whole(resource, service, actions);
        this.#add('*', main, this.#accesses(service, actions, [target.text]));
        return;
      }
      case 'local': {
        const { resource } = target;
        const own = serviceOfType.get(resource.type);
        const fits = own === undefined || isOn(service, own) || isKindOf(service, resource.type);
        // A value of a resource that belongs to another service: the secret that a database cluster keeps its password in.
        if (fits || (only && !target.text.startsWith('arn:'))) {
          const type = fits ? resource.type : main;
          this.#add(resource.id, type, this.#accesses(service, actions, [target.text]));
        }
        return;
      }
      case 'named':
        if (!isOn(service, target.service)) return;
        this.#add(target.name, target.type, this.#accesses(service, actions, [target.text]));
        return;
      case 'described':
        this.#add(target.name, main, this.#accesses(service, actions, [target.text]));
    }
  }

  /** `*` and other patterns over services, and NotAction. */
  #wide(actionsOf: (service: string) => ReadonlySet<string>, target: Target): void {
    switch (target.kind) {
      case 'all': {
        if (target.service !== '*') {
          this.#named(target.service, actionsOf(target.service), target, true);
          return;
        }
        for (const resource of this.#locals.all()) {
          const service = serviceOfType.get(resource.type) ?? '';
          this.#whole(resource, service, actionsOf(service));
        }
        const accesses = new Set<Access>();
        for (const service of services.keys()) {
          for (const access of this.#accesses(service, actionsOf(service), [target.text])) accesses.add(access);
        }
        this.#add('*', '*', accesses);
        return;
      }
      case 'local': {
        const service = serviceOfType.get(target.resource.type) ?? '';
        this.#named(service, actionsOf(service), target, true);
        return;
      }
      case 'named':
        this.#named(target.service, actionsOf(target.service), target, true);
        return;
      case 'described':
        this.#add(target.name, '*', accessesOf('', actionsOf('')));
    }
  }

  /** A resource that is reached because everything of its service is. */
  #whole(resource: Resource, service: string, actions: ReadonlySet<string>): void {
    if (this.#denials.length === 0) {
      const key = `${resource.id} ${service} ${[...accessesOf(service, actions)].join()}`;
      if (this.#done.has(key)) return;
      this.#done.add(key);
    }
    const texts = [`\uE000${resource.id}.Arn\uE001`, `\uE000${resource.id}.\uE001`];
    this.#add(resource.id, resource.type, this.#accesses(service, actions, texts));
  }

  /** The kinds of access that are left once denied actions are taken away. `texts` are ways to write the resource. */
  #accesses(service: string, actions: ReadonlySet<string>, texts: readonly string[]): ReadonlySet<Access> {
    if (this.#denials.length === 0) return accessesOf(service, actions);
    this.#checks += this.#denials.length * actions.size;
    if (this.#checks > maxDenialChecks) {
      this.#incomplete.add('the role has more Deny statements than are compared');
      return accessesOf(service, actions);
    }
    const effective = this.#denials.filter((denial) => texts.some((text) => denial.covers(text)));
    if (effective.length === 0) return accessesOf(service, actions);
    const left = [...actions].filter((action) => !effective.some((denial) => denial.includes(service, action)));
    return accessesOf(service, left);
  }

  #add(resource: string, type: string, accesses: Iterable<Access>): void {
    for (const access of accesses) this.#found.set(`${access} ${type} ${resource}`, { resource, type, access });
  }
}

const everything: Target = { kind: 'all', service: '*', text: '*' };

function isKindOf(service: string, type: string): boolean {
  return services.get(service)?.kinds.some((kind) => kind.type === type) ?? false;
}
