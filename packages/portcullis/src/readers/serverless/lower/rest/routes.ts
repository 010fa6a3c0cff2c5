import { type MapNode, type Node, type Span, textOf } from '../../../../project/index.ts';
import {
  isMap,
  kindName,
  type Lowering,
  notRead,
  type ServiceEvent,
  type ServiceFunction,
  wrongType,
} from '../lowering.ts';
import { dig, emptyMap, isUnset, type Plain, roughText } from '../nodes.ts';
import { reasonOf } from '../service.ts';

/** One http event of a function, or a route that a plugin makes in the same API. */
export interface RestRoute {
  /** The function behind it; undefined when API Gateway calls an AWS service itself. */
  readonly fn: ServiceFunction | undefined;
  /** That service, as in integration addresses: `states`, `sqs`. */
  readonly service: string | undefined;
  readonly span: Span;
  /** Without leading and trailing `/`; empty for the root. Undecided pieces are `?`. */
  readonly path: string;
  /** Upper-case, or ANY. */
  readonly method: string;
  /** The settings of the event; empty for the short form. */
  readonly settings: MapNode;
  /** Properties of the method that are written in CloudFormation's terms, in place of `authorizer`. */
  readonly authorization?: { readonly [key: string]: Plain };
}

export function collectHttpEvents(lowering: Lowering): readonly RestRoute[] {
  const routes: RestRoute[] = [];
  for (const fn of lowering.functions) {
    for (const event of fn.events) {
      if (event.kind !== 'http') continue;
      const route = readHttpEvent(lowering, event, fn);
      if (route) routes.push(route);
    }
  }
  return routes;
}

/** An http event in its long form (`{path, method, ...}`) or short form (`GET orders/{id}`). Undefined when it makes no route. */
export function readHttpEvent(
  lowering: Lowering,
  event: ServiceEvent,
  fn: ServiceFunction | undefined,
  service?: string,
): RestRoute | undefined {
  const { value, span } = event;
  if (isUnset(value)) {
    reportEmpty(lowering, event);
    return undefined;
  }
  if (value.kind === 'unknown') {
    notRead(lowering, event.path, value.reason, span, ['authorization', 'usage-plans', 'firewall']);
    return undefined;
  }
  if (isMap(value)) return readLongForm(lowering, event, value, fn, service);
  const text = roughText(value);
  const space = text?.indexOf(' ') ?? -1;
  if (text === undefined || space < 1) {
    wrongType(lowering, {
      found: `\`${event.path}.http\` is ${kindName(value)}`,
      expected: '`METHOD path`, or a map with `path` and `method`',
      span: value.span,
      next: 'Write it as `http: GET /orders`',
    });
    return undefined;
  }
  const [method = 'ANY', path = ''] = text.trim().split(/\s+/);
  return { fn, service, span, path: trimPath(path), method: methodOf(method), settings: emptyMap(span) };
}

function readLongForm(
  lowering: Lowering,
  event: ServiceEvent,
  value: MapNode,
  fn: ServiceFunction | undefined,
  service: string | undefined,
): RestRoute | undefined {
  const path = dig(value, 'path');
  const method = dig(value, 'method');
  // `path:` without a value is coerced to an empty text, the root.
  const pathText = path?.kind === 'scalar' && path.value === null ? '' : roughText(path);
  const methodText = method?.kind === 'unknown' ? 'ANY' : roughText(method);
  if (method?.kind === 'unknown' || method?.kind === 'text') {
    notRead(lowering, `${event.path}.http.method`, reasonOf(method), method.span, ['authorization']);
  }
  if (pathText === undefined || methodText === undefined) {
    const missing = pathText === undefined ? 'path' : 'method';
    wrongType(lowering, {
      found: `\`${event.path}.http\` has no \`${missing}\``,
      expected: 'both `path` and `method`',
      span: event.span,
      next: `Add \`${missing}\` to the event`,
    });
    return undefined;
  }
  return { fn, service, span: event.span, path: trimPath(pathText), method: methodOf(methodText), settings: value };
}

function methodOf(text: string): string {
  const method = text.toUpperCase();
  return method === '*' || method.includes('?') ? 'ANY' : method;
}

function trimPath(text: string): string {
  return text.replace(/^\//, '').replace(/\/$/, '');
}

/** `- http:` with its settings beside it instead of below it: YAML reads an event without a value, and the framework makes no route. */
export function reportEmpty(lowering: Lowering, event: ServiceEvent): void {
  const beside = event.entry.entries.filter((entry) => entry.key !== event.kind);
  if (!beside.some(({ key }) => ['path', 'method', 'route'].includes(key))) return;
  lowering.ignored.push({
    step: 'authorization',
    path: `${event.path}.${event.kind}`,
    span: event.span,
    reason: 'It has no value, since its settings stand beside it, and the framework makes no route of it',
    instead: `Indent ${beside.map((entry) => `\`${entry.key}\``).join(', ')} two more columns than \`${event.kind}\``,
  });
}

/** Text of a setting in upper case, as the framework normalizes it. */
export function upperText(node: Node | undefined): string | undefined {
  return textOf(node)?.toUpperCase();
}
