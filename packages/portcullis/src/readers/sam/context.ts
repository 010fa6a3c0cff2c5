import {
  entry,
  get,
  type MapNode,
  type Node,
  type ScalarNode,
  type Span,
  type StepId,
  stringOf,
  type Unread,
} from '../../project/index.ts';
import type { Template, TemplateResource } from '../cloudformation/template.ts';
import { makeMap, type Plain } from '../serverless/lower/nodes.ts';

/** What all parts of the lowering share: the template as written, and what has been made of it so far. */
export interface Sam {
  readonly template: Template;
  /** The user's resources with `Globals` merged into those of SAM. */
  readonly sources: ReadonlyMap<string, TemplateResource>;
  /** Logical id of the user's resource -> what it becomes, the resource that keeps its id first. */
  readonly made: Map<string, TemplateResource[]>;
  readonly conditions: Map<string, Node>;
  readonly unread: Unread[];
  /** Logical id of an API -> the methods that events give it, by method and path, in the order of the file. */
  readonly operations: Map<string, Map<string, Operation>>;
  /** Logical id of an API -> event settings for its stage: route key -> `RouteSettings`. */
  readonly routeSettings: Map<string, Map<string, Node>>;
  /** `Api.Stage`, `Function.Alias`: what templates may refer to -> the logical id that it stands for. */
  readonly referables: Map<string, string>;
}

/** A method of an API that an event of a function or a state machine describes. */
export interface Operation {
  readonly path: string;
  /** Lower case; `x-amazon-apigateway-any-method` for any. */
  readonly method: string;
  /** The key of the event. */
  readonly span: Span;
  /** The condition of the function. */
  readonly condition: string | undefined;
  readonly integration: MapNode;
  readonly auth: Node | undefined;
}

export const anyMethod = 'x-amazon-apigateway-any-method';

export function normalizeMethod(method: string): string {
  const lower = method.toLowerCase();
  return lower === 'any' ? anyMethod : lower;
}

/** Adds a resource that belongs to one of the user's. */
export function add(
  sam: Sam,
  owner: TemplateResource,
  id: string,
  type: string,
  span: Span,
  properties: { readonly [key: string]: Plain } | MapNode,
  more: { readonly condition?: string | undefined; readonly keep?: boolean } = {},
): TemplateResource {
  const keep = more.keep === true;
  const resource: TemplateResource = {
    id,
    type,
    properties: isMapNode(properties) ? properties : makeMap(span, properties),
    span,
    condition: more.condition ?? owner.condition,
    dependsOn: keep ? owner.dependsOn : [],
    deletionPolicy: keep ? owner.deletionPolicy : undefined,
    updateReplacePolicy: keep ? owner.updateReplacePolicy : undefined,
    label: undefined,
    generated: keep ? owner.generated : true,
    metadata: keep ? owner.metadata : undefined,
  };
  const group = sam.made.get(owner.id);
  if (group) group.push(resource);
  else sam.made.set(owner.id, [resource]);
  return resource;
}

function isMapNode(value: { readonly [key: string]: Plain } | MapNode): value is MapNode {
  return value['kind'] === 'map' && 'span' in value && 'entries' in value;
}

export function leave(sam: Sam, what: string, reason: string, span: Span, steps: readonly StepId[]): void {
  if (steps.length > 0) sam.unread.push({ what, reason, span, steps });
}

/** `{Ref: X}`, `{Fn::...: X}`, `{Condition: X}`: a function of CloudFormation in its long form. */
export function isIntrinsic(node: Node | undefined): boolean {
  if (node?.kind !== 'map' || node.entries.length !== 1) return false;
  const key = node.entries[0]?.key ?? '';
  return key === 'Ref' || key === 'Condition' || key.startsWith('Fn::');
}

/** The argument of an intrinsic function of that name. */
export function argumentOf(node: Node | undefined, name: string): Node | undefined {
  return isIntrinsic(node) ? get(node, name) : undefined;
}

export function isNoValue(node: Node | undefined): boolean {
  return stringOf(argumentOf(node, 'Ref')) === 'AWS::NoValue';
}

/**
 * The value with a `Ref` to a parameter replaced by the parameter's default, which is how far the transform itself resolves values; any
 * other function stays as it is.
 */
export function resolved(sam: Sam, node: Node | undefined): Node | undefined {
  const name = stringOf(argumentOf(node, 'Ref'));
  if (name === undefined) return node;
  const parameter = sam.template.parameters.get(name);
  if (!parameter || parameter.type.startsWith('AWS::SSM::')) return node;
  return parameter.default?.kind === 'scalar' ? parameter.default : node;
}

/** The map with the values of its keys resolved. */
export function resolvedEntries(sam: Sam, node: Node | undefined): Node | undefined {
  const map = resolved(sam, node);
  if (map?.kind !== 'map' || isIntrinsic(map)) return map;
  return { ...map, entries: map.entries.map((one) => ({ ...one, value: resolved(sam, one.value) ?? one.value })) };
}

/** Set and not null; `AWS::NoValue` does not count as null, as the transform does not look into it. */
export function given(node: Node | undefined): Node | undefined {
  return node && !(node.kind === 'scalar' && node.value === null) ? node : undefined;
}

/** What the transform takes for true: any text that is not empty (`"false"` too), any map or list with something in it. */
export function truthy(node: Node | undefined): boolean {
  if (!node) return false;
  if (node.kind === 'scalar') return Boolean(node.value);
  if (node.kind === 'map') return node.entries.length > 0;
  return node.kind !== 'list' || node.items.length > 0;
}

export function isTrue(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && node.value === true;
}

export function textNode(value: string, span: Span): ScalarNode {
  return { kind: 'scalar', value, span };
}

export function emptyMap(span: Span): MapNode {
  return { kind: 'map', entries: [], span };
}

/** The map, or an empty one. */
export function mapOf(node: Node | undefined, span: Span): MapNode {
  return node?.kind === 'map' ? node : emptyMap(span);
}

/** The entries of a map with these keys, as they are written. */
export function pick(map: Node | undefined, ...keys: readonly string[]): { readonly [key: string]: Node | undefined } {
  return Object.fromEntries(keys.map((key) => [key, given(get(map, key))]));
}

export function spanOf(map: Node | undefined, key: string, otherwise: Span): Span {
  return entry(map, key)?.keySpan ?? otherwise;
}

/** `arn:${AWS::Partition}:...` in which `${Name}` stands for a value of the map, or for what CloudFormation knows. */
export function sub(text: string, values?: { readonly [key: string]: Plain }): Plain {
  return { 'Fn::Sub': values ? [text, values] : text };
}

export const account = '${AWS::Region}:${AWS::AccountId}';

/** `{Fn::If: [condition, node, AWS::NoValue]}`; the node when there is no condition. */
export function onlyIf(condition: string | undefined, node: Node): Node {
  if (condition === undefined) return node;
  return makeMap(node.span, { 'Fn::If': [condition, node, { Ref: 'AWS::NoValue' }] });
}
