import { get, type Node, possibilities, type Resource, textOf } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { idOf } from './names.ts';

interface Words {
  readonly authorizer: string;
  readonly typeKey: string;
  readonly apiKey: string;
  /** Type of the authorizer -> `AuthorizationType` of the routes that name it. */
  readonly types: Readonly<Record<string, string | undefined>>;
}

const rest: Words = {
  authorizer: 'AWS::ApiGateway::Authorizer',
  typeKey: 'Type',
  apiKey: 'RestApiId',
  types: {
    TOKEN: 'CUSTOM',
    REQUEST: 'CUSTOM',
    // Not among API Gateway's types; the framework's schema has it beside the others.
    CUSTOM: 'CUSTOM',
    COGNITO_USER_POOLS: 'COGNITO_USER_POOLS',
    JWT: 'JWT',
  },
};

const http: Words = {
  authorizer: 'AWS::ApiGatewayV2::Authorizer',
  typeKey: 'AuthorizerType',
  apiKey: 'ApiId',
  types: { REQUEST: 'CUSTOM', JWT: 'JWT' },
};

/**
 * Why the authorizer that a route names cannot be one for it, as a sentence part about the route's authorization; undefined when
 * nothing speaks against it. API Gateway takes authorizers of the route's own API only, and those of one kind of API have no meaning in the
 * other; what happens to a route that is deployed with another is not decided by the files.
 */
export function misfit(
  context: BuildContext,
  route: Resource,
  authorizationType: string,
  authorizerId: Node,
): string | undefined {
  const words = route.type === 'AWS::ApiGateway::Method' ? rest : http;
  if (!Object.values(words.types).includes(authorizationType))
    return `has the AuthorizationType ${authorizationType}, which this kind of API does not know`;
  if (authorizerId.kind === 'list' || authorizerId.kind === 'map') return 'has an AuthorizerId that is no text';
  if (authorizerId.kind !== 'reference') return undefined;
  const authorizer = context.resources.get(authorizerId.id);
  if (authorizer?.type !== rest.authorizer && authorizer?.type !== http.authorizer) return undefined;
  if (authorizer.type !== words.authorizer) return `is ${authorizer.id}, an authorizer for another kind of API`;
  const api = decidedApi(context, get(route.properties, words.apiKey));
  const other = decidedApi(context, get(authorizer.properties, words.apiKey));
  if (api !== undefined && other !== undefined && api !== other)
    return `is ${authorizer.id}, which belongs to another API (${other})`;
  return mistyped(words, authorizer, authorizationType);
}

/** The logical id of the API, where the files decide that it is one of theirs. */
function decidedApi(context: BuildContext, node: Node | undefined): string | undefined {
  return node?.kind === 'reference' && context.resources.has(node.id) ? idOf(node) : undefined;
}

function mistyped(words: Words, authorizer: Resource, authorizationType: string): string | undefined {
  const type = get(authorizer.properties, words.typeKey);
  const [first, ...others] = type ? possibilities(type) : [];
  const text = others.length === 0 ? textOf(first) : undefined;
  if (text === undefined) return undefined;
  const expected = words.types[text];
  if (expected === undefined) return `is ${authorizer.id} of the type ${text}, which is none of API Gateway's`;
  return expected === authorizationType
    ? undefined
    : `has the AuthorizationType ${authorizationType} and is ${authorizer.id}, which is of the type ${text}`;
}
