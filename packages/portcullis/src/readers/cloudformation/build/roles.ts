import {
  type Fact,
  get,
  known,
  LastOnly,
  type Link,
  type Node,
  type PolicyStatement,
  type Resource,
  type Role,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { describe, eitherOr, isNull, linkFact, textFact } from './facts.ts';
import { statementsOf } from './policy.ts';
import { flatten, links, someText } from './values.ts';

/**
 * Roles with every statement that this template gives them: inline Policies, AWS::IAM::Policy and AWS::IAM::RolePolicy, and the
 * AWS::IAM::ManagedPolicy resources that name the role or are named by it. A permissions boundary is not applied: what it would
 * take away is still listed.
 */
export function buildRoles(context: BuildContext): readonly Role[] {
  const attached = attachedPolicies(context);
  return context.ofType('AWS::IAM::Role').map((resource) => {
    const { properties } = resource;
    const policies = new Set<Resource>(attached.get(resource.id));
    const name = someText(get(properties, 'RoleName'));
    if (name !== undefined) for (const policy of attached.get(`name:${name}`) ?? []) policies.add(policy);
    const managedPolicies: Fact<string>[] = [];
    for (const arn of flatten(get(properties, 'ManagedPolicyArns'))) {
      const local = links(arn).find((link) => link.kind === 'local');
      const policy = local?.kind === 'local' ? context.resources.get(local.id) : undefined;
      if (policy?.type === 'AWS::IAM::ManagedPolicy') policies.add(policy);
      else managedPolicies.push(managedPolicy(arn));
    }
    const statements: PolicyStatement[] = flatten(get(properties, 'Policies')).flatMap((policy) =>
      statementsOf(policy.kind === 'map' ? get(policy, 'PolicyDocument') : policy),
    );
    for (const policy of policies) {
      statements.push(...statementsOf(get(policy.properties, 'PolicyDocument'), policy.condition));
    }
    return { id: resource.id, name, span: resource.span, statements, managedPolicies };
  });
}

/** Policies by the role they name: its logical id, or `name:` and its name. */
function attachedPolicies(context: BuildContext): ReadonlyMap<string, readonly Resource[]> {
  const byRole = new Map<string, Resource[]>();
  const types = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];
  for (const policy of context.ofType(...types)) {
    for (const role of [...links(get(policy.properties, 'Roles')), ...links(get(policy.properties, 'RoleName'))]) {
      const key = keyOf(role);
      const same = byRole.get(key);
      if (same) same.push(policy);
      else byRole.set(key, [policy]);
    }
  }
  return byRole;
}

function keyOf(role: Link): string {
  return role.kind === 'local' ? role.id : `name:${role.name}`;
}

/** The ARN as text. Only the partition may be open in an ARN of an AWS managed policy; it does not change which policy it is. */
function managedPolicy(node: Node): Fact<string> {
  if (node.kind !== 'text') return textFact(node);
  const text = node.parts.map((part) => (typeof part === 'string' ? part : '\uFFFC')).join('');
  const name = text.split(':iam::aws:policy/')[1];
  if (name === undefined || name.includes('\uFFFC')) return textFact(node);
  return known(`arn:aws:iam::aws:policy/${name}`, node.span);
}

const names = new LastOnly<BuildContext, ReadonlyMap<string, string>>();

/** The role that a value names: by reference, or by an ARN or name that a role of these files has been given. */
export function roleLink(context: BuildContext, node: Node): Fact<Link> {
  return eitherOr<Link>(node, (value) => {
    const written = value.kind === 'text' || value.kind === 'scalar' ? describe(value) : undefined;
    const id = written === undefined ? undefined : roleNames(context).get(written.slice(written.lastIndexOf('/') + 1));
    return id === undefined ? linkFact(value) : known<Link>({ kind: 'local', id }, value.span);
  });
}

/** `RoleName` (with placeholders where it is put together) -> logical id. */
function roleNames(context: BuildContext): ReadonlyMap<string, string> {
  const cached = names.get(context);
  if (cached) return cached;
  const made = new Map<string, string>();
  for (const { id, properties } of context.ofType('AWS::IAM::Role')) {
    const name = get(properties, 'RoleName');
    if (name && name.kind !== 'either' && !isNull(name) && !describe(name).includes('?')) made.set(describe(name), id);
  }
  names.set(context, made);
  return made;
}
