import type { Observation, Rule } from '../../../contract/index.ts';
import { known, type Project, type SecurityGroup } from '../../../project/index.ts';
import { type DataStore, dataPorts, dataStoresOf } from '../data-stores.ts';
import { lookup } from '../lookup.ts';
import { openRanges, throughGroup } from '../reachable.ts';
import { inService } from '../snippets.ts';

const resource = `DatabaseGroup:
  Type: AWS::EC2::SecurityGroup
  Properties:
    GroupDescription: the database, from the functions only
    VpcId: !Ref Vpc
    SecurityGroupIngress:
      - { IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !GetAtt FunctionsGroup.GroupId }`;

export const databasePortIsOpen: Rule = {
  id: 'firewall/database-port-is-open',
  step: 'firewall',
  severity: 'error',
  title: 'Security group of a database admits the whole internet',
  attack:
    'With the port open to everybody only the password, or for many caches nothing at all, stands before the data: beside every gate of ' +
    'the API. Machines try lists of passwords on such ports all day, and a flaw of the server itself needs no password. Where only the ' +
    'missing public address keeps strangers out, every machine in the VPC and in networks joined to it gets through.',
  fix: { serverless: inService(resource), cloudformation: resource },
  docs: [
    {
      title: 'Controlling access with security groups (Amazon RDS)',
      url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html',
    },
    {
      title: 'Security Hub controls for Amazon EC2',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html',
    },
  ],
  mappings: { fsbp: ['EC2.19'], owasp: ['API8:2023'], cwe: ['CWE-284', 'CWE-668'] },
  *check(project) {
    if (project.securityGroups.length === 0) return;
    const judged = new Set<string>();
    for (const store of dataStoresOf(project)) {
      for (const id of store.groups) {
        const group = lookup(project).securityGroups.get(id);
        if (!group) continue;
        const answer = throughGroup(group, known(store.port));
        if (answer.kind !== 'everywhere') continue;
        judged.add(id);
        yield {
          ...said[store.publicAddress](store),
          span: answer.span ?? group.span,
          subject: `${store.resource.id} ${id}`,
          path: ['internet', id, store.resource.id],
          related: [{ message: 'uses the group', span: store.resource.span }],
        };
      }
    }
    for (const group of project.securityGroups) if (!judged.has(group.id)) yield* byPort(project, group);
  },
};

type Judgement = Pick<Observation, 'message' | 'severity' | 'question'>;

const said: Readonly<Record<DataStore['publicAddress'], (store: DataStore) => Judgement>> = {
  yes: ({ resource, port }) => ({
    message: `${resource.id} has an address on the internet, and its security group admits everybody to port ${port}`,
  }),
  unsaid: ({ resource, port }) => ({
    message: `The security group of ${resource.id} admits everybody to port ${port}; whether it has an address on the internet is decided by its subnets`,
    severity: 'warning',
    question: `Does ${resource.id} lie in private subnets? Its group should say so too.`,
  }),
  no: ({ resource, port }) => ({
    message: `The security group of ${resource.id} admits everybody to port ${port}: only the missing public address keeps the internet out`,
    severity: 'warning',
  }),
  never: ({ resource, port }) => ({
    message: `The security group of ${resource.id} admits everybody in its network, and in all that are joined to it, to port ${port}`,
    severity: 'warning',
  }),
};

/** A group for a database that is made elsewhere: by its port alone. */
function* byPort(project: Project, group: SecurityGroup): Iterable<Observation> {
  if (isUsedOtherwise(project, group)) return;
  for (const { from, to, span } of openRanges(group)) {
    const server = from === to ? dataPorts.get(from) : undefined;
    if (server === undefined) continue;
    yield {
      message: `Security group ${group.id} admits everybody to port ${from} (${server})`,
      span,
      subject: `${group.id} ${from}`,
      severity: 'warning',
      question: 'What listens on this port, and has it an address on the internet?',
    };
    return;
  }
}

/** A load balancer may listen on such a port on purpose; its listeners are judged by other rules. */
function isUsedOtherwise(project: Project, group: SecurityGroup): boolean {
  return project.loadBalancers.some(({ securityGroups }) =>
    securityGroups.some((link) => link.kind === 'known' && link.value.kind === 'local' && link.value.id === group.id),
  );
}
