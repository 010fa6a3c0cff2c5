import { entry, items, type Node, type Span, stringOf } from '../../project/index.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { makeList, makeMap, type Plain } from '../serverless/lower/nodes.ts';
import { add, argumentOf, given, isIntrinsic, isNoValue, leave, type Sam, textNode } from './context.ts';
import { isPolicyTemplate, policyOf, templateEntry } from './policy-templates.ts';

/** What a role is given besides the user's `Policies`. */
export interface RoleParts {
  readonly trust: Plain;
  readonly managed: readonly string[];
  /** Statements, each a policy of its own. */
  readonly statements: readonly Plain[];
}

export const trust = (service: string): Plain => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole'], Principal: { Service: [service] } }],
});

/**
 * The role `<Id>Role` that the transform makes of `Policies`: names and ARNs of managed policies, policy documents and policy templates
 * (AWS::Serverless::Function, Policies).
 */
export function addRole(
  sam: Sam,
  owner: TemplateResource,
  policies: Node | undefined,
  parts: RoleParts,
  condition: string | undefined,
): string {
  const id = `${owner.id}Role`;
  const span = entry(owner.properties, 'Policies')?.keySpan ?? owner.span;
  const managed: Plain[] = parts.managed.map(managedArn);
  const inline: Plain[] = [];
  const written = given(policies);
  (written ? items(written) : []).forEach((policy, index) => {
    const { kind, node } = readPolicy(sam, owner, policy);
    if (kind === 'managed') managed.push(node);
    else if (kind === 'inline') inline.push(named(`${id}Policy${index}`, node));
  });
  parts.statements.forEach((statement, index) => {
    inline.push({ PolicyName: `${id}Extra${index}`, PolicyDocument: { Statement: [statement] } });
  });
  add(
    sam,
    owner,
    id,
    'AWS::IAM::Role',
    span,
    {
      AssumeRolePolicyDocument: given(entry(owner.properties, 'AssumeRolePolicyDocument')?.value) ?? parts.trust,
      ManagedPolicyArns: makeList(span, managed),
      Policies: inline.length > 0 ? makeList(span, inline) : undefined,
      Path: given(entry(owner.properties, 'RolePath')?.value),
      PermissionsBoundary: given(entry(owner.properties, 'PermissionsBoundary')?.value),
    },
    { condition },
  );
  return id;
}

type Read =
  | { readonly kind: 'managed' | 'inline'; readonly node: Node }
  | { readonly kind: 'none'; readonly node: Node };

function readPolicy(sam: Sam, owner: TemplateResource, policy: Node): Read {
  const name = stringOf(policy);
  if (name !== undefined) return { kind: 'managed', node: textNode(managedArn(name), policy.span) };
  const branches = argumentOf(policy, 'Fn::If');
  if (branches?.kind === 'list') return conditional(sam, owner, policy, branches.items);
  if (isIntrinsic(policy)) return { kind: isNoValue(policy) ? 'none' : 'managed', node: policy };
  if (entry(policy, 'Statement')) return { kind: 'inline', node: policy };
  const template = templateEntry(policy);
  if (template && isPolicyTemplate(template.name)) {
    const document = policyOf(template.name, template.parameters, template.span);
    if (document) return { kind: 'inline', node: document };
  }
  const what = template ? `policy template ${template.name}` : 'a policy';
  leave(sam, `${what} of ${owner.id}`, 'AWS SAM knows no such policy template', policy.span, ['secrets']);
  return { kind: 'none', node: policy };
}

/** `Fn::If` around policies of one kind; with `AWS::NoValue` in a branch. */
function conditional(sam: Sam, owner: TemplateResource, policy: Node, parts: readonly Node[]): Read {
  const [condition, whenTrue, whenFalse] = parts;
  if (!condition || !whenTrue || !whenFalse) return { kind: 'none', node: policy };
  const both = [readPolicy(sam, owner, whenTrue), readPolicy(sam, owner, whenFalse)];
  const kind = both.find((one) => one.kind !== 'none')?.kind ?? 'none';
  const [first, second] = both.map((one) => (one.kind === kind ? one.node : noValue(one.node.span)));
  if (!first || !second) return { kind: 'none', node: policy };
  return { kind, node: makeMap(policy.span, { 'Fn::If': [condition, first, second] }) };
}

const noValue = (span: Span): Node => makeMap(span, { Ref: 'AWS::NoValue' });

/** A policy document as an entry of `Policies`; the name goes into both branches of `Fn::If`. */
function named(name: string, document: Node): Plain {
  const branches = argumentOf(document, 'Fn::If');
  if (branches?.kind !== 'list') return { PolicyName: name, PolicyDocument: document };
  const [condition, ...values] = branches.items;
  const both = values.map((value) => (isNoValue(value) ? value : named(name, value)));
  return { 'Fn::If': [condition, ...both] };
}

const serviceRoles =
  /^(?:AWSLambda(?:\w*ExecutionRole|Role|ENIManagementAccess|BasicDurableExecutionRolePolicy)|AmazonAPIGatewayPushToCloudWatchLogs)$/;

/** The ARN of a managed policy that is written by name. */
function managedArn(name: string): string {
  if (name.startsWith('arn:')) return name;
  const path = name.includes('/') ? '' : serviceRoles.test(name) ? 'service-role/' : '';
  return `arn:aws:iam::aws:policy/${path}${name}`;
}
