import { entries, type Node, type Span, textOf } from '../../project/index.ts';
import { eachBranch, isNothing, mapOf, pluck, scalar } from './nodes.ts';
import type { ApiKind, Schemes } from './schemes.ts';

/** An authorizer that is made of a security scheme. */
export interface SchemeAuthorizer {
  readonly scheme: string;
  readonly span: Span;
  /** Of AWS::ApiGateway::Authorizer or AWS::ApiGatewayV2::Authorizer, without the API. */
  readonly properties: Readonly<Record<string, Node | undefined>>;
}

/** The security schemes with x-amazon-apigateway-authorizer, used or not; of conditions every branch. */
export function authorizersOf(schemes: Schemes, kind: ApiKind): readonly SchemeAuthorizer[] {
  const found = new Map<string, SchemeAuthorizer>();
  const visit = (definitions: Node | undefined): void => {
    if (definitions?.kind === 'either') for (const branch of definitions.branches) visit(branch);
    for (const { key, keySpan, value } of entries(definitions)) {
      const scheme = schemes.references.follow(value);
      const written = pluck(scheme, 'x-amazon-apigateway-authorizer');
      if (scheme.kind === 'unknown' || !written || isNothing(written) || found.has(key)) continue;
      const properties = kind === 'rest' ? restAuthorizer(scheme, written) : httpAuthorizer(scheme, written);
      found.set(key, { scheme: key, span: keySpan, properties: { Name: scalar(key, keySpan), ...properties } });
    }
  };
  visit(schemes.definitions);
  return [...found.values()];
}

function common(written: Node) {
  return {
    AuthorizerUri: pluck(written, 'authorizerUri'),
    AuthorizerCredentials: pluck(written, 'authorizerCredentials'),
    AuthorizerResultTtlInSeconds: pluck(written, 'authorizerResultTtlInSeconds'),
  };
}

function restAuthorizer(scheme: Node, written: Node) {
  return {
    ...common(written),
    Type: upper(pluck(written, 'type')),
    IdentitySource: pluck(written, 'identitySource') ?? headerOf(scheme),
    IdentityValidationExpression: pluck(written, 'identityValidationExpression'),
    ProviderARNs: pluck(written, 'providerARNs'),
    JwtConfiguration: capitalised(pluck(written, 'jwtConfiguration')),
  };
}

/** A token authorizer reads the header that the security scheme names. */
function headerOf(scheme: Node): Node | undefined {
  const name = pluck(scheme, 'name');
  return name && eachBranch(name, (node) => scalar(`method.request.header.${textOf(node) ?? '?'}`, node.span));
}

function httpAuthorizer(scheme: Node, written: Node) {
  return {
    ...common(written),
    AuthorizerType: upper(pluck(written, 'type')),
    IdentitySource: listed(pluck(written, 'identitySource')),
    AuthorizerPayloadFormatVersion: pluck(written, 'authorizerPayloadFormatVersion'),
    EnableSimpleResponses: pluck(written, 'enableSimpleResponses'),
    JwtConfiguration: jwtOf(scheme, pluck(written, 'jwtConfiguration')),
  };
}

/** One text with commas, where CloudFormation has a list. */
const listed = (node: Node | undefined): Node | undefined =>
  node &&
  eachBranch(node, (value) => {
    const text = textOf(value);
    if (text === undefined) return value;
    const items = text.split(',').map((source) => scalar(source.trim(), value.span));
    return { kind: 'list', items, span: value.span };
  });

/** An openIdConnect scheme may leave the issuer out; API Gateway takes it from `openIdConnectUrl`. */
function jwtOf(scheme: Node, configuration: Node | undefined): Node | undefined {
  const address = pluck(scheme, 'openIdConnectUrl');
  const issuer = pluck(configuration, 'issuer') ?? (address && eachBranch(address, withoutDiscovery));
  if (!configuration) return issuer && mapOf(issuer.span, { Issuer: issuer });
  return mapOf(configuration.span, { Issuer: issuer, Audience: pluck(configuration, 'audience') });
}

const discovery = '/.well-known/openid-configuration';

function withoutDiscovery(address: Node): Node {
  const text = textOf(address);
  if (text !== undefined)
    return { ...address, kind: 'scalar', value: text.endsWith(discovery) ? text.slice(0, -discovery.length) : text };
  if (address.kind !== 'text') return address;
  const last = address.parts.at(-1);
  if (typeof last !== 'string' || !last.endsWith(discovery)) return address;
  return { ...address, parts: [...address.parts.slice(0, -1), last.slice(0, -discovery.length)] };
}

const upper = (node: Node | undefined): Node | undefined =>
  node &&
  eachBranch(node, (value) =>
    value.kind === 'scalar' ? scalar(String(value.value).toUpperCase(), value.span) : value,
  );

/** Keys with a capital, through all levels. */
function capitalised(node: Node | undefined): Node | undefined {
  if (node?.kind === 'list') return { ...node, items: node.items.map((item) => capitalised(item) ?? item) };
  if (node?.kind === 'either')
    return { ...node, branches: node.branches.map((branch) => capitalised(branch) ?? branch) };
  if (node?.kind !== 'map') return node;
  const upperFirst = (key: string) => key.charAt(0).toUpperCase() + key.slice(1);
  return {
    ...node,
    entries: node.entries.map((one) => ({
      ...one,
      key: upperFirst(one.key),
      value: capitalised(one.value) ?? one.value,
    })),
  };
}
