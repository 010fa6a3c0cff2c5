import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type CustomAttribute, type Project, sometimes, type UserPool } from '../../../project/index.ts';
import { wordsOf } from '../public-by-purpose.ts';
import { mayLeadTo } from '../routes.ts';

export const roleAttributeIsClientWritable: Rule = {
  id: 'authorization/role-attribute-is-client-writable',
  step: 'authorization',
  severity: 'warning',
  title: 'Users can set the attribute that says what they may do',
  attack:
    "A user who is signed in calls Cognito's `UpdateUserAttributes` with the own access token, or `SignUp` with the attribute in it, and is an administrator or a member of another tenant from the next token on: the claim is signed by the pool and the authorizer believes it.",
  fix: {
    serverless: `resources:
  Resources:
    WebClient:
      Type: AWS::Cognito::UserPoolClient
      Properties:
        UserPoolId: !Ref CustomerPool
        WriteAttributes: [email, name, phone_number]   # what users may change themselves; the role is set by AdminUpdateUserAttributes`,
    cloudformation: `WebClient:
  Type: AWS::Cognito::UserPoolClient
  Properties:
    UserPoolId: !Ref CustomerPool
    WriteAttributes: [email, name, phone_number]       # what users may change themselves; the role is set by AdminUpdateUserAttributes`,
  },
  docs: [
    {
      title: 'Amazon Cognito: user pool attributes, attribute permissions and scopes',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html',
    },
    {
      title: 'CloudFormation: AWS::Cognito::UserPoolClient, WriteAttributes',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cognito-userpoolclient.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API3:2023', 'API5:2023'], cwe: ['CWE-269', 'CWE-915'] },
  *check(project) {
    for (const pool of project.userPools) {
      const settable = pool.customAttributes.filter(
        (attribute) => saysWhatUsersMay(attribute) && isSettable(pool, attribute),
      );
      yield* ofPool(project, pool, settable);
    }
  },
};

function* ofPool(project: Project, pool: UserPool, attributes: readonly CustomAttribute[]): Generator<Observation> {
  for (const client of project.userPoolClients) {
    if (!mayLeadTo(client.pool, pool.id) || hasNoUsers(client.oauthFlows)) continue;
    const { writeAttributes } = client;
    const written = attributes.filter(
      ({ name }) => !writeAttributes || sometimes(writeAttributes, (list) => list.includes(`custom:${name}`)),
    );
    if (written.length === 0) continue;
    const what = written.map(({ name }) => `custom:${name}`).join(' and ');
    yield {
      message: writeAttributes
        ? `Users of the app client ${client.id} may set ${what} of their own account (WriteAttributes), and the name says that it decides what they may do.`
        : `The app client ${client.id} has no WriteAttributes, so its users may set every attribute of their own account, ${what} too.`,
      span: client.writeAttributesSpan,
      subject: client.id,
      question: `Does anything trust ${what} of a token?`,
      related: written.map(({ name, span }) => ({ message: `custom:${name} is defined here`, span })),
    };
  }
}

/** Clients for machines alone: there is no user whose attribute could be set. */
function hasNoUsers(flows: Project['userPoolClients'][number]['oauthFlows']): boolean {
  return always(flows, (list) => list.length > 0 && list.every((flow) => flow === 'client_credentials'));
}

/** An immutable attribute is set once, and whoever signs up by himself is the one who sets it. */
function isSettable(pool: UserPool, { mutable }: CustomAttribute): boolean {
  return sometimes(mutable, (value) => value) || sometimes(pool.selfSignUp, (anybody) => anybody);
}

const telling: ReadonlySet<string> = new Set([
  'role',
  'roles',
  'admin',
  'isadmin',
  'superuser',
  'superadmin',
  'staff',
  'isstaff',
  'permission',
  'permissions',
  'privilege',
  'privileges',
  'scope',
  'scopes',
  'group',
  'groups',
  'usergroup',
  'userrole',
  'userroles',
  'accesslevel',
  'tenant',
  'tenantid',
  'tenants',
]);

/** Whole words: `isAdmin`, `user_role`, `tenantId`; not `administrativeArea` or `groupon`. */
function saysWhatUsersMay({ name }: CustomAttribute): boolean {
  const words = wordsOf(name);
  return words.some((word) => telling.has(word)) || words.join(' ') === 'access level';
}
