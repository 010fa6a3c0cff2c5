import {
  type Configuration,
  type Entry,
  get,
  type MapNode,
  type Node,
  type Resource,
  stringOf,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { flatten, present, someText } from './values.ts';

/**
 * Every tree of values in which a secret may stand as text: defaults of parameters, outputs, environments of functions and
 * containers, values of API keys, and the other properties of each resource. Values that the framework copies to many places
 * (provider.environment into each function) come once, without an owner.
 */
export function collectConfiguration(
  context: BuildContext,
  outputs: readonly Entry[],
  environments: readonly Node[],
): readonly Configuration[] {
  const found: Configuration[] = [];
  for (const parameter of context.template.parameters.values()) {
    const value = present(parameter.default);
    if (value) found.push(root('parameter-default', ['Parameters', parameter.name, 'Default'], value));
  }
  for (const variables of environments) {
    const path = ['Globals', 'Function', 'Environment', 'Variables'];
    found.push({ ...root('environment', path, variables), resourceType: 'AWS::Lambda::Function' });
  }
  found.push(...functionEnvironments(context));
  const seen = new SeenValues();
  for (const resource of context.resources.values()) found.push(...ofResource(context, resource, seen));
  for (const output of outputs) {
    const value = present(get(output.value, 'Value')) ?? output.value;
    found.push(root('output', [...stackPath(context), 'Outputs', output.key], value));
  }
  return found;
}

function root(
  context: Configuration['context'],
  path: readonly string[],
  node: Node,
  owner?: Resource | undefined,
): Configuration {
  return { context, path, node, owner: owner?.id, resourceType: owner?.type };
}

/** Where the user's own CloudFormation stands in the file. */
function stackPath(context: BuildContext): readonly string[] {
  return context.template.format === 'serverless' ? ['resources'] : [];
}

function pathOf(context: BuildContext, resource: Resource): readonly string[] {
  const label = context.raw(resource.id)?.label;
  if (resource.generated) {
    if (resource.type === 'AWS::Lambda::Function' && label !== undefined) return ['functions', label];
    // Made from a shorter notation: there is no `resources.Resources...` in the file that could be named.
    return resource.type === 'AWS::ApiGateway::ApiKey' ? ['provider', 'apiGateway', 'apiKeys'] : [resource.id];
  }
  return [...stackPath(context), 'Resources', resource.id, 'Properties'];
}

function variablesOf(resource: Resource): Node | undefined {
  return present(get(get(resource.properties, 'Environment'), 'Variables'));
}

const functionTypes: readonly string[] = ['AWS::Lambda::Function', 'AWS::Serverless::Function'];

/** Environments of Lambda functions; entries that several functions share form one tree that belongs to none of them. */
function functionEnvironments(context: BuildContext): readonly Configuration[] {
  const functions = context.ofType(...functionTypes).flatMap((resource) => {
    const variables = variablesOf(resource);
    return variables ? [{ resource, variables }] : [];
  });
  const uses = new Map<string, Map<object, number>>();
  for (const { variables } of functions) {
    for (const entry of new Set(maps(variables).flatMap((map) => map.entries))) {
      const byFile = uses.get(placeOf(entry)) ?? new Map<object, number>();
      byFile.set(entry.keySpan.file, (byFile.get(entry.keySpan.file) ?? 0) + 1);
      uses.set(placeOf(entry), byFile);
    }
  }
  const { sharedEnvironment } = context.template;
  const isShared = (entry: Entry) =>
    sharedEnvironment?.has(entry.keySpan) || (uses.get(placeOf(entry))?.get(entry.keySpan.file) ?? 0) > 1;
  const shared = new Map<string, Entry>();
  const found: Configuration[] = [];
  let firstShared: MapNode | undefined;
  for (const { resource, variables } of functions) {
    const path = resource.generated
      ? [...pathOf(context, resource), 'environment']
      : [...pathOf(context, resource), 'Environment', 'Variables'];
    if (maps(variables).length === 0) found.push(root('environment', path, variables, resource));
    for (const map of maps(variables)) {
      const own = map.entries.filter((entry) => !isShared(entry));
      for (const entry of map.entries) if (isShared(entry)) shared.set(placeOf(entry), entry);
      if (own.length < map.entries.length) firstShared ??= map;
      if (own.length > 0) {
        const node = own.length === map.entries.length ? map : { ...map, entries: own };
        found.push(root('environment', path, node, resource));
      }
    }
  }
  if (firstShared) {
    const node: MapNode = { ...firstShared, entries: [...shared.values()] };
    const first = functions[0]?.resource;
    const path = sharedPath(context, first);
    found.push({ ...root('environment', path, node), resourceType: 'AWS::Lambda::Function' });
  }
  return found;
}

/** Where people write what several functions share. */
function sharedPath(context: BuildContext, first: Resource | undefined): readonly string[] {
  if (context.template.format === 'sam') return ['Globals', 'Function', 'Environment', 'Variables'];
  return first?.generated ? ['provider', 'environment'] : ['Environment', 'Variables'];
}

function maps(node: Node): readonly MapNode[] {
  return flatten(node).filter((one) => one.kind === 'map');
}

/** The value counts too: entries of one place may differ after variables are resolved per function. */
function placeOf(entry: Entry): string {
  const value = entry.value.kind === 'scalar' ? String(entry.value.value) : entry.value.kind;
  return `${entry.keySpan.start}:${entry.keySpan.end}:${entry.key}=${value}`;
}

function* ofResource(context: BuildContext, resource: Resource, seen: SeenValues): Generator<Configuration> {
  const { properties } = resource;
  if (properties.kind !== 'map') {
    yield root('resource', pathOf(context, resource), properties, resource);
    return;
  }
  const path = pathOf(context, resource);
  let rest: Node = properties;
  if (functionTypes.includes(resource.type)) {
    // An Environment that is not written as a map of Variables (a function of the files that is not decided) stays.
    if (variablesOf(resource)) rest = without(properties, ['Environment']);
  } else if (resource.type === 'AWS::ApiGateway::ApiKey') {
    const value = present(get(properties, 'Value'));
    if (value) yield root('api-key', [...path, resource.generated ? 'value' : 'Value'], value, resource);
    rest = without(properties, ['Value']);
  } else if (resource.type === 'AWS::Lambda::Version') {
    // A digest of the code: random to look at and public.
    rest = without(properties, ['CodeSha256']);
  } else if (hasEnvironmentLists.has(resource.type)) {
    const lists: Configuration[] = [];
    rest = liftEnvironments(properties, path, resource, lists);
    yield* lists;
  }
  if (resource.generated) rest = seen.unseen(rest) ?? { ...properties, entries: [] };
  if (rest.kind !== 'map' || rest.entries.length > 0) yield root('resource', path, rest, resource);
}

function without(map: MapNode, keys: readonly string[]): MapNode {
  return { ...map, entries: map.entries.filter((entry) => !keys.includes(entry.key)) };
}

/** Resources whose environments are lists of names and values: `[{Name: DB_PASSWORD, Value: ...}]`. */
const hasEnvironmentLists: ReadonlySet<string> = new Set([
  'AWS::ECS::TaskDefinition',
  'AWS::CodeBuild::Project',
  'AWS::Batch::JobDefinition',
  'AWS::AppRunner::Service',
  'AWS::Amplify::App',
  'AWS::Amplify::Branch',
  'AWS::SageMaker::Model',
]);

const environmentKeys: ReadonlySet<string> = new Set([
  'Environment',
  'EnvironmentVariables',
  'RuntimeEnvironmentVariables',
]);

/** The tree without its environment lists, which are added to `lists` as maps from name to value. */
function liftEnvironments(node: Node, path: readonly string[], owner: Resource, lists: Configuration[]): Node {
  if (node.kind === 'list') {
    return {
      ...node,
      items: node.items.map((item, index) => liftEnvironments(item, [...path, String(index)], owner, lists)),
    };
  }
  if (node.kind === 'either') {
    return { ...node, branches: node.branches.map((branch) => liftEnvironments(branch, path, owner, lists)) };
  }
  if (node.kind !== 'map') return node;
  const entries: Entry[] = [];
  for (const entry of node.entries) {
    const inner = [...path, entry.key];
    const environment = environmentKeys.has(entry.key) ? environmentMap(entry.value) : undefined;
    if (environment) lists.push(root('environment', inner, environment, owner));
    else entries.push({ ...entry, value: liftEnvironments(entry.value, inner, owner, lists) });
  }
  return { ...node, entries };
}

function environmentMap(node: Node): MapNode | undefined {
  const pairs = flatten(node);
  if (pairs.length === 0 || !pairs.every((pair) => pair.kind === 'map' && get(pair, 'Name'))) return undefined;
  const entries = pairs.flatMap((pair) => {
    const name = get(pair, 'Name');
    const value = present(get(pair, 'Value'));
    // CodeBuild: PARAMETER_STORE and SECRETS_MANAGER take the name of a secret, not its value.
    const type = someText(get(pair, 'Type')) ?? 'PLAINTEXT';
    if (!name || !value || type !== 'PLAINTEXT') return [];
    return [{ key: stringOf(name) ?? someText(name) ?? 'unknown', keySpan: name.span, value }];
  });
  return { kind: 'map', entries, span: node.span };
}

/** Leaves out what lowering copied from one place of the file into several resources. */
class SeenValues {
  readonly #byFile = new Map<object, Set<string>>();

  /** The part of the tree with values that were not seen before; undefined when there is none. */
  unseen(node: Node): Node | undefined {
    if (node.kind === 'map') {
      const entries = node.entries.flatMap((entry) => {
        const value = this.unseen(entry.value);
        return value ? [{ ...entry, value }] : [];
      });
      return entries.length > 0 ? { ...node, entries } : undefined;
    }
    if (node.kind === 'list') {
      const items = node.items.flatMap((item) => this.unseen(item) ?? []);
      return items.length > 0 ? { ...node, items } : undefined;
    }
    if (node.kind !== 'scalar') return node;
    const seen = this.#byFile.get(node.span.file) ?? new Set<string>();
    this.#byFile.set(node.span.file, seen);
    const key = `${node.span.start}:${node.span.end}:${String(node.value)}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    return node;
  }
}
