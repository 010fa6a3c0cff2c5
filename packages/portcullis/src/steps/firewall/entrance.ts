import {
  always,
  isMostOfTheInternet,
  type Listener,
  type ListenerAction,
  type ListenerCondition,
  type LoadBalancer,
  outcomes,
  type Project,
  type SecurityGroup,
  type SecurityGroupIngress,
  type Span,
  textOf,
} from '../../project/index.ts';
import { lookup } from './lookup.ts';

// Who reaches a load balancer, and with what proof. A request passes two guards: the security groups (by address) and the
// listener (by what the request carries).

export type Reachable =
  | { readonly kind: 'everywhere'; readonly span: Span | undefined }
  | { readonly kind: 'restricted' }
  | { readonly kind: 'undecided'; readonly reason: string };

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

function listenersOf(project: Project, balancer: LoadBalancer): readonly Listener[] {
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

function isProof(condition: ListenerCondition): boolean {
  const values = condition.values.map(textOf);
  if (condition.field === 'source-ip')
    return values.length > 0 && !isMostOfTheInternet(values.flatMap((value) => value ?? []));
  if (condition.field !== 'http-header' || condition.header === undefined) return false;
  if (publicHeaders.has(condition.header.toLowerCase())) return false;
  return values.length > 0 && !values.some((value) => value !== undefined && /^[*?]*$/.test(value));
}

/** From where connections to the listener's port get through the load balancer's security groups. */
export function reachability(project: Project, balancer: LoadBalancer, listener: Listener): Reachable {
  if (balancer.securityGroups.length === 0) {
    // A Network Load Balancer without groups takes every connection; the others get the VPC's default group.
    if (always(balancer.type, (type) => type === 'network' || type === 'gateway'))
      return { kind: 'everywhere', span: undefined };
    return {
      kind: 'undecided',
      reason: 'the load balancer names no security group, so the default group of its VPC decides',
    };
  }
  let undecided: Reachable | undefined;
  for (const fact of balancer.securityGroups) {
    for (const link of outcomes(fact)) {
      if (link.kind === 'unknown') {
        undecided ??= { kind: 'undecided', reason: `the security group ${link.reason}` };
        continue;
      }
      const { value } = link;
      const group = lookup(project).securityGroups.get(value.kind === 'local' ? value.id : value.name);
      if (!group) {
        const name = value.kind === 'local' ? value.id : value.name;
        undecided ??= { kind: 'undecided', reason: `the rules of security group ${name} are not in the files` };
        continue;
      }
      const answer = throughGroup(group, listener);
      if (answer.kind === 'everywhere') return answer;
      if (answer.kind === 'undecided') undecided ??= answer;
      else if (group.elsewhere)
        undecided ??= { kind: 'undecided', reason: `security group ${group.id} is elsewhere and may have other rules` };
    }
  }
  return undecided ?? { kind: 'restricted' };
}

const answers = new WeakMap<SecurityGroup, Map<string, Reachable>>();

/** Many load balancers share a group; its rules are gone through once for each port. */
function throughGroup(group: SecurityGroup, listener: Listener): Reachable {
  const port = outcomes(listener.port)
    .map((outcome) => (outcome.kind === 'known' ? outcome.value : '?'))
    .join();
  const ofGroup = answers.get(group) ?? new Map<string, Reachable>();
  answers.set(group, ofGroup);
  const answer = ofGroup.get(port) ?? judgeGroup(group, listener);
  ofGroup.set(port, answer);
  return answer;
}

function judgeGroup(group: SecurityGroup, listener: Listener): Reachable {
  let undecided: Reachable | undefined;
  const ranges: { readonly cidr: string; readonly span: Span }[] = [];
  for (const ingress of group.ingress) {
    if (!ingress.cidr || !coversPort(ingress, listener)) continue;
    for (const cidr of outcomes(ingress.cidr)) {
      if (cidr.kind === 'unknown')
        undecided ??= { kind: 'undecided', reason: `the address range in security group ${group.id} ${cidr.reason}` };
      else {
        ranges.push({ cidr: cidr.value, span: ingress.span });
      }
    }
  }
  // Several rules together may admit what none of them admits alone.
  const widest = ranges.find(({ cidr }) => isMostOfTheInternet([cidr])) ?? ranges[0];
  if (widest && isMostOfTheInternet(ranges.map(({ cidr }) => cidr))) return { kind: 'everywhere', span: widest.span };
  return undecided ?? { kind: 'restricted' };
}

const tcp: ReadonlySet<string> = new Set(['-1', '6', 'all', 'tcp']);

/** False only when protocol or ports are decided and leave the listener out. */
function coversPort(ingress: SecurityGroupIngress, listener: Listener): boolean {
  if (always(ingress.protocol, (protocol) => !tcp.has(protocol.toLowerCase()))) return false;
  // Protocol -1 means all traffic, whatever ports are written beside it.
  if (always(ingress.protocol, (protocol) => protocol === '-1')) return true;
  const { fromPort, toPort } = ingress;
  if (!fromPort || !toPort) return true;
  return outcomes(listener.port).some(
    (port) =>
      port.kind === 'unknown' ||
      (!always(fromPort, (from) => from > port.value) && !always(toPort, (to) => to < port.value && to !== -1)),
  );
}
