import type { Node, Resource, Span } from '../../project/index.ts';
import { authorizersOf } from './authorizers.ts';
import type { Imported } from './imported.ts';
import { corsOf, integrationOf } from './integrations.ts';
import { pluck, scalar } from './nodes.ts';
import { operationsOf } from './operations.ts';
import { endpointConfiguration, guarded } from './rest.ts';
import { schemesOf } from './schemes.ts';
import type { Secured } from './security.ts';

/**
 * What API Gateway makes of the document of an HTTP API (developer guide, "Use OpenAPI definitions for HTTP APIs"): routes, integrations and
 * authorizers, and settings of the API itself.
 */
export function importHttp(api: Resource, document: Node, imported: Imported): void {
  const schemes = schemesOf(document);
  const ids = new Map<string, string>();
  const self = (span: Span): Node => ({ kind: 'reference', id: api.id, span });
  for (const { scheme, span, properties } of authorizersOf(schemes, 'http')) {
    const fields = { ApiId: self(span), ...properties };
    ids.set(scheme, imported.add(scheme, 'AWS::ApiGatewayV2::Authorizer', span, fields));
  }
  const authorizerOf = (scheme: string) => ids.get(scheme) ?? scheme;
  const secured: Secured = { kind: 'http', schemes, authorizerOf, made: new Map() };
  for (const operation of operationsOf(document, schemes.references, (...left) => imported.leave(...left))) {
    const { method, path, span, node } = operation;
    const key = path === '$default' ? path : `${method} ${path}`;
    const integration = node.kind === 'map' ? integrationOf(schemes.references, node, 'http') : node;
    const fields = {
      ApiId: self(span),
      RouteKey: scalar(key, span),
      ...guarded(operation, secured),
      Target: integration && target(integration, key, api, imported),
    };
    imported.add(key, 'AWS::ApiGatewayV2::Route', span, fields, operation.condition);
  }
}

/** Properties of the AWS::ApiGatewayV2::Api that the document gives; the document may depend on conditions as a whole. */
export function httpSettings(document: Node): Readonly<Record<string, Node | undefined>> {
  const endpoint = endpointConfiguration(document);
  return {
    Name: document.kind === 'map' ? pluck(pluck(document, 'info'), 'title') : undefined,
    CorsConfiguration: corsOf(document),
    DisableExecuteApiEndpoint: pluck(endpoint, 'disableExecuteApiEndpoint'),
  };
}

/** `integrations/<id>`; of conditions one integration per branch. */
function target(integration: Node, key: string, api: Resource, imported: Imported): Node {
  const { span } = integration;
  if (integration.kind === 'either')
    return { ...integration, branches: integration.branches.map((branch) => target(branch, key, api, imported)) };
  if (integration.kind !== 'map') return integration;
  const fields = Object.fromEntries(integration.entries.map((one) => [one.key, one.value]));
  const type = 'AWS::ApiGatewayV2::Integration';
  const id = imported.add(`integration of ${key}`, type, span, {
    ApiId: { kind: 'reference', id: api.id, span },
    ...fields,
  });
  return { kind: 'text', parts: ['integrations/', { kind: 'reference', id, span }], span };
}
