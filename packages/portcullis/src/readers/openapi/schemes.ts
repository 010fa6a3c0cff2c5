import { entry, type Node, stringOf, textOf } from '../../project/index.ts';
import { isNothing, pluck } from './nodes.ts';
import { References } from './references.ts';

export type ApiKind = 'rest' | 'http';

/** The security schemes of a document: `securityDefinitions` of Swagger 2.0, `components.securitySchemes` of OpenAPI 3. */
export interface Schemes {
  readonly document: Node;
  readonly references: References;
  readonly definitions: Node | undefined;
  /** The section of the other version of OpenAPI, which is not read in this one. */
  readonly misplaced: Node | undefined;
}

export function schemesOf(document: Node): Schemes {
  const old = pluck(document, 'securityDefinitions');
  const current = pluck(pluck(document, 'components'), 'securitySchemes');
  const base = { document, references: new References(document) };
  if (entry(document, 'swagger')) return { ...base, definitions: old, misplaced: current };
  if (entry(document, 'openapi')) return { ...base, definitions: current, misplaced: old };
  return { ...base, definitions: current ?? old, misplaced: undefined };
}

/** What a security scheme asks API Gateway to do. */
export type Guard =
  | { readonly kind: 'iam' }
  | { readonly kind: 'key' }
  | { readonly kind: 'authorizer'; readonly type: 'CUSTOM' | 'COGNITO_USER_POOLS' | 'JWT' }
  /** API Gateway knows nothing to do for it, and lets every request through. */
  | { readonly kind: 'nothing' }
  /** No scheme at all: a mark that AWS SAM leaves. */
  | { readonly kind: 'mark' }
  | { readonly kind: 'undecided'; readonly reason: string };

/** What decides about a scheme. Each may depend on conditions by itself; `guardOf` takes them decided. */
export type SchemeParts = readonly [
  scheme: Node | undefined,
  type: Node | undefined,
  keyName: Node | undefined,
  authtype: Node | undefined,
  authorizer: Node | undefined,
  authorizerType: Node | undefined,
];

export const partsPerScheme = 6;

export function partsOf({ references, definitions }: Schemes, name: string): SchemeParts {
  const written = references.child(definitions, name);
  const scheme = written && references.follow(written);
  const authorizer = pluck(scheme, 'x-amazon-apigateway-authorizer');
  return [
    scheme,
    pluck(scheme, 'type'),
    pluck(scheme, 'name'),
    pluck(scheme, 'x-amazon-apigateway-authtype'),
    authorizer,
    pluck(authorizer, 'type'),
  ];
}

/** Names that AWS SAM leaves in `security` as marks; nothing is defined under them. */
const marks: ReadonlySet<string> = new Set(['NONE', 'api_key_false']);

/**
 * x-amazon-apigateway-authorizer and x-amazon-apigateway-authtype (API Gateway developer guide, OpenAPI extensions). A scheme with neither is
 * enforced by nobody, except the API key of a REST API.
 */
export function guardOf(name: string, parts: SchemeParts, kind: ApiKind, schemes: Schemes): Guard {
  const [scheme, type, keyName, authtype, authorizer, authorizerType] = parts;
  if (!scheme || isNothing(scheme)) return missing(name, schemes);
  if (scheme.kind !== 'map') return undecided(scheme, 'is no map');
  const macro = entry(scheme, 'Fn::Transform');
  if (macro) return { kind: 'undecided', reason: 'is the security scheme that a macro completes' };
  const mechanism = authtype && !isNothing(authtype) ? textOf(authtype)?.toLowerCase() : 'none';
  if (mechanism === undefined) return undecided(authtype ?? scheme, 'has no plain x-amazon-apigateway-authtype');
  // `awsSigv4` is the documented word; everything that begins with `aws` is reserved.
  if (mechanism.startsWith('aws')) return { kind: 'iam' };
  if (authorizer && !isNothing(authorizer)) return authorizerGuard(name, type, authorizer, authorizerType, kind);
  if (mechanism !== 'none')
    return { kind: 'undecided', reason: `is the security scheme ${name}, which has an authtype and no authorizer` };
  return isKey(type, keyName) && kind === 'rest' ? { kind: 'key' } : { kind: 'nothing' };
}

function authorizerGuard(
  name: string,
  type: Node | undefined,
  authorizer: Node,
  authorizerType: Node | undefined,
  kind: ApiKind,
): Guard {
  if (authorizer.kind === 'unknown') return undecided(authorizer, '');
  const written = stringOf(type);
  // "Required and the value must be apiKey for an API Gateway API", says the guide, and of no other type what happens.
  if (kind === 'rest' && written !== undefined && written !== 'apiKey') {
    const reason = `is the security scheme ${name} of the type ${written}; REST APIs have authorizers in schemes of the type apiKey`;
    return { kind: 'undecided', reason };
  }
  switch (textOf(authorizerType)?.toLowerCase()) {
    case 'token':
      return kind === 'rest' ? { kind: 'authorizer', type: 'CUSTOM' } : foreign(name, 'token');
    case 'request':
      return { kind: 'authorizer', type: 'CUSTOM' };
    case 'cognito_user_pools':
      return kind === 'rest' ? { kind: 'authorizer', type: 'COGNITO_USER_POOLS' } : foreign(name, 'cognito_user_pools');
    case 'jwt':
      return { kind: 'authorizer', type: 'JWT' };
    default:
      return {
        kind: 'undecided',
        reason: `is the security scheme ${name}, whose authorizer has no type that is known here`,
      };
  }
}

function foreign(name: string, type: string): Guard {
  const reason = `is the security scheme ${name} with an authorizer of the type ${type}, which HTTP APIs do not have`;
  return { kind: 'undecided', reason };
}

function missing(name: string, { document, references, definitions, misplaced }: Schemes): Guard {
  if (marks.has(name)) return { kind: 'mark' };
  if (definitions?.kind === 'unknown') return undecided(definitions, '');
  for (const place of [document, definitions, pluck(document, 'components')])
    if (place && entry(place, 'Fn::Transform'))
      return { kind: 'undecided', reason: `is the security scheme ${name}, which a macro may define` };
  if (references.child(misplaced, name)) {
    const reason = `is the security scheme ${name}, which is defined where this version of OpenAPI does not have it`;
    return { kind: 'undecided', reason };
  }
  return { kind: 'nothing' };
}

function undecided(node: Node, otherwise: string): Guard {
  return {
    kind: 'undecided',
    reason: node.kind === 'unknown' ? node.reason : `is a security scheme that ${otherwise}`,
  };
}

const isKey = (type: Node | undefined, name: Node | undefined): boolean =>
  stringOf(type) === 'apiKey' && stringOf(name)?.toLowerCase() === 'x-api-key';
