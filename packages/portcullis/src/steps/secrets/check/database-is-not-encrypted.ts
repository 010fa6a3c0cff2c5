import type { Observation, Rule } from '../../../contract/index.ts';
import { type Project, sometimes } from '../../../project/index.ts';
import { kindOf } from '../databases.ts';

export const databaseIsNotEncrypted: Rule = {
  id: 'secrets/database-is-not-encrypted',
  step: 'secrets',
  severity: 'warning',
  title: 'Database is stored without encryption',
  attack:
    'Snapshots and backups of an unencrypted database are plain copies: whoever may share or copy one restores it in an account of their own, with every password and token in it, and no key policy stands in the way. Encryption cannot be switched on later without making the database anew.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersDb:
      Type: AWS::RDS::DBInstance
      Properties:
        StorageEncrypted: true`,
    cloudformation: `OrdersDb:
  Type: AWS::RDS::DBInstance
  Properties:
    StorageEncrypted: true`,
  },
  docs: [
    {
      title: 'Encrypting Amazon RDS resources',
      url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html',
    },
    {
      title: 'Security Hub controls for Amazon RDS',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html',
    },
  ],
  mappings: { fsbp: ['RDS.3', 'RDS.27', 'DocumentDB.1', 'Neptune.1'], owasp: ['API8:2023'], cwe: ['CWE-311'] },
  *check(project: Project): Iterable<Observation> {
    for (const database of project.databases ?? []) {
      const { id, span, encrypted } = database;
      if (!encrypted || !sometimes(encrypted, (value) => !value)) continue;
      yield { message: `The ${kindOf(database)} ${id} is stored without encryption.`, span, subject: id };
    }
  },
};
