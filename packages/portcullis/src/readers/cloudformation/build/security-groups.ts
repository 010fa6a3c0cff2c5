import {
  entries,
  get,
  type MapNode,
  type Node,
  type SecurityGroup,
  type SecurityGroupIngress,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { linkFact, numberFact, textFact } from './facts.ts';
import { flatten, links, present } from './values.ts';

/** Security groups with their inline rules and the AWS::EC2::SecurityGroupIngress resources that name them, and groups elsewhere to which such resources add rules. */
export function buildSecurityGroups(context: BuildContext): readonly SecurityGroup[] {
  const attached = new Map<string, SecurityGroupIngress[]>();
  for (const resource of context.ofType('AWS::EC2::SecurityGroupIngress')) {
    const rules = ingressOf(resource.properties);
    const groups = [...links(get(resource.properties, 'GroupId')), ...links(get(resource.properties, 'GroupName'))];
    for (const group of groups) {
      const key = group.kind === 'local' ? group.id : `name:${group.name}`;
      const same = attached.get(key);
      if (same) same.push(...rules);
      else attached.set(key, [...rules]);
    }
  }
  const own = context.ofType('AWS::EC2::SecurityGroup').map((resource): SecurityGroup => {
    const name = get(resource.properties, 'GroupName');
    const byName = links(name).flatMap((link) =>
      link.kind === 'external' ? (attached.get(`name:${link.name}`) ?? []) : [],
    );
    return {
      id: resource.id,
      span: resource.span,
      ingress: [
        ...flatten(get(resource.properties, 'SecurityGroupIngress')).flatMap(ingressOf),
        ...(attached.get(resource.id) ?? []),
        ...byName,
      ],
    };
  });
  const names = new Set(
    context.ofType('AWS::EC2::SecurityGroup').flatMap(({ properties }) => {
      return links(get(properties, 'GroupName')).flatMap((link) => (link.kind === 'external' ? [link.name] : []));
    }),
  );
  const others = [...attached].flatMap(([key, ingress]): SecurityGroup[] => {
    const name = key.startsWith('name:') ? key.slice('name:'.length) : undefined;
    const [first] = ingress;
    if (name === undefined || names.has(name) || !first) return [];
    return [{ id: name, span: first.span, elsewhere: true, ingress }];
  });
  return [...own, ...others];
}

/** One rule, or one per address range when a rule has an IPv4 and an IPv6 range side by side. */
function ingressOf(node: Node): readonly SecurityGroupIngress[] {
  if (node.kind !== 'map') {
    const reason = node.kind === 'unknown' ? node.reason : `is a ${node.kind}, where a rule was expected`;
    const undecided = unknown(reason, node.span);
    return [
      {
        span: node.span,
        cidr: undecided,
        sourceGroup: undefined,
        prefixList: undefined,
        fromPort: undecided,
        toPort: undecided,
        protocol: undecided,
      },
    ];
  }
  if (entries(node).length === 0) return [];
  const ranges = [present(get(node, 'CidrIp')), present(get(node, 'CidrIpv6'))].filter((range) => range !== undefined);
  const common = ruleWithoutRange(node);
  return ranges.length === 0
    ? [{ cidr: undefined, ...common }]
    : ranges.map((range) => ({ cidr: textFact(range), ...common }));
}

function ruleWithoutRange(node: MapNode): Omit<SecurityGroupIngress, 'cidr'> {
  const group = present(get(node, 'SourceSecurityGroupId')) ?? present(get(node, 'SourceSecurityGroupName'));
  const prefixList = present(get(node, 'SourcePrefixListId'));
  const from = present(get(node, 'FromPort'));
  const to = present(get(node, 'ToPort'));
  const protocol = present(get(node, 'IpProtocol'));
  return {
    span: node.span,
    sourceGroup: group && linkFact(group),
    prefixList: prefixList && textFact(prefixList),
    fromPort: from && numberFact(from),
    toPort: to && numberFact(to),
    protocol: protocol ? textFact(protocol) : unknown('is not written', node.span),
  };
}
