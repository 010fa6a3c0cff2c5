import {
  type Entry,
  type InputError,
  type MapNode,
  type Node,
  type Span,
  stepIds,
  textOf,
} from '../../../project/index.ts';
import { parseTemplate, type Template, type TemplateResource } from '../../cloudformation/index.ts';
import { lowerSam } from '../../sam/index.ts';
import { type GeneratedResource, isMap, kindName, type Lowering, notRead, wrongType } from './lowering.ts';
import { assign, dig, emptyMap, listOf, mergeMaps } from './nodes.ts';
import { mergedMap, reasonOf } from './service.ts';

/** The user's `resources`, as one map: a list of maps or files is merged in order. */
export function readResources(lowering: Lowering): MapNode {
  const undecided = (what: string) => (node: Node) => {
    if (what === 'resources' || what === 'resources.Resources') hiddenResources(lowering, what, node, node.span);
    else notRead(lowering, what, reasonOf(node), node.span);
  };
  const wrong = (what: string) => (node: Node) =>
    wrongType(
      lowering,
      {
        found: `\`${what}\` holds ${kindName(node)}`,
        expected: 'a map or a list of maps',
        span: node.span,
        next: `Write the sections of a template below \`${what}\``,
      },
      { steps: stepIds, hides: 'resources' },
    );
  const all = mergedMap(
    dig(lowering.root, 'resources'),
    emptyMap(lowering.root.span),
    undecided('resources'),
    wrong('resources'),
  );
  const section = (name: string): Node | undefined => {
    const node = dig(all, name);
    return node && mergedMap(node, all, undecided(`resources.${name}`), wrong(`resources.${name}`));
  };
  const entries = all.entries.map((entry): Entry => {
    if (!['Resources', 'extensions', 'Outputs', 'Parameters', 'Conditions'].includes(entry.key)) return entry;
    return { ...entry, value: section(entry.key) ?? entry.value };
  });
  return { ...all, entries };
}

function hiddenResources(lowering: Lowering, what: string, node: Node, span: Span): void {
  lowering.unread.push({ what, reason: reasonOf(node), span, steps: stepIds, hides: 'resources' });
}

/** The logical id of the user's web ACL that carries a name, for plugins that know it by name. */
export function findWebAcl(resources: MapNode, name: string): string | undefined {
  const section = dig(resources, 'Resources');
  if (!isMap(section)) return undefined;
  return section.entries.find(
    (entry) =>
      ['AWS::WAFv2::WebACL', 'AWS::WAFRegional::WebACL'].includes(textOf(dig(entry.value, 'Type')) ?? '') &&
      textOf(dig(entry.value, 'Properties', 'Name')) === name,
  )?.key;
}

/**
 * The template that is deployed: what the framework makes, with the user's resources of the same logical id merged over it and
 * `resources.extensions` applied last (lib/merge-custom-provider-resources.js).
 */
export function mergeTemplate(lowering: Lowering, resources: MapNode, errors: InputError[]): Template {
  const section = dig(resources, 'Resources');
  const own = isMap(section) ? section.entries : [];
  const overrides = new Map<string, MapNode>();
  const undecided = new Map<string, Node>();
  const others: Entry[] = [];
  for (const entry of own) {
    if (!isMap(entry.value)) {
      if (entry.value.kind === 'unknown' || entry.value.kind === 'text') {
        hiddenResources(lowering, `resource ${entry.key}`, entry.value, entry.keySpan);
        undecided.set(entry.key, entry.value);
      } else if (!(entry.value.kind === 'scalar' && entry.value.value === null)) others.push(entry);
    } else if (lowering.resources.has(entry.key)) overrides.set(entry.key, entry.value);
    else if (!(isPartial(entry.value) && isUnloweredId(entry.key))) others.push(entry);
  }
  const root = templateRoot(resources, others);
  const parsed = parseTemplate(root, lowering.file, { format: 'serverless', errors });
  const merged = new Map<string, TemplateResource>();
  for (const [id, generated] of lowering.resources) {
    const override = overrides.get(id);
    const resource = override ? overridden(lowering, id, generated, override) : toTemplate(id, generated);
    merged.set(id, clouded(resource, undecided.get(id)));
  }
  for (const [id, resource] of parsed.resources) merged.set(id, resource);
  applyExtensions(lowering, merged, dig(resources, 'extensions'));
  // CloudFormation applies a Transform of the user's after the framework has put everything together.
  return lowerSam({ ...parsed, resources: merged, unread: [...parsed.unread, ...lowering.unread] });
}

const isPartial = (resource: MapNode) => dig(resource, 'Type') === undefined;

/** Ids of resources that the framework makes and that say nothing about the five steps: an override without Type is no mistake. */
function isUnloweredId(id: string): boolean {
  return /(?:EventsRule|EventSourceMapping|LambdaPermission|LambdaVersion|LambdaEvConf|SnsSubscription|EventBridge|ApiGatewayDeployment|ApiGatewayLogGroup|HttpApiLogGroup|WebsocketsDeployment|Model|RequestValidator|LogsSubscription|IotTopicRule|LambdaAlias|LambdaLayer)/.test(
    id,
  );
}

function templateRoot(resources: MapNode, own: readonly Entry[]): MapNode {
  const kept = resources.entries.filter((entry) => entry.key !== 'Resources' && entry.key !== 'extensions');
  const section: MapNode = { kind: 'map', span: resources.span, entries: own };
  return {
    kind: 'map',
    span: resources.span,
    entries: [...kept, { key: 'Resources', keySpan: resources.span, value: section }],
  };
}

function toTemplate(id: string, generated: GeneratedResource): TemplateResource {
  return {
    id,
    type: generated.type,
    properties: generated.properties,
    span: generated.span,
    condition: generated.condition,
    dependsOn: generated.dependsOn,
    deletionPolicy: undefined,
    updateReplacePolicy: undefined,
    label: generated.label,
    generated: true,
    metadata: undefined,
  };
}

/** A method or route that is overridden with something undecided may have any authorization afterwards. */
function clouded(resource: TemplateResource, override: Node | undefined): TemplateResource {
  if (override?.kind !== 'unknown' && override?.kind !== 'text') return resource;
  if (resource.type !== 'AWS::ApiGateway::Method' && resource.type !== 'AWS::ApiGatewayV2::Route') return resource;
  const { span } = override;
  const reason = `may be changed by an override that ${reasonOf(override)}`;
  const value = { kind: 'unknown', span, source: 'other', reason } as const;
  const entries = ['AuthorizationType', 'ApiKeyRequired'].map((key) => ({ key, keySpan: span, value }));
  return { ...resource, properties: assign(resource.properties, { kind: 'map', span, entries }) };
}

function overridden(lowering: Lowering, id: string, generated: GeneratedResource, override: MapNode): TemplateResource {
  const properties = dig(override, 'Properties');
  const base = clouded(toTemplate(id, generated), properties);
  if (properties?.kind === 'unknown' || properties?.kind === 'text')
    notRead(lowering, `resource ${id}`, reasonOf(properties), properties.span);
  return {
    ...base,
    type: textOf(dig(override, 'Type')) ?? base.type,
    properties: isMap(properties) ? mergeMaps(base.properties, properties) : base.properties,
    condition: textOf(dig(override, 'Condition')) ?? base.condition,
    dependsOn: [...base.dependsOn, ...names(dig(override, 'DependsOn'))],
    deletionPolicy: textOf(dig(override, 'DeletionPolicy')),
    updateReplacePolicy: textOf(dig(override, 'UpdateReplacePolicy')),
  };
}

const names = (node: Node | undefined) => listOf(node).flatMap((item) => textOf(item) ?? []);

/** Extensions replace single properties of a resource; they do not merge into them. */
function applyExtensions(
  lowering: Lowering,
  resources: Map<string, TemplateResource>,
  extensions: Node | undefined,
): void {
  if (!isMap(extensions)) return;
  for (const { key, keySpan, value } of extensions.entries) {
    const resource = resources.get(key);
    if (!resource) {
      // The framework refuses an id that it does not make; it makes some that say nothing here.
      if (!isUnloweredId(key) && !key.endsWith('LogGroup'))
        notRead(lowering, `resources.extensions.${key}`, 'no resource of the service has this id', keySpan, []);
      continue;
    }
    const properties = isMap(value) ? dig(value, 'Properties') : value;
    if (properties?.kind === 'unknown' || properties?.kind === 'text')
      notRead(lowering, `resources.extensions.${key}`, reasonOf(properties), keySpan);
    if (!isMap(properties)) resources.set(key, clouded(resource, properties));
    if (!isMap(value)) continue;
    resources.set(key, {
      ...clouded(resource, properties),
      ...(isMap(properties) ? { properties: assign(resource.properties, properties) } : {}),
      condition: textOf(dig(value, 'Condition')) ?? resource.condition,
      deletionPolicy: textOf(dig(value, 'DeletionPolicy')) ?? resource.deletionPolicy,
      updateReplacePolicy: textOf(dig(value, 'UpdateReplacePolicy')) ?? resource.updateReplacePolicy,
      dependsOn: [...resource.dependsOn, ...names(dig(value, 'DependsOn'))],
    });
  }
}
