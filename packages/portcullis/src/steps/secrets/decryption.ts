import {
  type Fact,
  get,
  type KmsKey,
  type Link,
  type Node,
  outcomes,
  type PolicyStatement,
  type Project,
  possibilities,
  type Role,
  textOf,
} from '../../project/index.ts';
import { readActions } from './facts.ts';
import { allowed } from './rights.ts';

/** What one role may do with a key. `undecided`: a policy, a principal or a key that the files do not hold may grant it. */
export type Right = 'granted' | 'missing' | 'undecided';

/** A key that the files make, or one elsewhere by what the files say of it. */
export type KeyInUse =
  | { readonly kind: 'local'; readonly key: KmsKey }
  | { readonly kind: 'elsewhere'; readonly node: Node };

/** AWS managed policies that grant no kms:Decrypt, as far as functions use them; any other is not judged. */
const harmless =
  /:policy\/(?:service-role\/)?(?:AWSLambda(?:BasicExecutionRole|VPCAccessExecutionRole|ENIManagementAccess|Execute|DynamoDBExecutionRole|KinesisExecutionRole|SQSQueueExecutionRole|MSKExecutionRole|Role)|AWSXRayDaemonWriteAccess|AWSXrayWriteOnlyAccess|CloudWatch\w*|AmazonDynamoDB\w*Access|AmazonSQS\w*Access|AmazonSNS\w*Access|AmazonVPC\w*|AWSStepFunctions\w*|AWSAppSync\w*|AmazonS3\w*|AmazonSES\w*|AmazonKinesis\w*|SecretsManagerReadWrite)$/;

/**
 * Whether the role may decrypt with the key, by its own policies or the policy of the key. Grants, permissions boundaries and Deny
 * statements are not looked at.
 */
export function rightToDecrypt(project: Project, role: Role, key: KeyInUse): Right {
  let right: Right = 'missing';
  const take = (found: Right): boolean => {
    if (found === 'granted' || right === 'missing') right = found;
    return found === 'granted';
  };
  for (const statement of role.statements) if (take(byStatement(statement, key))) return right;
  for (const policy of role.managedPolicies) {
    for (const outcome of outcomes(policy)) {
      if (outcome.kind === 'unknown') take('undecided');
      else if (/:policy\/(?:AdministratorAccess|PowerUserAccess)$/.test(outcome.value)) return 'granted';
      else if (!harmless.test(outcome.value)) take('undecided');
    }
  }
  // The policy of a key elsewhere is not in the files.
  if (key.kind === 'local')
    for (const statement of key.key.policy) if (take(byKeyPolicy(project, statement, role))) return right;
  return right;
}

const decrypt = readActions.keys;

function grantsDecrypt(statement: PolicyStatement): Right {
  const effects = outcomes(statement.effect);
  if (effects.every((effect) => effect.kind === 'unknown')) return 'undecided';
  if (allowed(statement, decrypt).length > 0) return 'granted';
  const allows = effects.some((effect) => effect.kind === 'known' && effect.value === 'Allow');
  return allows && statement.actions.some((action) => outcomes(action).some(({ kind }) => kind === 'unknown'))
    ? 'undecided'
    : 'missing';
}

function byStatement(statement: PolicyStatement, key: KeyInUse): Right {
  const action = grantsDecrypt(statement);
  if (action === 'missing') return 'missing';
  if (statement.notResources.length > 0) return 'undecided';
  const found = new Set(statement.resources.flatMap((node) => possibilities(node).map((one) => covers(one, key))));
  if (found.has('granted')) return action;
  return found.has('undecided') ? 'undecided' : 'missing';
}

/** Whether a Resource entry names the key. */
function covers(node: Node, key: KeyInUse): Right {
  if (node.kind === 'reference') {
    if (key.kind === 'local') return node.id === key.key.id ? 'granted' : 'missing';
    return same(node, key.node) ? 'granted' : 'missing';
  }
  if (node.kind === 'text') {
    if (
      key.kind === 'local' &&
      node.parts.some((part) => typeof part !== 'string' && 'id' in part && part.id === key.key.id)
    )
      return 'granted';
    const last = node.parts.at(-1);
    if (typeof last === 'string' && last.includes('*')) return 'granted';
    return 'undecided';
  }
  const text = textOf(node);
  if (text === undefined) return key.kind === 'elsewhere' && same(node, key.node) ? 'granted' : 'undecided';
  if (text.includes('*'))
    return /^(?:\*|arn:)/.test(text) && /^\*|:kms:|^arn:\*|^arn:aws:\*/.test(text) ? 'granted' : 'missing';
  if (key.kind === 'elsewhere' && text === textOf(key.node)) return 'granted';
  return /:kms:/.test(text) ? 'undecided' : 'missing';
}

/** The same value wherever it stands: a reference to one resource, a parameter or import of one name. */
function same(left: Node, right: Node): boolean {
  if (left.kind === 'reference' && right.kind === 'reference') return left.id === right.id;
  return left.kind === 'unknown' && right.kind === 'unknown' && left.name !== undefined && left.name === right.name;
}

function byKeyPolicy(project: Project, statement: PolicyStatement, role: Role): Right {
  const action = grantsDecrypt(statement);
  if (action === 'missing') return 'missing';
  if (!statement.principalNodes) return action === 'undecided' ? 'undecided' : 'missing';
  let right: Right = 'missing';
  for (const node of statement.principalNodes) {
    const found = names(project, node, role);
    if (found === 'granted') return action;
    if (found === 'undecided') right = 'undecided';
  }
  return right;
}

/** Whether a principal is the role. The account itself (`:root`) only hands the decision to the policies of the role. */
function names(project: Project, node: Node, role: Role): Right {
  if (node.kind === 'reference') {
    if (node.id === role.id) return 'granted';
    return project.resources.get(node.id)?.type === 'AWS::IAM::Role' ? 'missing' : 'undecided';
  }
  const text =
    node.kind === 'text'
      ? node.parts.map((part) => (typeof part === 'string' ? part : '\uFFFC')).join('')
      : textOf(node);
  if (text === undefined)
    return node.kind === 'unknown' && /AccountId$/.test(node.name ?? '') ? 'missing' : 'undecided';
  if (text === '*') return 'granted';
  if (text.endsWith(':root') || /^[\d\uFFFC]+$/.test(text) || /^[\w-]+\.amazonaws\.com(?:\.cn)?$/.test(text))
    return 'missing';
  return role.name !== undefined && text.endsWith(`/${role.name}`) ? 'granted' : 'undecided';
}

/** The keys that a setting may name. An alias of the files stands for its key. */
export function keysOf(project: Project, link: Fact<Link>, node: Node | undefined): readonly KeyInUse[] {
  const found = outcomes(link).flatMap((outcome): readonly KeyInUse[] => {
    if (outcome.kind === 'known' && outcome.value.kind === 'local') {
      const key = localKey(project, outcome.value.id);
      return key ? [{ kind: 'local', key }] : [];
    }
    return [];
  });
  if (found.length > 0 || !node) return found;
  return possibilities(node).flatMap((one): readonly KeyInUse[] =>
    one.kind === 'reference' || isDefault(one) ? [] : [{ kind: 'elsewhere', node: one }],
  );
}

/** Keys that AWS manages need no right of the role: the service has them. */
function isDefault(node: Node): boolean {
  return (
    /alias\/aws\//.test(textOf(node) ?? '') || (node.kind === 'scalar' && (node.value === null || node.value === ''))
  );
}

export function localKey(project: Project, id: string): KmsKey | undefined {
  const resource = project.resources.get(id);
  if (resource?.type !== 'AWS::KMS::Alias') return project.kmsKeys.find((key) => key.id === id);
  const target = get(resource.properties, 'TargetKeyId');
  return target?.kind === 'reference' ? project.kmsKeys.find((key) => key.id === target.id) : undefined;
}

/** The roles that a fact names and the files hold. Others are judged by nobody. */
export function rolesOf(project: Project, link: Fact<Link>): readonly Role[] {
  return outcomes(link).flatMap((outcome) => {
    const { kind } = outcome;
    const id = kind === 'known' && outcome.value.kind === 'local' ? outcome.value.id : undefined;
    const role = id === undefined ? undefined : project.roles.find((one) => one.id === id);
    return role ? [role] : [];
  });
}
