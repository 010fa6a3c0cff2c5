import { type Api, type Authorizer, outcomes, type Project, type Route } from '../../project/index.ts';
import { displayName } from './authorizers.ts';
import { functionOf, localId } from './routes.ts';

/**
 * The rule's snippet with the names of this project in place of the example's: the function, method and path of the route and an
 * authorizer that its API has already, so that it can be taken over as it stands. Unchanged where the route offers nothing to put in.
 */
export function inOwnWords(project: Project, api: Api, route: Route, snippet: string): string {
  const authorizers = project.authorizers.filter(({ api: of }) => belongsTo(of, api));
  if (project.format !== 'serverless') {
    const [authorizer] = authorizers;
    return withMethod(project, route, authorizer ? withTemplateAuthorizer(authorizer, snippet) : snippet);
  }
  return withEvent(project, route, withAuthorizer(project, authorizers, snippet));
}

function belongsTo(of: Authorizer['api'], { id }: Api): boolean {
  return outcomes(of).some(({ kind }) => kind === 'known') && localId(of) === id;
}

function withEvent(project: Project, route: Route, snippet: string): string {
  const fn = functionOf(project, route);
  if (!fn) return snippet;
  const path = route.path === '/' ? '/' : route.path.replace(/^\//, '');
  return snippet
    .replaceAll(/^( *)createOrder:/gm, (_, indent: string) => `${indent}${fn.name}:`)
    .replaceAll('method: post', `method: ${route.method.toLowerCase()}`)
    .replaceAll('method: POST', `method: ${quoted(route.method === 'ANY' ? '*' : route.method)}`)
    .replaceAll('path: orders', () => `path: ${quoted(path)}`)
    .replaceAll('path: /orders', () => `path: ${quoted(route.path)}`);
}

/** A plain YAML scalar where that is possible. */
function quoted(text: string): string {
  return /^[\w/][\w./{}+-]*$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

const exampleRoute = /^(?:CreateOrderMethod|CreateOrderRoute|OrdersListenerRule):/m;

function withMethod(project: Project, { span }: Route, snippet: string): string {
  if (!exampleRoute.test(snippet)) return snippet;
  for (const { id, span: place } of project.resources.values()) {
    if (place.file !== span.file || place.start !== span.start) continue;
    return snippet.replace(exampleRoute, () => `${id}:`);
  }
  return snippet;
}

/** One that can be named in an event: of `httpApi`, of `resources`, the function of another route; else the user pool of the project. */
function withAuthorizer(project: Project, authorizers: readonly Authorizer[], snippet: string): string {
  const jwt = authorizers.find(({ type }) => type === 'jwt');
  if (jwt) {
    const [, functions = snippet] = /(^functions:[\s\S]*)/m.exec(snippet) ?? [];
    return functions.replaceAll('name: customers', `name: ${displayName(project, jwt)}`);
  }
  const own = authorizers.find(({ id, type }) => type === 'cognito' && isWritten(project, id));
  if (own) return snippet.replaceAll('!Ref ApiAuthorizer', `!Ref ${own.id}`);
  const ids = authorizers.flatMap(({ function: fn }) => (fn ? [localId(fn)] : []));
  const named = project.functions.find(({ id }) => ids.includes(id));
  if (named) return snippet.replace(/authorizer:[^\n]*\n[\s\S]*$/, `authorizer: ${named.name}`);
  const pool = [...project.resources.values()].find(
    ({ type, generated }) => type === 'AWS::Cognito::UserPool' && !generated,
  );
  return pool
    ? snippet.replace(/^( *)authorizerId: !Ref ApiAuthorizer/m, `$1name: customers\n$1arn: !GetAtt ${pool.id}.Arn`)
    : snippet;
}

function isWritten(project: Project, id: string): boolean {
  return project.resources.get(id)?.generated === false;
}

function withTemplateAuthorizer({ id, type }: Authorizer, snippet: string): string {
  const kind = type === 'cognito' ? 'COGNITO_USER_POOLS' : type === 'jwt' ? 'JWT' : 'CUSTOM';
  return snippet
    .replaceAll('!Ref ApiAuthorizer', `!Ref ${id}`)
    .replace(/^( *AuthorizationType:) (?:COGNITO_USER_POOLS|JWT) +#[^\n]*/m, `$1 ${kind}`);
}
