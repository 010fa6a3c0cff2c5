import {
  type Fact,
  get,
  known,
  type Link,
  type Listener,
  type ListenerRule,
  type LoadBalancer,
  type Node,
  outcomes,
  type Resource,
  type TargetGroup,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { choiceFact, linkFact, numberFact, orDefault, textFact } from './facts.ts';
import { functionLink } from './functions.ts';
import { type ReadAction, readActions, readConditions } from './listener-actions.ts';
import { flatten, present, someText } from './values.ts';

const applicationType = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const classicType = 'AWS::ElasticLoadBalancing::LoadBalancer';

export interface AttachedRule extends ListenerRule {
  readonly listener: Fact<Link>;
  readonly actions: readonly ReadAction[];
}

/** Load balancers of both generations. Scheme is internet-facing and type application where nothing is written. */
export function buildLoadBalancers(context: BuildContext): readonly LoadBalancer[] {
  return context.ofType(applicationType, classicType).map((resource) => {
    const { properties } = resource;
    const classic = resource.type === classicType;
    return {
      id: resource.id,
      name: someText(get(properties, classic ? 'LoadBalancerName' : 'Name')),
      span: resource.span,
      scheme: orDefault(
        get(properties, 'Scheme'),
        (node) => choiceFact(node, ['internet-facing', 'internal'] as const),
        'internet-facing',
      ),
      type: classic
        ? known<'classic'>('classic', resource.span)
        : orDefault(
            get(properties, 'Type'),
            (node) => choiceFact(node, ['application', 'network', 'gateway'] as const),
            'application',
          ),
      securityGroups: flatten(get(properties, 'SecurityGroups')).map(linkFact),
      attributes: classic ? classicAttributes(properties) : attributesOf(get(properties, 'LoadBalancerAttributes')),
    };
  });
}

/** A list of `{ Key, Value }`. What stands in one branch of `Fn::If` only counts as written: nobody switches logs off in one. */
function attributesOf(node: Node | undefined): ReadonlyMap<string, Fact<string>> | undefined {
  const found = new Map<string, Fact<string>>();
  for (const entry of flatten(node)) {
    const key = someText(get(entry, 'Key'));
    const value = present(get(entry, 'Value'));
    if (key === undefined) return undefined;
    if (value) found.set(key, textFact(value));
  }
  return found;
}

function classicAttributes(properties: Node): ReadonlyMap<string, Fact<string>> {
  const enabled = present(get(get(properties, 'AccessLoggingPolicy'), 'Enabled'));
  return new Map(enabled ? [['access_logs.s3.enabled', textFact(enabled)]] : []);
}

/** Listeners with the rules attached to them, and those inside a Classic Load Balancer. */
export function buildListeners(context: BuildContext): readonly Listener[] {
  const byListener = new Map<string, ListenerRule[]>();
  for (const { listener, ...rule } of readRules(context)) {
    for (const outcome of outcomes(listener)) {
      if (outcome.kind !== 'known' || outcome.value.kind !== 'local') continue;
      const same = byListener.get(outcome.value.id);
      if (same) same.push(rule);
      else byListener.set(outcome.value.id, [rule]);
    }
  }
  const listeners = context
    .ofType('AWS::ElasticLoadBalancingV2::Listener')
    .map((resource) => buildListener(resource, byListener.get(resource.id) ?? []));
  return [...listeners, ...context.ofType(classicType).flatMap(classicListeners)];
}

/** Every AWS::ElasticLoadBalancingV2::ListenerRule with the listener it names, which may lie elsewhere. */
export function readRules(context: BuildContext): readonly AttachedRule[] {
  return context.ofType('AWS::ElasticLoadBalancingV2::ListenerRule').map((resource) => ({
    id: resource.id,
    span: resource.span,
    listener: linkOr(get(resource.properties, 'ListenerArn'), resource, 'names no listener'),
    conditions: readConditions(get(resource.properties, 'Conditions')),
    actions: readActions(get(resource.properties, 'Actions')),
  }));
}

export function buildTargetGroups(context: BuildContext): readonly TargetGroup[] {
  return context.ofType('AWS::ElasticLoadBalancingV2::TargetGroup').map((resource) => ({
    id: resource.id,
    span: resource.span,
    targetType: orDefault(
      get(resource.properties, 'TargetType'),
      (node) => choiceFact(node, ['instance', 'ip', 'lambda', 'alb'] as const),
      'instance',
    ),
    functions: flatten(get(resource.properties, 'Targets')).flatMap((target) => {
      const id = present(get(target, 'Id'));
      return id && mayBeFunction(resource) ? [functionLink(context, id)] : [];
    }),
  }));
}

function mayBeFunction(targetGroup: Resource): boolean {
  const type = someText(get(targetGroup.properties, 'TargetType'));
  return type === 'lambda' || (type === undefined && present(get(targetGroup.properties, 'TargetType')) !== undefined);
}

function buildListener(resource: Resource, rules: readonly ListenerRule[]): Listener {
  const { properties } = resource;
  const mode = present(get(get(properties, 'MutualAuthentication'), 'Mode'));
  const policy = present(get(properties, 'SslPolicy'));
  return {
    id: resource.id,
    span: resource.span,
    loadBalancer: linkOr(get(properties, 'LoadBalancerArn'), resource, 'names no load balancer'),
    port: factOr(get(properties, 'Port'), numberFact, resource),
    protocol: factOr(get(properties, 'Protocol'), textFact, resource),
    defaultActions: readActions(get(properties, 'DefaultActions')),
    rules,
    tlsPolicy: policy && textFact(policy),
    mutualTls: mode && textFact(mode),
  };
}

/** Listeners of a Classic Load Balancer stand inside it and have no logical id of their own. */
function classicListeners(resource: Resource): readonly Listener[] {
  return flatten(get(resource.properties, 'Listeners')).map((listener, index) => ({
    id: `${resource.id}.Listeners.${index}`,
    span: listener.span,
    loadBalancer: known<Link>({ kind: 'local', id: resource.id }, listener.span),
    port: factOr(get(listener, 'LoadBalancerPort'), numberFact, listener),
    protocol: factOr(get(listener, 'Protocol'), textFact, listener),
    defaultActions: [],
    rules: [],
    mutualTls: undefined,
  }));
}

function factOr<T>(
  node: Node | undefined,
  convert: (node: Node) => Fact<T>,
  owner: { span: Resource['span'] },
): Fact<T> {
  const written = present(node);
  return written ? convert(written) : unknown('is not written', owner.span);
}

function linkOr(node: Node | undefined, owner: Resource, reason: string): Fact<Link> {
  const written = present(node);
  return written ? linkFact(written) : unknown(reason, owner.span);
}
