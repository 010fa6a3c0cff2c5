import {
  at,
  get,
  type Node,
  type Project,
  possibilities,
  type Resource,
  references,
  textOf,
} from '../../project/index.ts';

// Databases, caches and file systems of the project that a security group stands before.

export interface DataStore {
  readonly resource: Resource;
  /** Logical ids of its security groups. */
  readonly groups: readonly string[];
  readonly port: number;
  /** `yes`: it gets an address on the internet. `never`: AWS gives it none. `unsaid`: the subnets and the VPC decide. */
  readonly publicAddress: 'yes' | 'no' | 'never' | 'unsaid';
}

interface Kind {
  readonly groups: readonly string[];
  readonly port: number;
  /** The property that gives it a public address; none where there is no such thing. */
  readonly publicly?: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  'AWS::RDS::DBInstance': { groups: ['VPCSecurityGroups'], port: 3306, publicly: 'PubliclyAccessible' },
  'AWS::RDS::DBCluster': { groups: ['VpcSecurityGroupIds'], port: 3306, publicly: 'PubliclyAccessible' },
  'AWS::Redshift::Cluster': { groups: ['VpcSecurityGroupIds'], port: 5439, publicly: 'PubliclyAccessible' },
  'AWS::RedshiftServerless::Workgroup': { groups: ['SecurityGroupIds'], port: 5439, publicly: 'PubliclyAccessible' },
  'AWS::ElastiCache::CacheCluster': { groups: ['VpcSecurityGroupIds'], port: 6379 },
  'AWS::ElastiCache::ReplicationGroup': { groups: ['SecurityGroupIds'], port: 6379 },
  'AWS::ElastiCache::ServerlessCache': { groups: ['SecurityGroupIds'], port: 6379 },
  'AWS::MemoryDB::Cluster': { groups: ['SecurityGroupIds'], port: 6379 },
  'AWS::DocDB::DBCluster': { groups: ['VpcSecurityGroupIds'], port: 27_017 },
  'AWS::Neptune::DBCluster': { groups: ['VpcSecurityGroupIds'], port: 8_182 },
  'AWS::DAX::Cluster': { groups: ['SecurityGroupIds'], port: 8_111 },
  'AWS::OpenSearchService::Domain': { groups: ['VPCOptions', 'SecurityGroupIds'], port: 443 },
  'AWS::Elasticsearch::Domain': { groups: ['VPCOptions', 'SecurityGroupIds'], port: 443 },
  'AWS::EFS::MountTarget': { groups: ['SecurityGroups'], port: 2_049 },
};

/** Default ports of the engines (Amazon RDS and ElastiCache user guides). */
const enginePorts: readonly (readonly [RegExp, number])[] = [
  [/postgres/i, 5_432],
  [/^oracle/i, 1_521],
  [/^sqlserver/i, 1_433],
  [/^db2/i, 50_000],
  [/^memcached/i, 11_211],
];

export function dataStoresOf(project: Project): readonly DataStore[] {
  const found: DataStore[] = [];
  for (const resource of project.resources.values()) {
    const kind = kinds[resource.type];
    if (!kind) continue;
    const groups = [...references(at(resource.properties, ...kind.groups))];
    if (groups.length > 0)
      found.push({ resource, groups, port: portOf(resource, kind), publicAddress: addressOf(resource, kind) });
  }
  return found.map((store) => (isPublicByInstance(project, store) ? { ...store, publicAddress: 'yes' } : store));
}

/** Of an Aurora cluster the instances say whether they get addresses; the groups are the cluster's. */
function isPublicByInstance(project: Project, { resource }: DataStore): boolean {
  if (resource.type !== 'AWS::RDS::DBCluster') return false;
  for (const { type, properties } of project.resources.values()) {
    if (type !== 'AWS::RDS::DBInstance' || !references(get(properties, 'DBClusterIdentifier')).has(resource.id))
      continue;
    if (textOf(get(properties, 'PubliclyAccessible'))?.toLowerCase() === 'true') return true;
  }
  return false;
}

function portOf({ properties }: Resource, kind: Kind): number {
  const written = Number(textOf(get(properties, 'Port') ?? get(properties, 'DBPort')));
  if (Number.isInteger(written) && written > 0) return written;
  const engine = textOf(get(properties, 'Engine')) ?? '';
  return enginePorts.find(([pattern]) => pattern.test(engine))?.[1] ?? kind.port;
}

function addressOf({ properties }: Resource, { publicly }: Kind): DataStore['publicAddress'] {
  if (publicly === undefined) return 'never';
  const node: Node | undefined = get(properties, publicly);
  if (!node) return 'unsaid';
  const texts = possibilities(node).map((value) => textOf(value)?.toLowerCase());
  if (texts.includes('true')) return 'yes';
  return texts.every((text) => text === 'false') ? 'no' : 'unsaid';
}

/** Ports that nothing but a database or a cache listens on. */
export const dataPorts: ReadonlyMap<number, string> = new Map([
  [1_433, 'SQL Server'],
  [1_521, 'Oracle'],
  [3_306, 'MySQL'],
  [5_432, 'PostgreSQL'],
  [5_439, 'Redshift'],
  [6_379, 'Redis'],
  [11_211, 'Memcached'],
  [27_017, 'MongoDB'],
]);
