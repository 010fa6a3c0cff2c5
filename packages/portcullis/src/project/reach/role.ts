import { outcomes } from '../fact.ts';
import type { PolicyStatement, Resource, Role } from '../model.ts';
import type { Access } from './actions.ts';
import { Denials } from './denials.ts';
import { type Allowed, accessesOf, allowed, granted, isOn } from './grants.ts';
import { type Locals, mostNamed } from './locals.ts';
import { managedPolicies } from './managed-policies.ts';
import { referenceText } from './pattern.ts';
import { serviceOfType, services } from './services.ts';
import { type Target, targetsOf, typeOfUnlisted } from './targets.ts';

export interface RoleReach {
  readonly resources: readonly { readonly resource: string; readonly type: string; readonly access: Access }[];
  readonly incomplete: readonly string[];
}

/** Services times resources of all statements. The policies of a role take at most some tens of thousands of characters. */
const maxGrants = 100_000;

/** What the statements and managed policies of a role allow, IAM's way: allowed by one statement and denied by none. */
export function reachOfRole(role: Role, locals: Locals): RoleReach {
  return new RoleReader(locals, role.statements).read(role);
}

class RoleReader {
  readonly #locals: Locals;
  readonly #denials: Denials;
  readonly #found = new Map<string, { resource: string; type: string; access: Access }>();
  readonly #incomplete = new Set<string>();
  readonly #done = new Set<string>();
  #grants = 0;

  constructor(locals: Locals, statements: readonly PolicyStatement[]) {
    this.#locals = locals;
    this.#denials = new Denials(statements);
  }

  read(role: Role): RoleReach {
    for (const statement of role.statements) this.#statement(statement);
    for (const policy of role.managedPolicies) {
      for (const outcome of outcomes(policy)) {
        if (outcome.kind === 'known') this.#managedPolicy(outcome.value);
        else this.#incomplete.add(`a managed policy ${outcome.reason}`);
      }
    }
    if (this.#locals.exhausted || this.#denials.exhausted || this.#grants > maxGrants) {
      this.#incomplete.add('its policies are larger than is looked at');
    }
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
    // NotResource allows everything but a few.
    const targets =
      statement.notResources.length > 0
        ? [everything]
        : statement.resources.flatMap((node) => targetsOf(node, this.#locals));
    for (const target of targets) this.#grant(grants, target);
  }

  #managedPolicy(arn: string): void {
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    const ofAws = arn.includes(':iam::aws:policy/');
    const policy = ofAws ? managedPolicies.get(name) : undefined;
    if (!policy) {
      this.#incomplete.add(
        ofAws ? `what the AWS managed policy ${name} allows is not known` : `the policy ${name} is not in these files`,
      );
      return;
    }
    const known = (values: readonly string[] | undefined) =>
      (values ?? []).map((value) => ({ kind: 'known', value }) as const);
    this.#grant(granted({ actions: known(policy.actions), notActions: known(policy.except) }), everything);
  }

  #grant({ wide, named }: Allowed, target: Target): void {
    this.#grants += named.length + 1;
    if (this.#grants > maxGrants) return;
    if (wide) this.#wide(wide, target);
    for (const { service, actions } of named) this.#named(service, actions, target, named.length === 1);
  }

  #named(service: string, actions: ReadonlySet<string>, target: Target, only: boolean): void {
    const main = services.get(service)?.kinds[0].type ?? typeOfUnlisted(service);
    switch (target.kind) {
      case 'all':
        if (target.service !== '*' && !isOn(service, target.service)) return;
        this.#whole(service, actions, this.#locals.ofService(service));
        this.#add('*', main, service, actions, [target.text]);
        return;
      case 'local': {
        const { resource } = target;
        const own = serviceOfType.get(resource.type);
        const fits = own === undefined || isOn(service, own) || isKindOf(service, resource.type);
        // A value of a resource that belongs to another service: the secret that a database cluster keeps its password in.
        if (fits || (only && !target.text.startsWith('arn:'))) {
          this.#add(resource.id, fits ? resource.type : main, service, actions, [target.text]);
        }
        return;
      }
      case 'named': {
        if (!isOn(service, target.service)) return;
        const type = isKindOf(service, target.type) ? target.type : main;
        this.#add(target.name, type, service, actions, [target.text]);
        return;
      }
      case 'described':
        this.#add(target.name, main, service, actions, [target.text]);
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
        for (const service of services.keys()) {
          const actions = actionsOf(service);
          this.#whole(service, actions, this.#locals.belongingTo(service));
          this.#add('*', '*', service, actions, [target.text]);
        }
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
        this.#add(target.name, '*', '', actionsOf(''), [target.text]);
    }
  }

  /** Resources that are reached because everything of their service is. */
  #whole(service: string, actions: ReadonlySet<string>, types: readonly (readonly Resource[])[]): void {
    const what = this.#denials.idle ? accessesOf(service, actions) : actions;
    const key = `${service} ${[...what].sort().join()} ${types.map((resources) => resources.length).join()}`;
    if (this.#done.has(key)) return;
    this.#done.add(key);
    for (const resources of types) {
      const [first] = resources;
      if (first && resources.length > mostNamed) this.#add('*', first.type, service, actions, ['*']);
      else {
        for (const { id, type } of resources)
          this.#add(id, type, service, actions, [referenceText(id, 'Arn'), referenceText(id)]);
      }
    }
  }

  /** With the kinds of access that are left once denied actions are taken away. `texts` are the ways to write the resource. */
  #add(resource: string, type: string, service: string, actions: ReadonlySet<string>, texts: readonly string[]): void {
    for (const access of accessesOf(service, this.#denials.left(service, actions, texts))) {
      this.#found.set(`${access} ${type} ${resource}`, { resource, type, access });
    }
  }
}

const everything: Target = { kind: 'all', service: '*', text: '*' };

function isKindOf(service: string, type: string): boolean {
  return services.get(service)?.kinds.some((kind) => kind.type === type) ?? false;
}
