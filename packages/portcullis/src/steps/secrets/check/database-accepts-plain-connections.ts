import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project } from '../../../project/index.ts';
import { engineName, kindOf, tlsDemandOf } from '../databases.ts';

export const databaseAcceptsPlainConnections: Rule = {
  id: 'secrets/database-accepts-plain-connections',
  step: 'secrets',
  severity: 'warning',
  title: 'Database accepts clients without TLS',
  attack:
    'A server that does not demand TLS takes the password in the clear from every client that does not ask for more, and many drivers fall back by themselves when TLS fails. Who can see the network between function and database, or make TLS fail there, reads the password and the data.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersDbParameters:
      Type: AWS::RDS::DBParameterGroup
      Properties:
        Family: mysql8.0
        Description: clients must use TLS
        Parameters: { require_secure_transport: '1' }   # PostgreSQL: rds.force_ssl: '1'`,
    cloudformation: `OrdersDbParameters:
  Type: AWS::RDS::DBParameterGroup
  Properties:
    Family: mysql8.0
    Description: clients must use TLS
    Parameters: { require_secure_transport: '1' }   # PostgreSQL: rds.force_ssl: '1'
OrdersDb:
  Type: AWS::RDS::DBInstance
  Properties:
    DBParameterGroupName: !Ref OrdersDbParameters`,
  },
  docs: [
    {
      title: 'Requiring SSL/TLS for all connections to a MySQL DB instance on Amazon RDS',
      url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.require-ssl.html',
    },
    {
      title: 'Using SSL with a PostgreSQL DB instance',
      url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html',
    },
  ],
  mappings: { fsbp: ['RDS.38', 'RDS.39'], owasp: ['API8:2023'], cwe: ['CWE-319'] },
  *check(project: Project): Iterable<Observation> {
    for (const database of project.databases ?? []) {
      const { id, type, span, engine } = database;
      // An instance of a cluster has the settings of the cluster.
      if (type === 'AWS::RDS::DBInstance' && engine.kind === 'known' && engine.value.startsWith('aurora')) continue;
      const demand = tlsDemandOf(database);
      if (demand === 'off') {
        yield {
          message: `The parameter group of the ${kindOf(database)} ${id} lets clients connect without TLS.`,
          span,
          subject: id,
        };
      } else if (demand === 'default-off') {
        yield {
          // What every client does is not in the files: most use TLS when it is offered.
          severity: 'note',
          message: `The ${kindOf(database)} ${id} does not demand TLS, which ${engineName(engine)} does not do by itself.`,
          span,
          subject: id,
        };
      }
    }
  },
};
