import { entries, entry, type Node, type Resource, type Span } from '../../project/index.ts';
import { authorizersOf } from './authorizers.ts';
import type { Imported } from './imported.ts';
import { integrationOf, requestParameters } from './integrations.ts';
import { pluck, scalar } from './nodes.ts';
import { type Operation, operationsOf } from './operations.ts';
import { shortened } from './references.ts';
import { schemesOf } from './schemes.ts';
import { protect, type Secured } from './security.ts';

/** Characters of all paths with the paths above them, as API Gateway makes a resource of each; its own limit is 300 resources. */
const maximumPaths = 2_000_000;
const maximumSegments = 200;

/**
 * What API Gateway makes of the document of a REST API (developer guide, "Develop REST APIs using OpenAPI"): resources, methods and
 * authorizers, and settings of the API itself.
 */
export function importRest(api: Resource, document: Node, imported: Imported): void {
  const schemes = schemesOf(document);
  const ids = new Map<string, string>();
  const self = (span: Span): Node => ({ kind: 'reference', id: api.id, span });
  for (const { scheme, span, properties } of authorizersOf(schemes, 'rest')) {
    const fields = { RestApiId: self(span), ...properties };
    ids.set(scheme, imported.add(scheme, 'AWS::ApiGateway::Authorizer', span, fields));
  }
  const authorizerOf = (scheme: string) => ids.get(scheme) ?? scheme;
  const secured: Secured = { kind: 'rest', schemes, authorizerOf, made: new Map() };
  const tree = new ResourceTree(api, imported);
  for (const operation of operationsOf(document, schemes.references, (...left) => imported.leave(...left))) {
    const { method, path, span, node } = operation;
    const resource = tree.of(path, operation.pathSpan);
    if (!resource) {
      imported.leave(`${method} ${shortened(path)}`, 'has a path beyond what API Gateway takes', span);
      continue;
    }
    const fields = {
      RestApiId: self(span),
      ResourceId: resource,
      HttpMethod: scalar(method, span),
      ...guarded(operation, secured),
      Integration: node.kind === 'map' ? integrationOf(schemes.references, node, 'rest') : node,
      RequestParameters: requestParameters(schemes.references, operation.parameters, pluck(node, 'parameters')),
    };
    imported.add(`${method} ${path}`, 'AWS::ApiGateway::Method', span, fields, operation.condition);
  }
  for (const { key, keySpan, value } of entries(pluck(document, 'x-amazon-apigateway-gateway-responses'))) {
    imported.add(key, 'AWS::ApiGateway::GatewayResponse', keySpan, {
      RestApiId: self(keySpan),
      ResponseType: scalar(key, keySpan),
      StatusCode: pluck(value, 'statusCode'),
      ResponseParameters: pluck(value, 'responseParameters'),
      ResponseTemplates: pluck(value, 'responseTemplates'),
    });
  }
}

/** The security of an operation; of one that is undecided nothing is known. */
export function guarded(operation: Operation, secured: Secured): Readonly<Record<string, Node | undefined>> {
  const { node, span } = operation;
  if (node.kind === 'map') return protect(node, span, secured);
  return { AuthorizationType: node, ApiKeyRequired: node };
}

/** Properties of the AWS::ApiGateway::RestApi that the document gives; the document may depend on conditions as a whole. */
export function restSettings(document: Node): Readonly<Record<string, Node | undefined>> {
  const endpoint = endpointConfiguration(document);
  const macro = entry(document, 'Fn::Transform');
  const hidden: Node | undefined = macro && {
    kind: 'unknown',
    source: 'transform',
    reason: 'may be written in what a macro adds to the OpenAPI document',
    span: macro.keySpan,
  };
  return {
    Name: document.kind === 'map' ? pluck(pluck(document, 'info'), 'title') : undefined,
    Policy: pluck(document, 'x-amazon-apigateway-policy') ?? hidden,
    ApiKeySourceType: pluck(document, 'x-amazon-apigateway-api-key-source'),
    DisableExecuteApiEndpoint: pluck(endpoint, 'disableExecuteApiEndpoint'),
  };
}

/** At the root, or in OpenAPI 3 in the first of the servers. */
export function endpointConfiguration(document: Node): Node | undefined {
  const servers = pluck(document, 'servers');
  const first = servers?.kind === 'list' ? servers.items[0] : undefined;
  const key = 'x-amazon-apigateway-endpoint-configuration';
  return pluck(document, key) ?? pluck(first, key);
}

interface Branch {
  readonly node: Node;
  readonly below: Map<string, Branch>;
}

/** The resources above and at a path, each made once. */
class ResourceTree {
  readonly #api: Resource;
  readonly #imported: Imported;
  readonly #root = new Map<string, Branch>();
  #left = maximumPaths;
  #count = 0;

  constructor(api: Resource, imported: Imported) {
    this.#api = api;
    this.#imported = imported;
  }

  /** What `ResourceId` of a method at the path is; undefined when the path is too long. A final slash makes no other path. */
  of(path: string, span: Span): Node | undefined {
    if (path.length > maximumPaths) return undefined;
    const segments = path.split('/').filter((segment) => segment !== '');
    if (segments.length > maximumSegments) return undefined;
    let node: Node = { kind: 'reference', id: this.#api.id, attribute: 'RootResourceId', span };
    let below = this.#root;
    let length = 0;
    for (const segment of segments) {
      length += segment.length + 1;
      const branch: Branch | undefined = below.get(segment) ?? this.#make(segment, node, length, span);
      if (!branch) return undefined;
      below.set(segment, branch);
      ({ node, below } = branch);
    }
    return node;
  }

  #make(segment: string, parent: Node, length: number, span: Span): Branch | undefined {
    this.#left -= length;
    if (this.#left < 0) return undefined;
    this.#count += 1;
    const id = this.#imported.add(`resource ${this.#count}`, 'AWS::ApiGateway::Resource', span, {
      RestApiId: { kind: 'reference', id: this.#api.id, span },
      ParentId: parent,
      PathPart: scalar(segment, span),
    });
    return { node: { kind: 'reference', id, span }, below: new Map() };
  }
}
