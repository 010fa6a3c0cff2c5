import {
  type IgnoredSetting,
  InputError,
  type InputErrorDetails,
  type MapNode,
  type Node,
  type SourceFile,
  type Span,
  type StepId,
  stepIds,
  textOf,
  type Unread,
} from '../../../project/index.ts';
import { dig, emptyMap, make, makeMap, type Plain, set } from './nodes.ts';
import type { PluginList } from './plugins/list.ts';

const routeSteps: readonly StepId[] = ['authorization', 'usage-plans', 'firewall'];

/** A function of the service, with its events in the order of the file. */
export interface ServiceFunction {
  /** The key under `functions`. */
  readonly name: string;
  readonly span: Span;
  readonly node: MapNode;
  readonly events: readonly ServiceEvent[];
}

export interface ServiceEvent {
  /** `http`, `httpApi`, `sqs`, ... */
  readonly kind: string;
  readonly value: Node;
  /** The key `http` and so on: where a person looks for the route. */
  readonly span: Span;
  /** The whole entry of the events list, with what stands beside the kind. */
  readonly entry: MapNode;
  /** functions.create.events[0] */
  readonly path: string;
}

/** A resource that the framework makes, before the user's own `resources` are merged over it. */
export interface GeneratedResource {
  readonly type: string;
  readonly properties: MapNode;
  readonly span: Span;
  readonly label: string | undefined;
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
}

/** What all parts of the lowering share: the resolved service, and the resources and remarks made so far. */
export interface Lowering {
  readonly file: SourceFile;
  readonly root: MapNode;
  readonly provider: Node;
  readonly providerSpan: Span;
  readonly custom: Node | undefined;
  /** The service's name as far as it is known; `?` for undecided pieces. */
  readonly serviceName: string;
  readonly stage: string | undefined;
  /** The stage as a value: known text or undecided. */
  readonly stageNode: Node;
  readonly functions: readonly ServiceFunction[];
  readonly functionsByName: ReadonlyMap<string, ServiceFunction>;
  /** True when a part of `functions` could not be read, so that a missing function proves nothing. */
  readonly functionsIncomplete: boolean;
  readonly plugins: PluginList;
  /** Whether the spelling of v1 and v2 (`provider.usagePlan`, ...) has an effect. */
  readonly readsLegacyProvider: boolean;
  /** The service's files as written, for the question whether a variable names a setting. */
  readonly texts: readonly string[];
  readonly resources: Map<string, GeneratedResource>;
  /** Statements that the framework adds to the shared role. */
  readonly roleStatements: Node[];
  /** What addStatement has added. */
  readonly statementTexts: Set<string>;
  readonly unread: Unread[];
  readonly ignored: IgnoredSetting[];
  readonly errors: InputError[];
}

/** Follows keys under `provider`. */
export function providerSetting(lowering: Lowering, ...path: readonly string[]): Node | undefined {
  return dig(lowering.provider, ...path);
}

/** A setting that decides which resources are made. Where the whole group is undecided, the framework's default is taken. */
export function apiSetting(lowering: Lowering, group: 'apiGateway' | 'httpApi', key: string): Node | undefined {
  const settings = providerSetting(lowering, group);
  return isMap(settings) ? set(dig(settings, key)) : undefined;
}

export function addResource(
  lowering: Lowering,
  id: string,
  type: string,
  span: Span,
  properties: { readonly [key: string]: Plain },
  more: { label?: string | undefined; condition?: string | undefined; dependsOn?: readonly string[] } = {},
): void {
  lowering.resources.set(id, {
    type,
    properties: makeMap(span, properties),
    span,
    label: more.label,
    condition: more.condition,
    dependsOn: more.dependsOn ?? [],
  });
}

/** A statement of the shared role; one that stands there already is not repeated. */
export function addStatement(lowering: Lowering, span: Span, actions: readonly string[], resources: Plain): void {
  const statement = make(span, { Effect: 'Allow', Action: actions, Resource: resources });
  const text = withoutPlaces(statement);
  if (lowering.statementTexts.has(text)) return;
  lowering.statementTexts.add(text);
  lowering.roleStatements.push(statement);
}

function withoutPlaces(node: Node): string {
  return JSON.stringify(node, (key, value) =>
    key === 'span' || key === 'keySpan' || key === 'from' ? undefined : value,
  );
}

export function notRead(
  lowering: Lowering,
  what: string,
  reason: string,
  span: Span,
  steps: readonly StepId[] = stepIds,
): void {
  lowering.unread.push({ what, reason, span, steps });
}

/** What has the wrong type is an error of the run, and not read: the gates that depend on it are unknown, not closed. */
export function wrongType(
  lowering: Lowering,
  details: Omit<InputErrorDetails, 'code' | 'next'> & { next?: string; expected: string; span: Span },
  concerns: Partial<Pick<Unread, 'steps' | 'hides'>> = {},
): void {
  const { found: what, expected, span } = details;
  lowering.unread.push({ what, reason: `${expected} was expected`, span, steps: routeSteps, ...concerns });
  lowering.errors.push(
    new InputError({ code: 'WRONG_TYPE', next: 'Write it in the form that the framework documents', ...details }),
  );
}

export function findFunction(lowering: Lowering, name: string): ServiceFunction | undefined {
  return lowering.functionsByName.get(name);
}

/** CloudFormation condition of a function; its URL and log group share it. */
export function conditionOf(fn: ServiceFunction): string | undefined {
  return textOf(set(dig(fn.node, 'condition')));
}

export function mapOr(node: Node | undefined, span: Span): MapNode {
  return node?.kind === 'map' ? node : emptyMap(span);
}

export const isMap = (node: Node | undefined): node is MapNode => node?.kind === 'map';

/** What a value is, for error messages. */
export function kindName(node: Node): string {
  if (node.kind === 'scalar') return node.value === null ? 'nothing' : `a ${typeof node.value}`;
  return node.kind === 'map' ? 'a map' : `a ${node.kind}`;
}
