import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type ContainerService, type Fact, type Project, sometimes, unknown } from '../../../project/index.ts';
import { type Reachable, throughGroups } from '../reachable.ts';
import { inService } from '../snippets.ts';

const resources = `OrdersService:
  Type: AWS::ECS::Service
  Properties:
    NetworkConfiguration:
      AwsvpcConfiguration:
        AssignPublicIp: DISABLED
        Subnets: !Ref PrivateSubnets # with a NAT gateway or VPC endpoints for what the tasks fetch
        SecurityGroups: [!Ref OrdersTasksGroup]
OrdersTasksGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: tasks, from the load balancer only
    VpcId: !Ref Vpc
    SecurityGroupIngress:
      - { IpProtocol: tcp, FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: !GetAtt OrdersLoadBalancerGroup.GroupId }`;

export const containerReachablePastLoadBalancer: Rule = {
  id: 'firewall/container-reachable-past-load-balancer',
  step: 'firewall',
  severity: 'error',
  title: 'Containers can be reached around their load balancer',
  attack:
    'Each task has a public address, and its security group admits everybody to the port on which it listens: internet -> container, ' +
    'beside internet -> load balancer -> container. Whoever finds the address, scanners do within hours, meets no web ACL, no login ' +
    'at the listener, no TLS, and whatever the container trusts the load balancer to have checked.',
  fix: { serverless: inService(resources), cloudformation: resources },
  docs: [
    {
      title: 'Amazon ECS task networking options for Fargate',
      url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html',
    },
    {
      title: 'Security Hub controls for Amazon ECS',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html',
    },
  ],
  mappings: { fsbp: ['ECS.2'], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-288', 'CWE-923'] },
  *check(project) {
    for (const service of project.containerServices) {
      const observation = judge(project, service);
      if (observation) yield observation;
    }
  },
};

function judge(project: Project, service: ContainerService): Observation | undefined {
  if (!sometimes(service.publicAddress, (value) => value)) return undefined;
  const groups = service.securityGroups ?? [];
  const behind = service.targetGroups.length > 0;
  // Without a group of its own a task gets the default one of its VPC, which admits nobody from outside as AWS makes it.
  if (groups.length === 0) return undefined;
  const ports: readonly Fact<number>[] = service.ports?.length ? service.ports : [unknown('is not named')];
  const answers = ports.map((port) => throughGroups(project, groups, port));
  const place = { span: service.span, subject: service.id, path: ['internet', service.id] };
  const open = answers.find((answer): answer is Reachable & { kind: 'everywhere' } => answer.kind === 'everywhere');
  const passed = behind ? ', past its load balancer' : '';
  if (open) {
    return {
      ...place,
      // Without a load balancer it may be meant so, a mail or game server say; and a condition may leave the address out.
      ...(behind && always(service.publicAddress, (value) => value)
        ? {}
        : {
            severity: 'warning' as const,
            question: `Are the containers of ${service.id} meant to face the internet themselves?`,
          }),
      message: `The tasks of ${service.id} have public addresses, and their security group admits everybody to their port${passed}`,
      related: open.span ? [{ message: 'admits every address', span: open.span }] : [],
    };
  }
  const undecided = answers.find((answer): answer is Reachable & { kind: 'undecided' } => answer.kind === 'undecided');
  if (!undecided || !behind) return undefined;
  return {
    ...place,
    severity: 'note',
    state: 'unknown',
    message: `The tasks of ${service.id} have public addresses, and whether strangers reach them past the load balancer is not decided by the files: ${undecided.reason}`,
  };
}
