import {
  always,
  isMostOfTheInternet,
  type Listener,
  type ListenerAction,
  type ListenerCondition,
  type LoadBalancer,
  type Project,
  textOf,
} from '../../project/index.ts';
import { lookup } from './lookup.ts';
import { type Reachable, throughGroups } from './reachable.ts';

// Who reaches a load balancer, and with what proof. A request passes two guards: the security groups (by address) and the
// listener (by what the request carries).

export interface Entrance {
  readonly listener: Listener;
  /** Where a request is forwarded without asking who sends it, and to which target groups. */
  readonly forward: Pick<ListenerAction, 'span' | 'targetGroups'>;
  readonly reachable: Reachable;
}

/**
 * Listeners of the load balancer that forward to its targets without a proof of the sender. A user who has logged in at the
 * listener (`signedIn`) has shown who he is; a web ACL looks at his requests all the same.
 */
export function unprovenEntrances(
  project: Project,
  balancer: LoadBalancer,
  signedIn: 'is a proof' | 'is no proof',
): readonly Entrance[] {
  return listenersOf(project, balancer).flatMap((listener): Entrance[] => {
    if (listener.mutualTls && always(listener.mutualTls, (mode) => mode.toLowerCase() === 'verify')) return [];
    const forward = unprovenForward(balancer, listener, signedIn);
    return forward ? [{ listener, forward, reachable: reachability(project, balancer, listener) }] : [];
  });
}

/**
 * True when no stranger's request reaches a target: every listener asks for a proof that another gateway sent the request, or the
 * security groups admit no strangers. What filters the requests then stands further out.
 */
export function isClosedToStrangers(project: Project, balancer: LoadBalancer): boolean {
  const listeners = listenersOf(project, balancer);
  if (listeners.length === 0) return false;
  const entrances = unprovenEntrances(project, balancer, 'is no proof');
  return entrances.every(({ reachable }) => reachable.kind === 'restricted');
}

export function listenersOf(project: Project, balancer: LoadBalancer): readonly Listener[] {
  return lookup(project).listenersByBalancer.get(balancer.id) ?? [];
}

function unprovenForward(
  balancer: LoadBalancer,
  listener: Listener,
  signedIn: 'is a proof' | 'is no proof',
): Entrance['forward'] | undefined {
  // A listener of a Classic Load Balancer has no actions and no conditions: it forwards everything.
  if (isClassic(balancer)) return { span: listener.span, targetGroups: [] };
  const actions = [
    listener.defaultActions,
    ...listener.rules.filter((rule) => !rule.conditions.some(isProof)).map((rule) => rule.actions),
  ];
  for (const list of actions) {
    // Actions run in order; what authenticates comes before the forward.
    const login = list.some((action) => authenticating.has(action.type) && !action.optional);
    if (login && signedIn === 'is a proof') continue;
    const forward = list.find((action) => action.type === 'forward');
    if (forward) return forward;
  }
  return undefined;
}

export function isClassic(balancer: LoadBalancer): boolean {
  return always(balancer.type, (type) => type === 'classic');
}

const authenticating: ReadonlySet<string> = new Set(['authenticate-oidc', 'authenticate-cognito', 'jwt-validation']);

// Headers whose value everybody knows or that every client sends: a condition on them proves nothing. API Gateway sets
// x-amzn-apigateway-api-id on its requests, and anybody else can set it too.
const publicHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'content-type',
  'host',
  'origin',
  'referer',
  'user-agent',
  'x-amzn-apigateway-api-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

export function isProof(condition: ListenerCondition): boolean {
  const values = condition.values.map(textOf);
  if (condition.field === 'source-ip')
    return values.length > 0 && !isMostOfTheInternet(values.flatMap((value) => value ?? []));
  if (condition.field !== 'http-header' || condition.header === undefined) return false;
  if (publicHeaders.has(condition.header.toLowerCase())) return false;
  return values.length > 0 && !values.some((value) => value !== undefined && /^[*?]*$/.test(value));
}

/** From where connections to the listener's port get through the load balancer's security groups. */
export function reachability(project: Project, balancer: LoadBalancer, listener: Listener): Reachable {
  if (balancer.securityGroups.length > 0) return throughGroups(project, balancer.securityGroups, listener.port);
  // A Network Load Balancer without groups takes every connection; the others get the VPC's default group.
  if (always(balancer.type, (type) => type === 'network' || type === 'gateway'))
    return { kind: 'everywhere', span: undefined };
  return {
    kind: 'undecided',
    reason: 'the load balancer names no security group, so the default group of its VPC decides',
  };
}
