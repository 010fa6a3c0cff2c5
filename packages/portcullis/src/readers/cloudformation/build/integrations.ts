import {
  entries,
  get,
  type Integration,
  LastOnly,
  mapFact,
  type Node,
  possibilities,
  type ReferenceNode,
  type Span,
  stringOf,
  textOf,
  unknown,
} from '../../../project/index.ts';
import { describedFact } from './authorizers.ts';
import type { BuildContext } from './context.ts';
import { describe, isNull, optional, orDefault, textFact, undecidedReason } from './facts.ts';
import { functionLink } from './functions.ts';
import { roleLink } from './roles.ts';

type Headers = Extract<Integration, { kind: 'http' }>['headers'];

/** `Integration` of a REST method. */
export function restIntegration(context: BuildContext, node: Node | undefined, span: Span): Integration {
  const [integration] = node ? possibilities(node).filter((value) => !isNull(value)) : [];
  if (!integration) return { kind: 'unknown', reason: 'has no integration in the template', span };
  return integrationOf(context, integration, {
    type: get(integration, 'Type'),
    uri: get(integration, 'Uri'),
    target: get(integration, 'IntegrationTarget') ?? get(integration, 'ConnectionId'),
    subtype: undefined,
    role: get(integration, 'Credentials'),
    headers: headersOf(get(integration, 'RequestParameters'), 'integration.request.header.'),
  });
}

/** AWS::ApiGatewayV2::Integration. */
export function httpIntegration(context: BuildContext, properties: Node): Integration {
  const parameters = get(properties, 'RequestParameters');
  return integrationOf(context, properties, {
    type: get(properties, 'IntegrationType'),
    uri: get(properties, 'IntegrationUri'),
    target: get(properties, 'IntegrationUri'),
    subtype: get(properties, 'IntegrationSubtype'),
    role: get(properties, 'CredentialsArn'),
    headers: [
      ...headersOf(parameters, 'append:header.'),
      ...headersOf(parameters, 'overwrite:header.'),
      ...headersOf(parameters, 'integration.request.header.'),
    ],
  });
}

interface Parts {
  readonly type: Node | undefined;
  readonly uri: Node | undefined;
  /** What a VPC link leads to: the load balancer, its listener or the link itself. */
  readonly target: Node | undefined;
  readonly subtype: Node | undefined;
  /** The role that API Gateway calls the service with. */
  readonly role: Node | undefined;
  readonly headers: Headers;
}

function integrationOf(context: BuildContext, node: Node, parts: Parts): Integration {
  const { span } = node;
  if (node.kind === 'unknown') return { kind: 'unknown', reason: node.reason, span };
  const type = textOf(firstOf(parts.type))?.toUpperCase();
  switch (type) {
    case 'MOCK':
      return { kind: 'mock', span };
    case 'HTTP':
    case 'HTTP_PROXY':
      return httpTarget(context, node, parts);
    case 'AWS':
    case 'AWS_PROXY':
      return awsTarget(context, parts, span);
    default: {
      const reason = parts.type ? undecidedReason(parts.type) : 'has an integration without type';
      return { kind: 'unknown', reason: type ? `has the integration type ${type}, which is not read` : reason, span };
    }
  }
}

function awsTarget(context: BuildContext, { uri, subtype, role: credentials }: Parts, span: Span): Integration {
  const role = optional(credentials, (node) => roleLink(context, node));
  const action = stringOf(firstOf(subtype));
  if (action !== undefined)
    return { kind: 'service', service: action.split('-')[0]?.toLowerCase() ?? action, role, span };
  const address = firstOf(uri);
  if (!uri || !address) return { kind: 'unknown', reason: 'has an integration without address', span };
  const service = serviceOf(describe(address));
  if (service !== undefined && service !== 'lambda') return { kind: 'service', service, role, span };
  return { kind: 'function', function: functionLink(context, uri), span: uri.span };
}

/** `arn:aws:apigateway:eu-west-1:dynamodb:action/PutItem` -> dynamodb; a subdomain before the service is left out. */
function serviceOf(address: string): string | undefined {
  const mark = ':apigateway:';
  const start = address.indexOf(mark);
  if (start === -1) return undefined;
  // Placeholders hold colons of their own: `${AWS::Region}`.
  const fields = address
    .slice(start + mark.length)
    .replace(/\$\{[^{}]*\}/g, '$')
    .split(':');
  const name = fields[1];
  return name?.slice(name.lastIndexOf('.') + 1);
}

function httpTarget(context: BuildContext, node: Node, { uri, target, headers }: Parts): Integration {
  const { span } = node;
  const viaLink = orDefault(get(node, 'ConnectionType'), textFact, 'INTERNET');
  return {
    kind: 'http',
    uri: uri ? describedFact(uri) : unknown('has no address', span),
    loadBalancer: loadBalancerBehind(context, uri) ?? loadBalancerBehind(context, target),
    private: mapFact(viaLink, (value) => value.toUpperCase() === 'VPC_LINK'),
    headers,
    span: uri?.span ?? span,
  };
}

const loadBalancerTypes: ReadonlySet<string> = new Set([
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::ElasticLoadBalancing::LoadBalancer',
]);

/** The load balancer of this project that a value leads to: its DNS name or ARN, a listener, a VPC link, a DNS record. */
function loadBalancerBehind(context: BuildContext, node: Node | undefined, steps = 3): string | undefined {
  for (const reference of referencesIn(node)) {
    const resource = context.resources.get(reference.id);
    if (!resource) continue;
    if (loadBalancerTypes.has(resource.type)) return resource.id;
    if (steps === 0) continue;
    const next = onward(resource.type);
    const found = next && loadBalancerBehind(context, get(resource.properties, next), steps - 1);
    if (found) return found;
  }
  return recordBehind(context, node, steps);
}

function onward(type: string): string | undefined {
  if (type === 'AWS::ElasticLoadBalancingV2::Listener') return 'LoadBalancerArn';
  if (type === 'AWS::ApiGateway::VpcLink') return 'TargetArns';
  if (type === 'AWS::Route53::RecordSet') return 'AliasTarget';
  return undefined;
}

/** An address whose host is a Route 53 record of this project that points to a load balancer. */
function recordBehind(context: BuildContext, node: Node | undefined, steps: number): string | undefined {
  const [address] = node ? possibilities(node) : [];
  const host =
    address && (address.kind === 'scalar' || address.kind === 'text') ? hostOf(describe(address)) : undefined;
  if (host === undefined || steps === 0) return undefined;
  return loadBalancerBehind(context, recordTargets(context).get(host), 0);
}

const records = new LastOnly<BuildContext, ReadonlyMap<string, Node>>();

/** Host name -> what its record points to. */
function recordTargets(context: BuildContext): ReadonlyMap<string, Node> {
  const cached = records.get(context);
  if (cached) return cached;
  const targets = new Map<string, Node>();
  for (const { properties } of context.ofType('AWS::Route53::RecordSet')) {
    const name = get(properties, 'Name');
    const target = get(get(properties, 'AliasTarget'), 'DNSName') ?? get(properties, 'ResourceRecords');
    if (name && target) targets.set(describe(name).replace(/\.$/, '').toLowerCase(), target);
  }
  records.set(context, targets);
  return targets;
}

function hostOf(address: string): string | undefined {
  const start = address.indexOf('://');
  if (start === -1) return undefined;
  const rest = address.slice(start + 3);
  const end = rest.search(/[/?#]/);
  const authority = (end === -1 ? rest : rest.slice(0, end)).replace(/:\d+$/, '');
  return authority === '' ? undefined : authority.toLowerCase();
}

function referencesIn(node: Node | undefined): readonly ReferenceNode[] {
  if (!node) return [];
  switch (node.kind) {
    case 'reference':
      return [node];
    case 'text':
      return node.parts.flatMap((part) => (typeof part !== 'string' && part.kind === 'reference' ? [part] : []));
    case 'list':
      return node.items.flatMap(referencesIn);
    case 'map':
      return node.entries.flatMap((entry) => referencesIn(entry.value));
    case 'either':
      return node.branches.flatMap(referencesIn);
    default:
      return [];
  }
}

function headersOf(parameters: Node | undefined, prefix: string): Headers {
  return entries(parameters)
    .filter(({ key }) => key.toLowerCase().startsWith(prefix))
    .map(({ key, keySpan, value }) => ({ name: key.slice(prefix.length), value, span: keySpan }));
}

function firstOf(node: Node | undefined): Node | undefined {
  return node && possibilities(node).find((value) => !isNull(value));
}
