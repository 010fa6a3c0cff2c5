import { type Node, textOf } from '../../../project/index.ts';
import { addResource, isMap, type Lowering, providerSetting, type ServiceFunction } from './lowering.ts';
import { naming } from './naming.ts';
import { attribute, dig, isUnset, join, listOf, make, type Plain, ref, set } from './nodes.ts';
import { findPlugin } from './plugins/list.ts';
import { sourceStatements } from './sources.ts';

const rolesPerFunction = 'serverless-iam-roles-per-function';

/** The role of one function: its own, the provider's, or the one that the framework makes for all. */
export function functionRole(lowering: Lowering, fn: ServiceFunction): Node {
  if (ownStatements(lowering, fn)) return make(fn.span, attribute(naming.functionRole(fn.name), 'Arn'));
  const custom = set(dig(fn.node, 'role')) ?? existingProviderRole(lowering);
  if (!custom) return make(fn.span, attribute(naming.role, 'Arn'));
  const text = textOf(custom);
  if (text === undefined || text.startsWith('arn:')) return custom;
  return make(custom.span, attribute(text, 'Arn'));
}

/** Statements that serverless-iam-roles-per-function turns into a role of this function. Undefined without the plugin or the setting. */
function ownStatements(lowering: Lowering, fn: ServiceFunction): Node | undefined {
  const statements = dig(fn.node, 'iamRoleStatements');
  return statements && findPlugin(lowering.plugins, rolesPerFunction) ? statements : undefined;
}

/** `provider.iam.role` as a reference to a role, or the older `provider.role`. */
function existingProviderRole(lowering: Lowering): Node | undefined {
  const role = providerSetting(lowering, 'iam', 'role');
  if (role && isExisting(role)) return set(role);
  return set(providerSetting(lowering, 'role'));
}

function isExisting(role: Node): boolean {
  if (role.kind !== 'map') return !isUnset(role);
  return role.entries.some((entry) => entry.key.includes('::'));
}

/** The shared role and, with the plugin, a role per function. Call after the events, which add statements. */
export function lowerRoles(lowering: Lowering): void {
  if (lowering.functions.length === 0) return;
  for (const fn of lowering.functions) {
    const statements = ownStatements(lowering, fn);
    if (statements) lowerFunctionRole(lowering, fn, statements);
  }
  const provider = lowering.provider;
  const role = providerSetting(lowering, 'iam', 'role');
  if (role && isExisting(role)) return;
  if (isMap(provider) && provider.entries.some((entry) => entry.key === 'role')) return;
  if (lowering.functions.every((fn) => fn.node.entries.some((entry) => entry.key === 'role'))) return;

  const statements = sharedStatements(lowering);
  const managed = set(dig(role, 'managedPolicies')) ?? set(providerSetting(lowering, 'iamManagedPolicies'));
  const span = role?.span ?? providerSetting(lowering, 'iamRoleStatements')?.span ?? lowering.providerSpan;
  const inVpc =
    !isUnset(providerSetting(lowering, 'vpc')) ||
    lowering.functions.some((fn) => fn.node.entries.some((entry) => entry.key === 'vpc'));
  addResource(lowering, naming.role, 'AWS::IAM::Role', span, {
    AssumeRolePolicyDocument: lambdaTrust,
    RoleName:
      set(dig(role, 'name')) ?? join('-', [lowering.serviceName, lowering.stageNode, ref('AWS::Region'), 'lambdaRole']),
    ManagedPolicyArns: managedPolicies(managed, inVpc),
    Policies: [
      policy([
        ...logStatements(`${lowering.serviceName}-${lowering.stage ?? '?'}*`),
        ...statements,
        ...lowering.roleStatements,
      ]),
    ],
  });
}

const lambdaTrust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
};

const policy = (statements: readonly Plain[]) => ({
  PolicyName: 'lambda',
  PolicyDocument: { Version: '2012-10-17', Statement: statements },
});

function sharedStatements(lowering: Lowering): readonly Node[] {
  return listOf(
    set(providerSetting(lowering, 'iam', 'role', 'statements')) ?? set(providerSetting(lowering, 'iamRoleStatements')),
  );
}

function managedPolicies(written: Node | undefined, inVpc: boolean): readonly Plain[] | undefined {
  const all: Plain[] = [...listOf(written)];
  if (inVpc) {
    all.push({
      'Fn::Join': [
        '',
        ['arn:', ref('AWS::Partition'), ':iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'],
      ],
    });
  }
  return all.length > 0 ? all : undefined;
}

function logStatements(name: string): readonly Plain[] {
  const arn = (end: string) => ({
    'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${name}${end}`,
  });
  return [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:CreateLogGroup', 'logs:TagResource'],
      Resource: [arn(':*')],
    },
    { Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: [arn(':*:*')] },
  ];
}

/** The role that serverless-iam-roles-per-function makes: logs, event sources, the function's statements, the shared ones if inherited. */
function lowerFunctionRole(lowering: Lowering, fn: ServiceFunction, statements: Node): void {
  const inherit = dig(fn.node, 'iamRoleStatementsInherit') ?? dig(lowering.custom, rolesPerFunction, 'defaultInherit');
  const own: readonly Node[] = listOf(statements);
  addResource(lowering, naming.functionRole(fn.name), 'AWS::IAM::Role', statements.span, {
    AssumeRolePolicyDocument: lambdaTrust,
    RoleName: set(dig(fn.node, 'iamRoleStatementsName')),
    ManagedPolicyArns: managedPolicies(
      undefined,
      fn.node.entries.some((entry) => entry.key === 'vpc'),
    ),
    Policies: [
      policy([
        ...logStatements(`${lowering.serviceName}-${lowering.stage ?? '?'}-${fn.name}`),
        ...sourceStatements(fn),
        ...own,
        ...(isUnset(inherit) ? [] : sharedStatements(lowering)),
      ]),
    ],
  });
}
