import {
  type CorsGrant,
  type Fact,
  get,
  items,
  known,
  type Node,
  possibilities,
  type Resource,
  type Route,
  textOf,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, eitherOr, isNull, orDefault, textListFact, undecidedReason } from './facts.ts';

/** `CorsConfiguration` of an HTTP API, or `Cors` of a function URL: origins that match a pattern get their own name as the answer. */
export function corsConfiguration(id: string, cors: Node | undefined): readonly CorsGrant[] {
  if (!cors) return [];
  return possibilities(cors).flatMap((node): readonly CorsGrant[] => {
    if (node.kind !== 'map') return [];
    const origins = get(node, 'AllowOrigins');
    if (!origins || isNull(origins)) return [];
    return [
      {
        id,
        source: 'configuration',
        span: node.span,
        origins: textListFact(origins),
        credentials: orDefault(get(node, 'AllowCredentials'), booleanFact, false),
        reflects: true,
      },
    ];
  });
}

/** Headers that MOCK integrations answer by themselves; methods and routes in the same order. */
export function preflightGrants(methods: readonly Resource[], routes: readonly Route[]): readonly CorsGrant[] {
  return routes.flatMap((route, index) => {
    const method = methods[index];
    return method ? mockGrants(method, route) : [];
  });
}

function mockGrants(method: Resource, route: Route): readonly CorsGrant[] {
  if (route.integration.kind !== 'mock') return [];
  const responses = get(get(method.properties, 'Integration'), 'IntegrationResponses');
  if (!responses) return [];
  return possibilities(responses)
    .flatMap(items)
    .flatMap((response): readonly CorsGrant[] => {
      const headers = get(response, 'ResponseParameters');
      const origin = header(headers, 'method.response.header.', 'access-control-allow-origin');
      const patterns = reflected(get(response, 'ResponseTemplates'));
      if (!origin && !patterns) return [];
      return [
        {
          id: route.id,
          source: 'preflight',
          span: route.span,
          origins: patterns ? known(patterns) : single(origin),
          credentials: yes(header(headers, 'method.response.header.', 'access-control-allow-credentials')),
          reflects: patterns !== undefined,
        },
      ];
    });
}

/** AWS::ApiGateway::GatewayResponse: what refusals (401, 403, 5xx) carry. By API. */
export function gatewayResponseGrants(context: BuildContext): ReadonlyMap<string, readonly CorsGrant[]> {
  const found = new Map<string, CorsGrant[]>();
  for (const { id, span, properties } of context.ofType('AWS::ApiGateway::GatewayResponse')) {
    const api = get(properties, 'RestApiId');
    const headers = get(properties, 'ResponseParameters');
    const origin = header(headers, 'gatewayresponse.header.', 'access-control-allow-origin');
    if (api?.kind !== 'reference' || !origin) continue;
    const own = /^method\.request\.(?:multivalue)?header\.origin$/i.test(textOf(origin) ?? '');
    const grant: CorsGrant = {
      id,
      source: 'gateway-response',
      span,
      origins: own ? known(['.*']) : single(origin),
      credentials: yes(header(headers, 'gatewayresponse.header.', 'access-control-allow-credentials')),
      reflects: own,
    };
    const same = found.get(api.id);
    if (same) same.push(grant);
    else found.set(api.id, [grant]);
  }
  return found;
}

function header(headers: Node | undefined, prefix: string, name: string): Node | undefined {
  if (headers?.kind !== 'map') return undefined;
  return headers.entries.findLast(({ key }) => key.toLowerCase() === `${prefix}${name}`)?.value;
}

/** Literals of a mapping expression stand in single quotes. */
const unquoted = (text: string): string => text.trim().replace(/^'/, '').replace(/'$/, '');

function single(origin: Node | undefined): Fact<readonly string[]> {
  if (!origin) return known([]);
  return eitherOr<readonly string[]>(origin, (value) => {
    const text = textOf(value);
    return text === undefined ? unknown(undecidedReason(value), value.span) : known([unquoted(text)], value.span);
  });
}

function yes(node: Node | undefined): Fact<boolean> {
  if (!node) return known(false);
  return eitherOr(node, (value) => {
    const text = textOf(value);
    if (text === undefined) return unknown(undecidedReason(value), value.span);
    return known(unquoted(text).toLowerCase() === 'true', value.span);
  });
}

const longestTemplate = 20_000;

/**
 * A mapping template that puts the request's own origin into the answer: the texts it is compared with (`$origin.matches("...")`), or
 * `.*` when it compares it with nothing.
 */
function reflected(templates: Node | undefined): readonly string[] | undefined {
  if (templates?.kind !== 'map') return undefined;
  for (const { value } of templates.entries) {
    const text = textOf(value);
    if (text === undefined || text.length > longestTemplate) continue;
    const set = /responseOverride\.header\.Access-Control-Allow-Origin\s{0,5}=\s{0,5}\$/i.exec(text);
    if (!set) continue;
    const compared = text.slice(0, set.index);
    const patterns = [...compared.matchAll(/\.(?:matches|contains|equals)\(\s{0,5}["']([^"'\n]{1,500})["']/g)].map(
      (match) => match[1] ?? '',
    );
    const equal = [...compared.matchAll(/==\s{0,5}["']([^"'\n]{1,500})["']/g)].map((match) => match[1] ?? '');
    const all = [...patterns, ...equal];
    return all.length > 0 ? all : ['.*'];
  }
  return undefined;
}
