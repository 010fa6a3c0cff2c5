import { type Entry, entries, entry, type Node, type Span } from '../../project/index.ts';
import { eachBranch, isNothing, mapOf, pluck, scalar } from './nodes.ts';
import type { References } from './references.ts';
import type { ApiKind } from './schemes.ts';

/** Keys of x-amazon-apigateway-integration -> `Integration` of AWS::ApiGateway::Method. */
const restKeys: Readonly<Record<string, string>> = {
  type: 'Type',
  uri: 'Uri',
  httpMethod: 'IntegrationHttpMethod',
  credentials: 'Credentials',
  connectionType: 'ConnectionType',
  connectionId: 'ConnectionId',
  integrationTarget: 'IntegrationTarget',
  requestParameters: 'RequestParameters',
  requestTemplates: 'RequestTemplates',
  passthroughBehavior: 'PassthroughBehavior',
  contentHandling: 'ContentHandling',
  timeoutInMillis: 'TimeoutInMillis',
  cacheNamespace: 'CacheNamespace',
  cacheKeyParameters: 'CacheKeyParameters',
};

/** The same -> AWS::ApiGatewayV2::Integration. */
const httpKeys: Readonly<Record<string, string>> = {
  type: 'IntegrationType',
  uri: 'IntegrationUri',
  httpMethod: 'IntegrationMethod',
  credentials: 'CredentialsArn',
  connectionType: 'ConnectionType',
  connectionId: 'ConnectionId',
  integrationSubtype: 'IntegrationSubtype',
  subtype: 'IntegrationSubtype',
  requestParameters: 'RequestParameters',
  payloadFormatVersion: 'PayloadFormatVersion',
  timeoutInMillis: 'TimeoutInMillis',
};

/**
 * x-amazon-apigateway-integration of an operation in the words of CloudFormation; undefined when the operation has none. Properties that say
 * nothing about access (content types, time-outs of TLS) may be missing.
 */
export function integrationOf(references: References, operation: Node, kind: ApiKind): Node | undefined {
  const written = pluck(operation, 'x-amazon-apigateway-integration');
  if (!written || isNothing(written)) return undefined;
  return eachBranch(written, (branch) => {
    const node = references.follow(branch);
    if (node.kind !== 'map') return node;
    const macro = entry(node, 'Fn::Transform');
    if (macro) return { kind: 'unknown', source: 'transform', reason: 'is completed by a macro', span: macro.keySpan };
    return kind === 'rest' ? restIntegration(node) : renamed(node, httpKeys);
  });
}

function renamed(node: Extract<Node, { kind: 'map' }>, keys: Readonly<Record<string, string>>) {
  const kept = node.entries.flatMap((one): Entry[] => {
    const key = Object.hasOwn(keys, one.key) ? keys[one.key] : undefined;
    return key === undefined ? [] : [{ ...one, key }];
  });
  return { ...node, entries: kept };
}

function restIntegration(node: Extract<Node, { kind: 'map' }>): Node {
  const integration = renamed(node, restKeys);
  const responses = pluck(node, 'responses');
  if (responses?.kind !== 'map') return integration;
  const items = responses.entries.map(({ key, keySpan, value }) => response(key, keySpan, value));
  const list: Node = { kind: 'list', items, span: responses.span };
  return {
    ...integration,
    entries: [...integration.entries, { key: 'IntegrationResponses', keySpan: list.span, value: list }],
  };
}

/** The key is a pattern for what the backend answers, or `default`. */
function response(pattern: string, span: Span, value: Node): Node {
  return mapOf(span, {
    SelectionPattern: pattern === 'default' ? undefined : scalar(pattern, span),
    StatusCode: pluck(value, 'statusCode'),
    ResponseParameters: pluck(value, 'responseParameters'),
    ResponseTemplates: pluck(value, 'responseTemplates'),
  });
}

const maximumParameters = 200;

/** Request parameters that the operation or its path declares, as `RequestParameters` of a REST method: name -> whether it is required. */
export function requestParameters(references: References, ...lists: readonly (Node | undefined)[]): Node | undefined {
  const found = new Map<string, Entry>();
  for (const list of lists) {
    if (list?.kind !== 'list') continue;
    for (const item of list.items.slice(0, maximumParameters)) {
      const parameter = references.follow(item);
      const place = entry(parameter, 'in')?.value;
      const name = entry(parameter, 'name')?.value;
      const where = place?.kind === 'scalar' ? locations.get(String(place.value)) : undefined;
      if (where === undefined || name?.kind !== 'scalar') continue;
      const value = pluck(parameter, 'required') ?? scalar(false, parameter.span);
      found.set(`${where}.${String(name.value)}`, {
        key: `method.request.${where}.${String(name.value)}`,
        keySpan: name.span,
        value,
      });
    }
  }
  const [first] = found.values();
  return first && { kind: 'map', entries: [...found.values()], span: first.keySpan };
}

const locations: ReadonlyMap<string, string> = new Map([
  ['header', 'header'],
  ['query', 'querystring'],
  ['path', 'path'],
]);

/** x-amazon-apigateway-cors in the words of AWS::ApiGatewayV2::Api. */
export function corsOf(document: Node): Node | undefined {
  const written = pluck(document, 'x-amazon-apigateway-cors');
  return (
    written &&
    eachBranch(written, (cors) => ({
      kind: 'map',
      entries: entries(cors).map((one) => ({ ...one, key: one.key.charAt(0).toUpperCase() + one.key.slice(1) })),
      span: cors.span,
    }))
  );
}
