import type { Resource } from '../model.ts';
import { get, type Node, type ReferenceNode } from '../node.ts';
import { type Locals, mostNamed, trimName } from './locals.ts';
import { asGlob, describePart, isOnlyOpen, isOpen, type Pattern, patternsOf } from './pattern.ts';
import { type ResourceKind, services } from './services.ts';

/** What one entry of a Resource element names. `text` is the entry in a form that Deny statements are compared with. */
export type Target = { readonly text: string } & (
  | { readonly kind: 'local'; readonly resource: Resource }
  /** Everything of a service; `*` for everything of every service. */
  | { readonly kind: 'all'; readonly service: string }
  /** A resource elsewhere. */
  | { readonly kind: 'named'; readonly service: string; readonly type: string; readonly name: string }
  /** An open value; its type follows from the action. */
  | { readonly kind: 'described'; readonly name: string }
);

/** Parts of a resource count as the resource: `table/orders/index/*` is the table, `bucket/*` the bucket. */
export function targetsOf(node: Node, locals: Locals): readonly Target[] {
  return patternsOf(node).flatMap((pattern) => {
    const text = pattern.exact;
    const resource = referenced(pattern, locals);
    if (resource) return [{ kind: 'local', resource, text }];
    if (text === '*') return [{ kind: 'all', service: '*', text }];
    return text.startsWith('arn:') ? fromArn(pattern, locals) : [described(pattern)];
  });
}

function described(pattern: Pattern): Target {
  const open = pattern.parts.find((part) => typeof part !== 'string');
  const name = open && typeof open !== 'string' ? describePart(open) : pattern.exact;
  return { kind: 'described', name, text: pattern.exact };
}

/** The resource of this project that the text refers to as a whole piece between the separators of an ARN. */
function referenced(pattern: Pattern, locals: Locals): Resource | undefined {
  const { parts } = pattern;
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'string' || part.kind !== 'reference') continue;
    const resource = locals.resources.get(part.id);
    if (!resource || isOutput(resource, part)) continue;
    if (!isWhole(parts[index - 1], parts[index + 1])) continue;
    return behind(resource, locals);
  }
  return undefined;
}

function isOutput(resource: Resource, reference: ReferenceNode): boolean {
  return resource.type === 'AWS::CloudFormation::Stack' && reference.attribute !== undefined;
}

function isWhole(before: Pattern['parts'][number] | undefined, after: Pattern['parts'][number] | undefined): boolean {
  const startsHere = before === undefined || (typeof before === 'string' && /[:/]$/.test(before));
  const endsHere = after === undefined || (typeof after === 'string' && /^[:/*]/.test(after));
  return startsHere && endsHere;
}

/** An alias or version of a function stands for the function. */
function behind(resource: Resource, locals: Locals): Resource {
  if (resource.type !== 'AWS::Lambda::Alias' && resource.type !== 'AWS::Lambda::Version') return resource;
  const name = get(resource.properties, 'FunctionName');
  return (name?.kind === 'reference' ? locals.resources.get(name.id) : undefined) ?? resource;
}

function fromArn(pattern: Pattern, locals: Locals): readonly Target[] {
  const text = pattern.exact;
  const pieces = text.split(':');
  const service = pieces[2] ?? '';
  const rest = pieces.slice(5).join(':');
  if (service === '*' || service === '') return [{ kind: 'all', service: '*', text }];
  if (isOpen(service)) return [described(pattern)];
  if (rest === '*' || rest === '') return [{ kind: 'all', service, text }];
  const kinds = services.get(service)?.kinds ?? [];
  for (const kind of kinds) {
    if (!rest.startsWith(kind.prefix)) continue;
    const name = nameIn(service, rest.slice(kind.prefix.length));
    if (/^\*+$/.test(name)) return [{ kind: 'all', service, text }];
    const found = kinds
      .filter((candidate) => candidate.prefix === kind.prefix)
      .flatMap((candidate) => localsNamed(locals, service, candidate, name));
    // More than anybody reads one by one: the pattern says which.
    if (found.length > mostNamed) return [named(service, kind, text)];
    if (found.length > 0) return [...new Set(found)].map((resource) => ({ kind: 'local', resource, text }));
    return [isOnlyOpen(name) ? described(openPart(pattern)) : named(service, kind, text)];
  }
  const [main] = kinds;
  return [named(service, main, text)];
}

/** The last open part is the one in the place of the name. */
function openPart(pattern: Pattern): Pattern {
  const parts = pattern.parts.filter((part) => typeof part !== 'string');
  return { exact: pattern.exact, parts: parts.slice(-1) };
}

function named(service: string, kind: ResourceKind | undefined, text: string): Target {
  return { kind: 'named', service, type: kind?.type ?? typeOfUnlisted(service), name: asGlob(text), text };
}

/** For services that are not in the table: no CloudFormation type, but which service it is. */
export function typeOfUnlisted(service: string): string {
  const words = service.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `AWS::${words.join('')}`;
}

/** The name without what follows it for a part of the resource. */
function nameIn(service: string, rest: string): string {
  if (service === 'ssm' || service === 'secretsmanager') return trimName(rest);
  // Roles and users may lie under a path, which is no part of the name.
  if (service === 'iam') return rest.slice(rest.lastIndexOf('/') + 1);
  const end = rest.search(/[/:]/);
  return end === -1 ? rest : rest.slice(0, end);
}

function localsNamed(locals: Locals, service: string, kind: ResourceKind, name: string): readonly Resource[] {
  const found = locals.named(kind.type, kind.names, name);
  if (found.length > 0 || service !== 'secretsmanager') return found;
  // The ARN of a secret ends with a hyphen and six random characters.
  const bare = name.replace(/-(?:[A-Za-z0-9]{6}|\?{6}|\*)$/, '').replace(/\*$/, '');
  return bare === name ? [] : locals.named(kind.type, kind.names, bare);
}
