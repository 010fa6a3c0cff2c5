import { childOf, type Piece, textIn } from './outline.ts';

const eventKeys: ReadonlySet<string> = new Set(['http', 'httpApi', 'websocket', 'alb']);
const samEvents: ReadonlySet<string> = new Set(['Api', 'HttpApi', 'WebSocketApi']);
const operations: ReadonlySet<string> = new Set([
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
  'x-amazon-apigateway-any-method',
]);

/** They hold many routes, of which a decision means none in particular; a route that they make by themselves stands at their key. */
const holders =
  /^AWS::(?:ApiGateway::RestApi|ApiGatewayV2::Api|Serverless::(?:Api|HttpApi|Application)|CloudFormation::Stack|ElasticLoadBalancingV2::LoadBalancer)$/;

/**
 * The node as one thing that has routes of its own: an event, a function, a resource, an operation of an OpenAPI document. Undefined for
 * lists and maps of such things, which a decision about one route must not cover.
 */
export function routeThing(piece: Piece): { readonly start: number; readonly end: number } | undefined {
  const { key, parent } = piece;
  if (key !== undefined && eventKeys.has(key) && !isAuthorizerHome(piece)) return piece;
  if (key === undefined && piece.pieces.length === 1 && eventKeys.has(piece.pieces[0]?.key ?? '')) return piece;
  // In `Globals` it makes a URL of every function.
  if (key === 'FunctionUrlConfig' && parent?.key === 'Properties') return piece;
  if (key === 'url' && parent && isFunction(parent)) return piece;
  if (key !== undefined && parent?.key?.startsWith('/') && operations.has(key.toLowerCase())) return piece;
  const type = textIn(childOf(piece, 'Type'));
  if (type !== undefined && samEvents.has(type)) return piece;
  if (type?.includes('::')) return holders.test(type) ? { start: piece.start, end: piece.start + 1 } : piece;
  return isFunction(piece) ? piece : undefined;
}

/** `provider.httpApi`, `custom.http`: settings under the name of an event. An event stands in a list. */
function isAuthorizerHome({ parent }: Piece): boolean {
  return parent === undefined || parent.key !== undefined || parent.parent === undefined;
}

function isFunction(piece: Piece): boolean {
  if (piece.kind !== 'map') return false;
  const code = childOf(piece, 'handler') ?? childOf(piece, 'image');
  return code !== undefined && (code.kind !== 'map' || childOf(piece, 'events') !== undefined);
}
