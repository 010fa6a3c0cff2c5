import type { Rule } from '../../../contract/index.ts';
import { always, type LoadBalancer, type Project, valueOf } from '../../../project/index.ts';
import { listenersOf } from '../entrance.ts';
import { label } from '../facts.ts';
import { localIds, lookup } from '../lookup.ts';
import { type OpenRange, openRanges } from '../reachable.ts';
import { inService } from '../snippets.ts';

const resource = `OrdersLoadBalancerGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: what the listeners listen on, and nothing else
    VpcId: !Ref Vpc
    SecurityGroupIngress:
      - { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0 }`;

export const loadBalancerGroupIsWide: Rule = {
  id: 'firewall/load-balancer-group-is-wide',
  step: 'firewall',
  severity: 'note',
  title: 'Security group of the load balancer admits everybody to ports without a listener',
  attack:
    'Nothing answers on these ports today. A listener that somebody adds for a test, a console on 8080 say, is on the internet in ' +
    'that moment, without a change to the security group that a reviewer would have seen. Where containers use the same group, the ' +
    'ports are open on them right now.',
  fix: { serverless: inService(resource), cloudformation: resource },
  docs: [
    {
      title: 'Security groups for your Application Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html',
    },
    {
      title: 'Security Hub controls for Amazon EC2',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html',
    },
  ],
  mappings: { fsbp: ['EC2.18'], owasp: ['API8:2023'], cwe: ['CWE-1125'] },
  *check(project) {
    const ports = portsByGroup(project);
    for (const [id, listened] of ports) {
      const group = lookup(project).securityGroups.get(id);
      const wide = group && openRanges(group).find((range) => exceeds(range, listened.ports));
      if (!wide) continue;
      const shared = project.containerServices.find((service) =>
        (service.securityGroups ?? []).some((link) => localIds(link).includes(id)),
      );
      const what = `Security group ${id} of load balancer ${label(listened.balancer)} admits everybody to ${rangeText(wide)}, and its listeners are on ${[...listened.ports].join(', ')}`;
      yield shared
        ? {
            message: `${what}; the containers of ${shared.id} use the same group`,
            span: wide.span,
            subject: id,
            severity: 'warning',
            related: [{ message: 'uses the same group', span: shared.span }],
          }
        : { message: what, span: wide.span, subject: id };
    }
  },
};

interface Listened {
  readonly balancer: LoadBalancer;
  readonly ports: Set<number>;
}

/** Security group -> the ports of all listeners behind it; groups of a load balancer one of whose ports is not decided are left out. */
function portsByGroup(project: Project): ReadonlyMap<string, Listened> {
  const found = new Map<string, Listened>();
  const undecided = new Set<string>();
  for (const balancer of project.loadBalancers) {
    if (always(balancer.scheme, (scheme) => scheme === 'internal')) continue;
    const ports = listenersOf(project, balancer).map(({ port }) => valueOf(port));
    for (const group of balancer.securityGroups.flatMap(localIds)) {
      const entry = found.get(group) ?? { balancer, ports: new Set<number>() };
      found.set(group, entry);
      for (const port of ports) {
        if (port === undefined) undecided.add(group);
        else entry.ports.add(port);
      }
      if (ports.length === 0) undecided.add(group);
    }
  }
  for (const group of undecided) found.delete(group);
  return found;
}

/** Port 80 and 443 are a load balancer's own: open without a listener they are the other half of a redirect that is made elsewhere. */
function exceeds({ from, to }: OpenRange, ports: ReadonlySet<number>): boolean {
  if (from === to) return from !== 80 && from !== 443 && !ports.has(from);
  return to - from + 1 > ports.size || ![...Array(to - from + 1).keys()].every((step) => ports.has(from + step));
}

function rangeText({ from, to }: OpenRange): string {
  if (from === 0 && to === 65_535) return 'all ports';
  return from === to ? `port ${from}` : `ports ${from} to ${to}`;
}
