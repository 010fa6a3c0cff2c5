import {
  at,
  type ContainerService,
  type Fact,
  get,
  known,
  type Link,
  mapFact,
  type Node,
  outcomes,
  type Resource,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { linkFact, numberFact, optional, orDefault, textFact } from './facts.ts';
import { roleLink } from './roles.ts';
import { flatten, links, present } from './values.ts';

/** AWS::ECS::Service (and the sets of tasks of an external deployment controller) with the task role its containers run with. */
export function buildContainerServices(context: BuildContext): readonly ContainerService[] {
  return context.ofType('AWS::ECS::Service', 'AWS::ECS::TaskSet').map((resource) => ({
    id: resource.id,
    span: resource.span,
    targetGroups: targetGroupsOf(resource),
    taskRole: taskRoleOf(context, get(resource.properties, 'TaskDefinition')),
    publicAddress: publicAddressOf(get(resource.properties, 'NetworkConfiguration')),
    securityGroups: securityGroupsOf(get(resource.properties, 'NetworkConfiguration')),
    ports: portsOf(context, resource),
  }));
}

/** Of `Fn::If` the groups of every branch. */
function securityGroupsOf(network: Node | undefined): readonly Fact<Link>[] {
  return flatten(network)
    .flatMap((written) => flatten(at(written, 'AwsvpcConfiguration')))
    .flatMap((configuration) => flatten(get(configuration, 'SecurityGroups')).map(linkFact));
}

/** Where a load balancer registers the tasks; else the port mappings of the task definition. */
function portsOf(context: BuildContext, service: Resource): readonly Fact<number>[] {
  const registered = flatten(get(service.properties, 'LoadBalancers')).map((entry) => get(entry, 'ContainerPort'));
  const mapped = links(get(service.properties, 'TaskDefinition')).flatMap((link) => {
    const definition = link.kind === 'local' ? context.resources.get(link.id) : undefined;
    return flatten(get(definition?.properties, 'ContainerDefinitions'))
      .flatMap((container) => flatten(get(container, 'PortMappings')))
      .map((mapping) => get(mapping, 'ContainerPort'));
  });
  return [...registered, ...mapped].flatMap((port) => {
    const written = present(port);
    return written ? [numberFact(written)] : [];
  });
}

function targetGroupsOf(service: Resource): readonly Fact<Link>[] {
  return flatten(get(service.properties, 'LoadBalancers')).flatMap((entry) => {
    if (entry.kind !== 'map') return [linkFact(entry)];
    const arn = present(get(entry, 'TargetGroupArn'));
    return arn ? [linkFact(arn)] : [];
  });
}

/** Undefined when the task definition is in the template and gives its containers no role. */
function taskRoleOf(context: BuildContext, definition: Node | undefined): Fact<Link> | undefined {
  const written = present(definition);
  if (!written) return undefined;
  for (const link of links(written)) {
    const resource = link.kind === 'local' ? context.resources.get(link.id) : undefined;
    if (resource?.type !== 'AWS::ECS::TaskDefinition') continue;
    return optional(get(resource.properties, 'TaskRoleArn'), (node) => roleLink(context, node));
  }
  const [first] = outcomes(linkFact(written));
  const reason =
    first?.kind === 'unknown' ? `its task definition ${first.reason}` : 'its task definition is not in these files';
  return { kind: 'unknown', reason, span: written.span };
}

/** Tasks get a public address only where AssignPublicIp says ENABLED (the default of a service is DISABLED). */
function publicAddressOf(network: Node | undefined): Fact<boolean> {
  const written = present(network);
  if (!written) return known(false);
  const decide = (node: Node): Fact<boolean> => {
    if (node.kind === 'either') {
      return { kind: 'either', condition: node.condition, options: node.branches.map(decide) };
    }
    if (node.kind === 'unknown') return { kind: 'unknown', reason: node.reason, span: node.span };
    const awsvpc = at(node, 'AwsvpcConfiguration');
    if (awsvpc && awsvpc.kind !== 'map') return decideText(awsvpc);
    return orDefault(get(awsvpc, 'AssignPublicIp'), decideText, false);
  };
  return decide(written);
}

function decideText(node: Node): Fact<boolean> {
  return mapFact(textFact(node), (text) => text.toUpperCase() === 'ENABLED');
}
