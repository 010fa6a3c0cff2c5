import type { Observation, Rule } from '../../../contract/index.ts';
import { type Node, type Project, possibilities } from '../../../project/index.ts';
import { kindOf } from '../databases.ts';

export const databasePasswordIsAParameter: Rule = {
  id: 'secrets/database-password-is-a-parameter',
  step: 'secrets',
  // The parameter may well be handled with care; that nobody rotates it is what is certain.
  severity: 'note',
  title: 'Master password of a database is handed in as a parameter',
  attack:
    'Somebody types the password at every deployment or keeps it in a script, a CI variable or a parameter file, and each of these places is read by more people than the database is. It is never changed, because that means another deployment.',
  fix: {
    serverless: `resources:
  Resources:
    OrdersDb:
      Type: AWS::RDS::DBInstance
      Properties:
        MasterUsername: orders
        ManageMasterUserPassword: true   # instead of MasterUserPassword`,
    cloudformation: `OrdersDb:
  Type: AWS::RDS::DBInstance
  Properties:
    MasterUsername: orders
    ManageMasterUserPassword: true   # instead of MasterUserPassword`,
  },
  docs: [
    {
      title: 'Password management with Amazon RDS and AWS Secrets Manager',
      url: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-522', 'CWE-262'] },
  *check(project: Project): Iterable<Observation> {
    for (const database of project.databases ?? []) {
      const { id, password } = database;
      if (!password || !possibilities(password).some(isParameter)) continue;
      yield {
        message: `The master password of the ${kindOf(database)} ${id} is a parameter of the stack.`,
        span: password.from?.[0]?.span ?? password.span,
        subject: id,
      };
    }
  },
};

/** A parameter whose default is written out is the business of the rule for defaults. */
function isParameter(node: Node): boolean {
  return node.kind === 'unknown' && node.source === 'parameter';
}
