import {
  type Authorizer,
  at,
  type Fact,
  get,
  known,
  type Link,
  type Node,
  type Resource,
  textOf,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import {
  booleanFact,
  describe,
  eachFact,
  eitherOr,
  isNull,
  linkFact,
  numberFact,
  optional,
  orDefault,
  textFact,
  textListFact,
} from './facts.ts';
import { functionLink } from './functions.ts';

export function buildAuthorizers(context: BuildContext): readonly Authorizer[] {
  return [
    ...context.ofType('AWS::ApiGateway::Authorizer').map((resource) => restAuthorizer(context, resource)),
    ...context.ofType('AWS::ApiGatewayV2::Authorizer').map((resource) => httpAuthorizer(context, resource)),
  ];
}

function restAuthorizer(context: BuildContext, resource: Resource): Authorizer {
  const { properties } = resource;
  const type = restType(get(properties, 'Type'));
  const issuers = at(properties, 'JwtConfiguration', 'Issuers');
  const issuer = issuers?.kind === 'list' ? issuers.items[0] : undefined;
  return {
    ...common(context, resource, 'RestApiId'),
    type,
    userPools: eachFact(get(properties, 'ProviderARNs'), linkFact),
    issuer: type === 'jwt' ? issuerFact(get(issuer, 'Issuer')) : undefined,
    audiences: type === 'jwt' ? audiencesOf(issuers) : known([]),
    identitySources: splitSources(get(properties, 'IdentitySource')),
    simpleResponses: known(false),
  };
}

function restType(node: Node | undefined): Authorizer['type'] {
  switch (textOf(node)?.toUpperCase()) {
    case 'TOKEN':
      return 'token';
    case 'REQUEST':
      return 'request';
    case 'COGNITO_USER_POOLS':
      return 'cognito';
    case 'JWT':
      return 'jwt';
    default:
      return 'unknown';
  }
}

function httpAuthorizer(context: BuildContext, resource: Resource): Authorizer {
  const { properties } = resource;
  const written = textOf(get(properties, 'AuthorizerType'))?.toUpperCase();
  const type = written === 'JWT' ? 'jwt' : written === 'REQUEST' ? 'request' : 'unknown';
  const issuer = at(properties, 'JwtConfiguration', 'Issuer');
  return {
    ...common(context, resource, 'ApiId'),
    type,
    userPools: userPoolBehind(context, issuer),
    issuer: type === 'jwt' ? issuerFact(issuer) : undefined,
    audiences: type === 'jwt' ? audienceList(at(properties, 'JwtConfiguration', 'Audience')) : known([]),
    identitySources: textListFact(get(properties, 'IdentitySource')),
    simpleResponses: orDefault(get(properties, 'EnableSimpleResponses'), booleanFact, false),
  };
}

function common(context: BuildContext, { id, span, properties }: Resource, apiKey: string) {
  const api = get(properties, apiKey);
  const uri = get(properties, 'AuthorizerUri');
  return {
    id,
    name: textOf(get(properties, 'Name')),
    span,
    api: api ? linkFact(api) : unknown('belongs to no API', span),
    function: optional(uri, (node) => functionLink(context, node)),
    validationExpression: optional(get(properties, 'IdentityValidationExpression'), textFact),
    ttl: optional(get(properties, 'AuthorizerResultTtlInSeconds'), numberFact),
  };
}

/** The issuer as text; what is only known when it is deployed stands in it as `${Name}`. */
function issuerFact(node: Node | undefined): Fact<string> | undefined {
  return optional(node, describedFact);
}

export function describedFact(node: Node): Fact<string> {
  return eitherOr<string>(node, (value) =>
    value.kind === 'text' ? known(describe(value), value.span) : textFact(value),
  );
}

/**
 * Audiences as texts; a client of the template stands as `${Client}`, because what a rule asks is whether there is an audience at
 * all. Of `Fn::If`, one list per branch.
 */
function audienceList(node: Node | undefined): Fact<readonly string[]> {
  return orDefault<readonly string[]>(
    node,
    (value) => {
      if (value.kind === 'unknown') return unknown(value.reason, value.span);
      const given = (value.kind === 'list' ? value.items : [value]).filter(
        (item) => !isNull(item) && textOf(item) !== '',
      );
      return known<readonly string[]>(given.map(describe), value.span);
    },
    [],
  );
}

/** Every issuer of a REST JWT authorizer has its own audiences; one issuer without any leaves the authorizer without. */
function audiencesOf(issuers: Node | undefined): Fact<readonly string[]> {
  const lists = issuers?.kind === 'list' ? issuers.items.map((issuer) => audienceList(get(issuer, 'Audiences'))) : [];
  const open = lists.find((list) => list.kind !== 'known' || list.value.length === 0);
  if (open) return open;
  return known(lists.flatMap((list) => (list.kind === 'known' ? list.value : [])));
}

/** REST: one text, several sources with commas between. */
function splitSources(node: Node | undefined): Fact<readonly string[]> {
  return orDefault<readonly string[]>(
    node,
    (value) => {
      const text = textOf(value);
      if (text === undefined) return textListFact(value);
      const sources = text.split(',').map((source) => source.trim());
      return known(
        sources.filter((source) => source !== ''),
        value.span,
      );
    },
    [],
  );
}

/** The user pool of this template whose address is the issuer. */
function userPoolBehind(context: BuildContext, issuer: Node | undefined): readonly Fact<Link>[] {
  if (issuer?.kind !== 'text' && issuer?.kind !== 'reference') return [];
  const parts = issuer.kind === 'text' ? issuer.parts : [issuer];
  return parts.flatMap((part) =>
    typeof part !== 'string' &&
    part.kind === 'reference' &&
    context.resources.get(part.id)?.type === 'AWS::Cognito::UserPool'
      ? [known<Link>({ kind: 'local', id: part.id }, part.span)]
      : [],
  );
}
