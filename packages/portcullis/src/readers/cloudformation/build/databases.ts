import {
  type Database,
  type Fact,
  get,
  known,
  mapFact,
  type Node,
  type Resource,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, optional, orDefault, textFact } from './facts.ts';
import { links, present } from './values.ts';

const engineOf: Readonly<Record<string, string>> = {
  'AWS::DocDB::DBCluster': 'docdb',
  'AWS::Neptune::DBCluster': 'neptune',
  'AWS::Redshift::Cluster': 'redshift',
};

/** Where a database takes its storage and its password from, instead of properties of its own. */
const inherited = [
  'DBSnapshotIdentifier',
  'SnapshotIdentifier',
  'DBClusterSnapshotIdentifier',
  'SourceDBInstanceIdentifier',
  'SourceDbiResourceId',
  'SourceDBClusterIdentifier',
  'SourceDbClusterResourceId',
  'ReplicationSourceIdentifier',
  'GlobalClusterIdentifier',
];

/** Databases of the template that people sign in to. */
export function buildDatabases(context: BuildContext): readonly Database[] {
  return context.ofType('AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', ...Object.keys(engineOf)).map((resource) => {
    const { id, type, span, properties } = resource;
    const engine = engineFact(type, properties, span);
    return {
      id,
      type,
      span,
      engine,
      engineVersion: optional(get(properties, 'EngineVersion'), textFact),
      public: publicOf(resource),
      encrypted: encryptedOf(resource, engine),
      password: present(get(properties, 'MasterUserPassword')),
      managedPassword: orDefault(
        get(properties, type === 'AWS::Redshift::Cluster' ? 'ManageMasterPassword' : 'ManageMasterUserPassword'),
        booleanFact,
        false,
      ),
      demandsTls: demandsTls(context, resource),
    };
  });
}

function engineFact(type: string, properties: Node, span: Resource['span']): Fact<string> {
  const fixed = engineOf[type];
  if (fixed !== undefined) return known(fixed);
  const written = optional(get(properties, 'Engine'), textFact);
  return written ? mapFact(written, (text) => text.toLowerCase()) : unknown('names no engine', span);
}

/** Without the property the subnets decide: those of the group, else those of the default VPC, which are public as AWS makes it. */
function publicOf({ type, properties, span }: Resource): Database['public'] {
  const written = optional(get(properties, 'PubliclyAccessible'), booleanFact);
  if (written || type !== 'AWS::RDS::DBInstance') return written;
  const placed = ['DBSubnetGroupName', 'DBClusterIdentifier', ...inherited].some((key) =>
    present(get(properties, key)),
  );
  return placed
    ? undefined
    : unknown('is not written and there is no DBSubnetGroupName, so that the default VPC decides', span);
}

function encryptedOf({ type, properties }: Resource, engine: Fact<string>): Database['encrypted'] {
  const written = get(properties, type === 'AWS::Redshift::Cluster' ? 'Encrypted' : 'StorageEncrypted');
  const fact = optional(written, booleanFact);
  // A key switches encryption on, or the database is refused.
  if (fact) return fact;
  // Of an instance its cluster; of a cluster it is the name.
  if (type === 'AWS::RDS::DBInstance' && present(get(properties, 'DBClusterIdentifier'))) return undefined;
  if (inherited.some((key) => present(get(properties, key)))) return undefined;
  if (present(get(properties, 'KmsKeyId'))) return undefined;
  // Aurora encrypts new clusters by itself, and so does Redshift; the others do not.
  if (engine.kind !== 'known' || /^(?:aurora|redshift)/.test(engine.value)) return undefined;
  return known(false);
}

/** Parameters by which a server refuses clients without TLS (RDS and Aurora User Guides, "Requiring SSL/TLS"; DocumentDB: `tls`). */
const demands: Readonly<Record<string, RegExp>> = {
  'rds.force_ssl': /^(?:1|true|on)$/i,
  require_secure_transport: /^(?:1|true|on)$/i,
  require_SSL: /^(?:1|true|on)$/i,
  require_ssl: /^(?:1|true|on)$/i,
  tls: /^(?:enabled|tls1\.[23]\+?|fips-140-3)$/i,
};

const groupProperties = ['DBParameterGroupName', 'DBClusterParameterGroupName', 'ClusterParameterGroupName'];

/** By the parameter groups of the template; undefined when none of them is named or none sets such a parameter. */
function demandsTls(context: BuildContext, { properties }: Resource): Database['demandsTls'] {
  for (const property of groupProperties) {
    for (const link of links(get(properties, property))) {
      const group = link.kind === 'local' ? context.resources.get(link.id) : undefined;
      const parameters = group && present(get(group.properties, 'Parameters'));
      if (parameters?.kind === 'list') {
        for (const item of parameters.items) {
          const demand = demands[textOrEmpty(get(item, 'ParameterName'))];
          const value = get(item, 'ParameterValue');
          if (demand && value) return mapFact(textFact(value), (text) => demand.test(text));
        }
      }
      for (const [name, demand] of Object.entries(demands)) {
        const value = present(get(parameters, name));
        if (value) return mapFact(textFact(value), (text) => demand.test(text));
      }
    }
  }
  return undefined;
}

function textOrEmpty(node: Node | undefined): string {
  const fact = node && textFact(node);
  return fact?.kind === 'known' ? fact.value : '';
}
