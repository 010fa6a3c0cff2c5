import { entries, get, type MapNode, type Node, type Span, stringOf } from '../../project/index.ts';
import { makeList, makeMap } from '../serverless/lower/nodes.ts';
import { changeMethods, type Method, withEntry, withoutEntry } from './body.ts';
import { given, isIntrinsic, truthy } from './context.ts';

// `security` of each method, from the events' `Auth` and the API's `Auth`. `NONE` and `api_key_false` stand only on the way: they keep
// what the API says for all methods from being applied.

const none = 'NONE';
const noKey = 'api_key_false';
const key = 'api_key';

/** Authorization scopes by the name of the authorizer; every name that a method may use is in it. */
export type Schemes = ReadonlyMap<string, Node | undefined>;

/** A security list that no document and no event decides. */
export function undecidedSecurity(reason: string, span: Span): Node {
  return { kind: 'unknown', source: 'other', reason, span };
}

/** What an event of a REST API says of its method, as a security list; undefined when it says nothing. */
export function eventSecurity(auth: Node | undefined, schemes: Schemes, before: Node | undefined): Node | undefined {
  if (!auth) return before;
  if (auth.kind !== 'map' || isIntrinsic(auth)) {
    return undecidedSecurity('depends on a function of CloudFormation that AWS SAM does not look into', auth.span);
  }
  const list = before?.kind === 'list' ? [...before.items] : [];
  const authorizer = given(get(auth, 'Authorizer'));
  if (truthy(authorizer) && authorizer) {
    const name = stringOf(authorizer);
    if (name === undefined || (name !== none && !schemes.has(name))) {
      const what = name === undefined ? 'an authorizer that is not a plain name' : `the authorizer ${name}`;
      return undecidedSecurity(`names ${what}, which the API does not define`, authorizer.span);
    }
    list.push(requirement(name, given(get(auth, 'AuthorizationScopes')) ?? schemes.get(name), authorizer.span));
  }
  const required = given(get(auth, 'ApiKeyRequired'));
  if (required) list.push(requirement(truthy(required) ? key : noKey, undefined, required.span));
  return list.length > 0 ? makeList(auth.span, list) : before;
}

/** `{name: scopes}` */
export function requirement(name: string, scopes: Node | undefined, span: Span): MapNode {
  return makeMap(span, { [name]: scopes ?? [] });
}

/** The default authorizer, where a method neither names one nor says NONE. */
export function applyDefaultAuthorizer(
  body: MapNode,
  name: Node,
  schemes: Schemes,
  alsoToPreflights: boolean,
): MapNode {
  const text = stringOf(name);
  return changeMethods(body, ({ method, definition }) => {
    if (method === 'options' && !alsoToPreflights) return definition;
    const security = get(definition, 'security');
    if (security && security.kind !== 'list') return definition;
    const existing = security?.kind === 'list' ? security.items : [];
    if (existing.some((one) => has(one, none))) {
      const left = existing.filter((one) => !has(one, none));
      return withSecurity(definition, left, security?.span ?? definition.span);
    }
    const own = existing.some((one) =>
      entries(one).some((scheme) => scheme.key === 'AWS_IAM' || schemes.has(scheme.key)),
    );
    if (own) return definition;
    if (text === undefined || !(schemes.has(text) || text === 'AWS_IAM')) {
      const why = text === undefined ? 'is no plain text' : `${text} is not among its Authorizers`;
      return withEntry(definition, 'security', undecidedSecurity(`has a DefaultAuthorizer that ${why}`, name.span));
    }
    return withSecurity(definition, [...existing, requirement(text, schemes.get(text), name.span)], name.span);
  });
}

/** The API key that the API asks for, where a method does not say that it needs none. */
export function applyDefaultKey(body: MapNode, span: Span, alsoToPreflights: boolean): MapNode {
  return changeMethods(body, ({ method, definition }) => {
    const security = get(definition, 'security');
    if (security && security.kind !== 'list') return definition;
    const existing = security?.kind === 'list' ? security.items : [];
    const others = existing.filter((one) => !has(one, key) && !has(one, noKey));
    if (method === 'options' && !alsoToPreflights) return withSecurity(definition, others, span);
    if (existing.some((one) => has(one, noKey))) return withSecurity(definition, others, span);
    return withSecurity(definition, [...others, requirement(key, undefined, span)], span);
  });
}

/** Takes the marks out that are left. */
export function withoutMarks(body: MapNode): MapNode {
  return changeMethods(body, ({ definition }: Method) => {
    const security = get(definition, 'security');
    if (security?.kind !== 'list') return definition;
    const left = security.items.filter((one) => !has(one, none) && !has(one, noKey));
    return left.length === security.items.length ? definition : withSecurity(definition, left, security.span);
  });
}

const has = (node: Node, name: string): boolean => entries(node).some((one) => one.key === name);

/** An empty list would say that the document's own `security` does not count. */
function withSecurity(definition: MapNode, list: readonly Node[], span: Span): MapNode {
  if (list.length > 0) return withEntry(definition, 'security', makeList(span, list), span);
  return get(definition, 'security')
    ? withEntry(definition, 'security', makeList(span, []), span)
    : withoutEntry(definition, 'security');
}
