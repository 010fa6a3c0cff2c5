import {
  type Api,
  type Fact,
  get,
  known,
  type Link,
  mapFact,
  type Node,
  type Resource,
  textOf,
  unknown,
  valueOf,
  type WebAclAssociation,
  type WebAclTarget,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { describe, eitherOr, isNull, linkFact, onlyWhen, together, undecidedReason } from './facts.ts';
import { stageMeant } from './stages.ts';

export function buildAssociations(context: BuildContext, apis: readonly Api[]): readonly WebAclAssociation[] {
  const byId = new Map(apis.map((api) => [api.id, api]));
  return [
    ...context
      .ofType('AWS::WAFv2::WebACLAssociation')
      .map((resource) => association(context, resource, 'WebACLArn', byId)),
    ...context
      .ofType('AWS::WAFRegional::WebACLAssociation')
      .map((resource) => association(context, resource, 'WebACLId', byId)),
  ];
}

function association(
  context: BuildContext,
  resource: Resource,
  aclKey: string,
  apis: ReadonlyMap<string, Api>,
): WebAclAssociation {
  const { id, span, properties } = resource;
  const acl = get(properties, aclKey);
  const target = get(properties, 'ResourceArn');
  const held = new Set([resource.condition]);
  const webAcl = acl ? aclLink(context, acl) : unknown('names no web ACL', span);
  const link = valueOf(webAcl);
  const provider = link?.kind === 'local' ? context.resources.get(link.id) : undefined;
  return {
    id,
    span,
    webAcl: onlyWhen(webAcl, provider, held),
    target: target
      ? together([acl, target], ([aclNode, node]) =>
          aclNode && isNull(aclNode)
            ? unknown('has no web ACL in this case', aclNode.span)
            : conditional(context, node ? targetOf(context, node, apis) : unknown('is none', span), resource, apis),
        )
      : unknown('names no target', span),
  };
}

/** `GetAtt Acl.Arn`; also an ARN whose id is put together from a reference, as `${Acl.Id}`. */
function aclLink(context: BuildContext, node: Node): Fact<Link> {
  return eitherOr<Link>(node, (value) => {
    if (value.kind !== 'text') return linkFact(value);
    const references = value.parts.flatMap((part) =>
      typeof part !== 'string' && part.kind === 'reference' ? [part] : [],
    );
    const acl = references.find((reference) =>
      /^AWS::WAF.*::WebACL$/.test(context.resources.get(reference.id)?.type ?? ''),
    );
    return acl ? known<Link>({ kind: 'local', id: acl.id }, value.span) : linkFact(value);
  });
}

/** An association that exists only on a condition protects for certain only what exists on the same one. */
function conditional(
  context: BuildContext,
  target: Fact<WebAclTarget>,
  association: Resource,
  apis: ReadonlyMap<string, Api>,
): Fact<WebAclTarget> {
  const value = valueOf(target);
  if (!value || value.kind === 'external') return onlyWhen(target, association, new Set());
  if (value.kind !== 'stage')
    return onlyWhen(target, association, new Set([context.resources.get(value.id)?.condition]));
  const stage = apis.get(value.api)?.stages.find((one) => valueOf(one.name) === value.stage);
  const held = [value.api, stage?.id ?? value.api].map((id) => context.resources.get(id)?.condition);
  return onlyWhen(target, association, new Set(held));
}

function targetOf(context: BuildContext, node: Node, apis: ReadonlyMap<string, Api>): Fact<WebAclTarget> {
  return eitherOr<WebAclTarget>(node, (value) => {
    if (value.kind === 'reference') return byReference(context, value.id, value);
    const text = textOf(value);
    if (text === undefined && value.kind !== 'text') return unknown(undecidedReason(value), value.span);
    return stageTarget(context, value, apis) ?? otherTarget(context, value);
  });
}

function byReference(context: BuildContext, id: string, node: Node): Fact<WebAclTarget> {
  const type = context.resources.get(id)?.type;
  if (type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') {
    return known<WebAclTarget>({ kind: 'load-balancer', id }, node.span);
  }
  if (type === 'AWS::Cognito::UserPool') return known<WebAclTarget>({ kind: 'user-pool', id }, node.span);
  if (type === undefined || type.startsWith('AWS::ApiGateway')) {
    return unknown(`refers to ${id}, which is no ARN of something that a web ACL can protect`, node.span);
  }
  return known<WebAclTarget>({ kind: 'external', arn: describe(node) }, node.span);
}

/** `.../restapis/<api>/stages/<stage>`, either of them a reference or written out. */
function stageTarget(
  context: BuildContext,
  node: Node,
  apis: ReadonlyMap<string, Api>,
): Fact<WebAclTarget> | undefined {
  const parts: readonly (string | Node)[] = node.kind === 'text' ? node.parts : [textOf(node) ?? ''];
  const tokens = pathTokens(parts);
  const at = tokens.findIndex((token) => token === 'restapis' || token === 'apis');
  if (at === -1) return undefined;
  const api = tokens[at + 1];
  if (api === undefined || api === '') return unknown('names no API', node.span);
  const id = typeof api === 'string' ? api : api.kind === 'reference' ? api.id : undefined;
  if (id === undefined && typeof api !== 'string') {
    const foreign = apis.get(describe(api));
    if (!foreign) return unknown(undecidedReason(api), node.span);
  }
  const name = id ?? (typeof api === 'string' ? api : describe(api));
  const stage = tokens[at + 2] === 'stages' ? tokens[at + 3] : undefined;
  if (stage === undefined) return known<WebAclTarget>({ kind: 'stage', api: name, stage: undefined }, node.span);
  const stageNode: Node = typeof stage === 'string' ? { kind: 'scalar', value: stage, span: node.span } : stage;
  return mapFact(stageMeant(context, stageNode, apis.get(name)?.stages), (written) => ({
    kind: 'stage' as const,
    api: name,
    stage: written,
  }));
}

/** The ARN cut at `/`; a piece that is put together from several parts is a text node. */
function pathTokens(parts: readonly (string | Node)[]): readonly (string | Node)[] {
  const groups: (string | Node)[][] = [[]];
  for (const part of parts) {
    const pieces = typeof part === 'string' ? part.trim().split('/') : [part];
    pieces.forEach((piece, index) => {
      if (index > 0) groups.push([]);
      if (piece !== '') groups[groups.length - 1]?.push(piece);
    });
  }
  return groups.map((group) => {
    const [only] = group;
    if (group.length <= 1) return only ?? '';
    const pieces = group.flatMap((part) =>
      typeof part === 'string' || part.kind === 'reference' || part.kind === 'unknown' ? [part] : [],
    );
    const place = pieces.find((part) => typeof part !== 'string');
    const span = typeof place === 'object' ? place.span : undefined;
    return span ? { kind: 'text' as const, parts: pieces, span } : pieces.join('');
  });
}

/** A load balancer or user pool inside a text (`${LoadBalancer}` with an empty piece beside it), else the ARN as written. */
function otherTarget(context: BuildContext, node: Node): Fact<WebAclTarget> {
  if (node.kind === 'text') {
    for (const part of node.parts) {
      if (typeof part === 'string' || part.kind !== 'reference') continue;
      const found = byReference(context, part.id, node);
      const value = valueOf(found);
      if (value && value.kind !== 'external') return found;
    }
    return unknown(undecidedReason(node), node.span);
  }
  const arn = textOf(node) ?? '';
  return /^arn:/.test(arn)
    ? known<WebAclTarget>({ kind: 'external', arn }, node.span)
    : unknown(arn.startsWith('{{') ? 'is looked up when it is deployed' : 'is no ARN', node.span);
}
