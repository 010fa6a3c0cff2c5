import type { Observation, Rule } from '../../../contract/index.ts';
import { outcomes, type Project, sometimes } from '../../../project/index.ts';
import { kindOf } from '../databases.ts';

export const databaseIsPublic: Rule = {
  id: 'secrets/database-is-public',
  step: 'secrets',
  severity: 'warning',
  title: 'Database has a public address',
  attack:
    'With a public address the password is all that stands between the internet and the data, but for one rule of a security group that somebody widens on a bad day. Addresses of RDS are scanned all the time; a leaked password, a default one or a hole in the server is then used from anywhere.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersDb:
      Type: AWS::RDS::DBInstance
      Properties:
        PubliclyAccessible: false`,
    cloudformation: `OrdersDb:
  Type: AWS::RDS::DBInstance
  Properties:
    PubliclyAccessible: false`,
  },
  docs: [
    {
      title: 'Working with a DB instance in a VPC: hiding a DB instance in a VPC from the internet',
      url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
    },
    {
      title: 'Security Hub controls for Amazon RDS',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html',
    },
  ],
  mappings: { fsbp: ['RDS.2', 'Redshift.1'], owasp: ['API8:2023'], cwe: ['CWE-668'] },
  *check(project: Project): Iterable<Observation> {
    for (const database of project.databases ?? []) {
      const { id, span, public: address } = database;
      if (!address) continue;
      if (sometimes(address, (value) => value)) {
        yield { message: `The ${kindOf(database)} ${id} has an address on the internet.`, span, subject: id };
      } else {
        const open = outcomes(address).find((outcome) => outcome.kind === 'unknown');
        // A branch that leaves the property out depends on the subnets, as a database without it does.
        if (open?.kind !== 'unknown' || open.reason === 'is not set in this case') continue;
        yield {
          severity: 'note',
          state: 'unknown',
          message: `The files do not decide whether the ${kindOf(database)} ${id} has an address on the internet: PubliclyAccessible ${open.reason}.`,
          span,
          subject: id,
        };
      }
    }
  },
};
