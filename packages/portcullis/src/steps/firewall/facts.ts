import type { GateState } from '../../contract/index.ts';
import {
  type Api,
  always,
  get,
  type LoadBalancer,
  type Node,
  outcomes,
  type Project,
  possibilities,
  type Resource,
  references,
  type Span,
  type Stage,
  textOf,
  type Unread,
  type WebAcl,
  type WebAclAssociation,
} from '../../project/index.ts';
import { localIds, lookup } from './lookup.ts';
import { aclState } from './web-acl.ts';

// Which web ACL stands before what. AWS WAF takes REST API stages, Application Load Balancers, Cognito user pools, AppSync,
// App Runner and Verified Access (developer guide: "Resources that you can protect with AWS WAF"). HTTP and WebSocket APIs and
// function URLs are not among them; only a CloudFront distribution can stand before those.

export type Guarded =
  /** Stage undefined: the files make the API and no stage of it. */
  | { readonly kind: 'stage'; readonly api: Api; readonly stage: Stage | undefined }
  | { readonly kind: 'load-balancer'; readonly id: string }
  | { readonly kind: 'user-pool'; readonly id: string };

export type Cover =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'undecided';
      /** A sentence part: "the target of X comes from Parameter Store". */
      readonly reason: string;
      readonly span: Span;
      readonly association: WebAclAssociation | undefined;
    }
  /** `acl` is undefined when the web ACL is defined outside of the files: its rules are judged where they are written. */
  | { readonly kind: 'acl'; readonly association: WebAclAssociation; readonly acl: WebAcl | undefined };

/** The web ACL before a thing, as far as the files decide it. Of several answers the best proven one. */
export function coverOf(project: Project, thing: Guarded): Cover {
  let undecided: Cover | undefined;
  const { associationsByTarget, looseAssociations } = lookup(project);
  const id = thing.kind === 'stage' ? thing.api.id : thing.id;
  for (const association of new Set([...(associationsByTarget.get(id) ?? []), ...looseAssociations])) {
    const answer = concerns(project, association, thing);
    if (answer === true) {
      const stray = noWebAcl(project, association);
      if (stray === undefined) return { kind: 'acl', association, acl: aclOf(project, association) };
      const reason = `${association.id} names ${stray}, which is no web ACL of the files`;
      undecided ??= { kind: 'undecided', reason, span: association.span, association };
      continue;
    }
    if (answer !== false) undecided ??= { kind: 'undecided', reason: answer, span: association.span, association };
  }
  if (undecided) return undecided;
  const unread = project.unread.find((entry) => mayHideAssociation(project, entry, thing));
  if (unread) {
    return {
      kind: 'undecided',
      reason: `${unread.what} was not read: ${unread.reason}`,
      span: unread.span,
      association: undefined,
    };
  }
  return { kind: 'none' };
}

/** True when the web ACL association of the thing may lie in what was not read. */
function mayHideAssociation(project: Project, unread: Unread, thing: Guarded): boolean {
  if (unread.hides !== 'resources' || !unread.steps.includes('firewall')) return false;
  const stack = nestedStackAt(project, unread.span);
  if (!stack) return true;
  // A nested stack learns of the thing only through its parameters.
  const parameters = get(stack.properties, 'Parameters');
  if (parameters?.kind === 'unknown') return true;
  const known = references(parameters);
  return idsOf(thing).some((id) => known.has(id));
}

function nestedStackAt(project: Project, span: Span): Resource | undefined {
  for (const resource of project.resources.values()) {
    if (resource.type !== 'AWS::CloudFormation::Stack' && resource.type !== 'AWS::Serverless::Application') continue;
    if (resource.span.start === span.start && resource.span.file === span.file) return resource;
  }
  return undefined;
}

function idsOf(thing: Guarded): readonly string[] {
  if (thing.kind !== 'stage') return [thing.id];
  return thing.stage ? [thing.api.id, thing.stage.id] : [thing.api.id];
}

/** True or false where the files decide that the association is for the thing, else the reason why they do not. */
function concerns(project: Project, association: WebAclAssociation, thing: Guarded): boolean | string {
  const targets = outcomes(association.target);
  // Where a condition decides whether the target exists, the decided outcome says what it is.
  const decided = targets.filter((target) => target.kind === 'known');
  const answers = (decided.length > 0 ? decided : targets).map((target): boolean | string => {
    if (target.kind === 'unknown') {
      const family = targetFamily(get(project.resources.get(association.id)?.properties, 'ResourceArn'));
      if (family !== undefined && family !== thing.kind) return false;
      return `the target of ${association.id} ${target.reason}`;
    }
    const { value } = target;
    if (value.kind === 'external') {
      if (familyOf(value.arn) !== thing.kind) return false;
      return `${association.id} names its target by an ARN that was written by hand`;
    }
    if (value.kind !== thing.kind) return false;
    if (value.kind === 'stage' && thing.kind === 'stage') return sameStage(project, value, thing, association);
    return value.kind !== 'stage' && thing.kind !== 'stage' && value.id === thing.id;
  });
  const open = answers.find((answer) => typeof answer === 'string');
  if (open !== undefined) return open;
  if (!answers.includes(true)) return false;
  if (answers.includes(false)) return `the target of ${association.id} depends on a condition`;
  const condition = project.resources.get(association.id)?.condition;
  if (condition !== undefined && condition === conditionOf(project, thing)) return true;
  if (condition !== undefined) return `${association.id} exists only when the condition ${condition} holds`;
  const missing = targets.find((target) => target.kind === 'unknown');
  return missing ? `the target of ${association.id} ${missing.reason}` : true;
}

function conditionOf(project: Project, thing: Guarded): string | undefined {
  if (thing.kind !== 'stage') return project.resources.get(thing.id)?.condition;
  const stage = thing.stage && project.resources.get(thing.stage.id)?.condition;
  return stage ?? project.resources.get(thing.api.id)?.condition;
}

function sameStage(
  project: Project,
  target: { readonly api: string; readonly stage: string | undefined },
  thing: { readonly api: Api; readonly stage: Stage | undefined },
  association: WebAclAssociation,
): boolean | string {
  if (target.api !== thing.api.id) {
    if (lookup(project).apiIds.has(target.api)) return false;
    // The id of an API is made when it is deployed: a literal one may be that of this API.
    return `${association.id} names its API as ${target.api}`;
  }
  const { stage } = thing;
  if (!stage || thing.api.stages.length === 1) {
    // With one stage there is nothing to mix up, except a name that is decided and differs.
    if (!stage || target.stage === undefined || target.stage === stage.id) return true;
    const [name] = outcomes(stage.name);
    return name?.kind !== 'known' || name.value === target.stage;
  }
  if (target.stage === undefined) return `the stage that ${association.id} names is not decided by the files`;
  if (target.stage === stage.id) return true;
  const names = outcomes(stage.name);
  if (names.some((name) => name.kind === 'known' && name.value === target.stage)) return true;
  const [unknown] = names.filter((name) => name.kind === 'unknown');
  const elsewhere = thing.api.stages.some((other) => other.id === target.stage);
  return unknown && !elsewhere ? `the name of the stage ${stage.id} ${unknown.reason}` : false;
}

/** What kind of resource an ARN, or the literal pieces of one, speaks of; `other` is a kind that no rule here judges. */
function familyOf(text: string): Guarded['kind'] | 'other' | undefined {
  if (text.includes('/restapis/')) return 'stage';
  if (text.includes(':loadbalancer/')) return 'load-balancer';
  if (text.includes(':userpool/')) return 'user-pool';
  return /:appsync:|:apprunner:|verified-access|\/apis\//.test(text) ? 'other' : undefined;
}

function targetFamily(node: Node | undefined): Guarded['kind'] | 'other' | undefined {
  if (!node) return undefined;
  for (const value of possibilities(node)) {
    const text =
      value.kind === 'text'
        ? value.parts.map((part) => (typeof part === 'string' ? part : '?')).join('')
        : (textOf(value) ?? '');
    const family = familyOf(text);
    if (family) return family;
  }
  return undefined;
}

/** What the association names as its web ACL and cannot be one: nothing of the project, or a resource of another kind. */
function noWebAcl(project: Project, association: WebAclAssociation): string | undefined {
  const ids = localIds(association.webAcl);
  return ids.find((id) => {
    const type = project.resources.get(id)?.type;
    return type === undefined || (type.startsWith('AWS::') && !/^AWS::(?:WAF|CloudFormation::)/.test(type));
  });
}

function aclOf(project: Project, association: WebAclAssociation): WebAcl | undefined {
  const { webAcls } = lookup(project);
  const acls = localIds(association.webAcl).flatMap((id) => webAcls.get(id) ?? []);
  // A condition chooses between several: the weakest may be the one.
  return acls.length < 2 ? acls[0] : acls.reduce((one, other) => (isWeaker(project, other, one) ? other : one));
}

const weakestFirst: readonly GateState[] = ['open', 'unknown', 'half-open', 'closed'];

function isWeaker(project: Project, one: WebAcl, other: WebAcl): boolean {
  return weakestFirst.indexOf(aclState(project, one)) < weakestFirst.indexOf(aclState(project, other));
}

/** How the gate stands before a thing because of the web ACL that covers it. */
export function coverState(project: Project, cover: Cover): GateState {
  if (cover.kind === 'none') return 'open';
  if (cover.kind === 'undecided') return 'unknown';
  if (cover.acl) return aclState(project, cover.acl);
  // Of a web ACL elsewhere the association tells the generation.
  const isClassic = project.resources.get(cover.association.id)?.type.startsWith('AWS::WAFRegional::');
  return isClassic ? 'half-open' : 'closed';
}

/** True when the API can be reached only from inside a VPC: a private REST API, or an internal load balancer. */
export function isPrivate(api: Api): boolean {
  return always(api.endpoint, (endpoint) => endpoint === 'PRIVATE');
}

/** The stages of a REST API to judge; the API itself stands for them when the files make none. */
export function guardedStages(api: Api): readonly Guarded[] {
  if (api.stages.length === 0) return [{ kind: 'stage', api, stage: undefined }];
  return api.stages.map((stage) => ({ kind: 'stage', api, stage }));
}

/** A CloudFront distribution of the project with a web ACL, one of whose origins is the resource. */
export function distributionBefore(project: Project, id: string): { id: string; span: Span } | undefined {
  return lookup(project).distributionsByOrigin.get(id);
}

/** What people call it: its own name, else its logical id. */
export function label(thing: { readonly id: string; readonly name: string | undefined }): string {
  return thing.name ?? thing.id;
}

/** Load balancers that the project makes and that an `alb` API of the model stands for. */
export function loadBalancersOf(project: Project, api: Api): readonly LoadBalancer[] {
  const balancer = lookup(project).balancers.get(api.id);
  return balancer ? [balancer] : [];
}
