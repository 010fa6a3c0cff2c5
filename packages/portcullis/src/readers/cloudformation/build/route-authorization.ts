import {
  entries,
  entry,
  type Fact,
  get,
  known,
  type Link,
  type Node,
  type Resource,
  type Route,
  type RouteAuthorization,
  textOf,
  unknown,
  valueOf,
} from '../../../project/index.ts';
import { misfit } from './authorizer-fit.ts';
import type { BuildContext } from './context.ts';
import { isNull, linkFact, onlyWhen, together, undecidedReason } from './facts.ts';

type Kind = Extract<RouteAuthorization, { kind: 'authorizer' }>['type'];

const authorizerKinds: Readonly<Record<string, Kind | undefined>> = {
  CUSTOM: 'lambda',
  COGNITO_USER_POOLS: 'cognito',
  JWT: 'jwt',
};

/**
 * `AuthorizationType` and `AuthorizerId` of a method or route. An authorizer that exists only on a condition which the route does not
 * share leaves the route undecided in the other case. API Gateway knows its words in capitals only; another spelling is never taken for
 * protection.
 */
export function routeAuthorization(
  context: BuildContext,
  route: Resource,
  apiCondition: string | undefined,
): Fact<RouteAuthorization> {
  const type = get(route.properties, 'AuthorizationType');
  const macro = entry(route.properties, 'Fn::Transform');
  if (macro) return unknown('may be changed by the macro beside it', macro.keySpan);
  const authorizer = get(route.properties, 'AuthorizerId');
  return together([type, authorizer], ([typeNode, authorizerNode], held) =>
    decided(context, route, typeNode, authorizerNode, new Set([...held, route.condition, apiCondition])),
  );
}

/** Of an operation of an OpenAPI document: see readers/openapi/security.ts. */
export function unenforcedSchemes(properties: Node): Pick<Route, 'unenforced'> {
  const schemes = entries(get(properties, 'UnenforcedSchemes'));
  if (schemes.length === 0) return {};
  return {
    unenforced: schemes.map(({ key, value }) => ({
      name: key,
      type: value.kind === 'map' ? (textOf(get(value, 'type')) ?? 'unknown') : undefined,
      span: value.span,
    })),
  };
}

function decided(
  context: BuildContext,
  route: Resource,
  type: Node | undefined,
  authorizer: Node | undefined,
  held: ReadonlySet<string | undefined>,
): Fact<RouteAuthorization> {
  if (!type || isNull(type)) {
    if (isNull(authorizer)) return known<RouteAuthorization>({ kind: 'none' }, type?.span);
    return unknown('names an authorizer and no AuthorizationType', authorizer?.span ?? route.span);
  }
  const text = textOf(type);
  if (text === undefined) return unknown(undecidedReason(type), type.span);
  if (text.toUpperCase() === 'NONE') return known<RouteAuthorization>({ kind: 'none' }, type.span);
  if (text === 'AWS_IAM') return known<RouteAuthorization>({ kind: 'iam' }, type.span);
  const kind = authorizerKinds[text];
  if (!kind) return unknown(`has the AuthorizationType ${text}, which is not read`, type.span);
  if (!authorizer || isNull(authorizer) || textOf(authorizer)?.trim() === '')
    return unknown(`has the AuthorizationType ${text} and names no authorizer`, type.span);
  const wrong = misfit(context, route, text, authorizer);
  if (wrong !== undefined) return unknown(wrong, authorizer.span);
  const link: Fact<Link> = linkFact(authorizer);
  const fact = known<RouteAuthorization>({ kind: 'authorizer', authorizer: link, type: kind }, type.span);
  const target = valueOf(link);
  const provider = target?.kind === 'local' ? context.resources.get(target.id) : undefined;
  return onlyWhen<RouteAuthorization>(fact, provider, held);
}
