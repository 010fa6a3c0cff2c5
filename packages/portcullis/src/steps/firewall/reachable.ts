import {
  always,
  type Fact,
  isMostOfTheInternet,
  type Link,
  outcomes,
  type Project,
  type SecurityGroup,
  type SecurityGroupIngress,
  type Span,
} from '../../project/index.ts';
import { lookup } from './lookup.ts';

// From where a port is reached through security groups, as far as the files say it.

export type Reachable =
  | { readonly kind: 'everywhere'; readonly span: Span | undefined }
  | { readonly kind: 'restricted' }
  | { readonly kind: 'undecided'; readonly reason: string };

/** Of several groups the most open one counts: their rules add up. */
export function throughGroups(project: Project, groups: readonly Fact<Link>[], port: Fact<number>): Reachable {
  let undecided: Reachable | undefined;
  for (const fact of groups) {
    for (const link of outcomes(fact)) {
      if (link.kind === 'unknown') {
        undecided ??= { kind: 'undecided', reason: `the security group ${link.reason}` };
        continue;
      }
      const { value } = link;
      const name = value.kind === 'local' ? value.id : value.name;
      const group = lookup(project).securityGroups.get(name);
      if (!group) {
        undecided ??= { kind: 'undecided', reason: `the rules of security group ${name} are not in the files` };
        continue;
      }
      const answer = throughGroup(group, port);
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
export function throughGroup(group: SecurityGroup, port: Fact<number>): Reachable {
  const key = outcomes(port)
    .map((outcome) => (outcome.kind === 'known' ? outcome.value : '?'))
    .join();
  const ofGroup = answers.get(group) ?? new Map<string, Reachable>();
  answers.set(group, ofGroup);
  const answer = ofGroup.get(key) ?? judgeGroup(group, port);
  ofGroup.set(key, answer);
  return answer;
}

function judgeGroup(group: SecurityGroup, port: Fact<number>): Reachable {
  let undecided: Reachable | undefined;
  const ranges: { readonly cidr: string; readonly span: Span }[] = [];
  for (const ingress of group.ingress) {
    if (!ingress.cidr || !coversPort(ingress, port)) continue;
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

/** False only when protocol or ports are decided and leave the port out. */
function coversPort(ingress: SecurityGroupIngress, wanted: Fact<number>): boolean {
  if (always(ingress.protocol, (protocol) => !tcp.has(protocol.toLowerCase()))) return false;
  // Protocol -1 means all traffic, whatever ports are written beside it.
  if (always(ingress.protocol, (protocol) => protocol === '-1')) return true;
  const { fromPort, toPort } = ingress;
  if (!fromPort || !toPort) return true;
  return outcomes(wanted).some(
    (port) =>
      port.kind === 'unknown' ||
      (!always(fromPort, (from) => from > port.value) && !always(toPort, (to) => to < port.value && to !== -1)),
  );
}

/** TCP ports from `from` to `to` that a group opens to the whole internet by one of its rules. */
export interface OpenRange {
  readonly from: number;
  readonly to: number;
  readonly span: Span;
}

/** Decided rules only: what depends on parameters is undecided in `throughGroup`. */
export function openRanges(group: SecurityGroup): readonly OpenRange[] {
  return group.ingress.flatMap((ingress): OpenRange[] => {
    const { span, cidr, protocol, fromPort, toPort } = ingress;
    if (!cidr || !always(cidr, (range) => isMostOfTheInternet([range]))) return [];
    if (!always(protocol, (name) => tcp.has(name.toLowerCase()))) return [];
    if (always(protocol, (name) => name === '-1' || name === 'all')) return [{ from: 0, to: 65_535, span }];
    const from = fromPort && single(fromPort);
    const to = toPort && single(toPort);
    if (from === undefined || to === undefined) return [];
    return from < 0 || to < 0 ? [{ from: 0, to: 65_535, span }] : [{ from, to, span }];
  });
}

function single(fact: Fact<number>): number | undefined {
  return fact.kind === 'known' ? fact.value : undefined;
}
