import {
  type Authorizer,
  outcomes,
  type Project,
  type RouteAuthorization,
  sometimes,
  valueOf,
} from '../../project/index.ts';
import { localId } from './routes.ts';
import type { AuthorizationKind } from './standing.ts';

export function kindOf(authorization: RouteAuthorization): AuthorizationKind {
  if (authorization.kind === 'authorizer' || authorization.kind === 'listener') return authorization.type;
  return authorization.kind;
}

/** Null for what needs no name, and for an authorizer elsewhere that is only known when it is deployed. */
export function nameOf(project: Project, authorization: RouteAuthorization): string | null {
  if (authorization.kind !== 'authorizer') return null;
  const link = valueOf(authorization.authorizer);
  if (!link) return null;
  if (link.kind === 'external') return link.name;
  const authorizer = project.authorizers.find(({ id }) => id === link.id);
  const name = authorizer ? displayName(project, authorizer) : link.id;
  return name.includes('?') ? null : name;
}

/** True for an authorizer of the project that checks no audience. */
export function lacksAudience(project: Project, guard: Extract<RouteAuthorization, { kind: 'authorizer' }>): boolean {
  const link = valueOf(guard.authorizer);
  const authorizer = link?.kind === 'local' ? project.authorizers.find(({ id }) => id === link.id) : undefined;
  return authorizer !== undefined && checksNoAudience(authorizer);
}

/** A JWT authorizer without an audience, or with blanks for one: there is nothing to compare `aud` with. */
export function checksNoAudience({ type, audiences }: Authorizer): boolean {
  return type === 'jwt' && sometimes(audiences, (list) => list.every((audience) => audience.trim() === ''));
}

/** What people call an authorizer: its name, else its function, else its logical id. */
export function displayName(project: Project, authorizer: Authorizer): string {
  if (authorizer.name) return authorizer.name;
  const id = authorizer.function ? localId(authorizer.function) : undefined;
  return project.functions.find((candidate) => candidate.id === id)?.name ?? authorizer.id;
}

/** Stacks and custom resources answer with whatever they were written to; anything else that is no authorizer has no id of one. */
function mayHandOutAuthorizers(type: string): boolean {
  return !type.startsWith('AWS::') || type.startsWith('AWS::CloudFormation::') || type.startsWith('AWS::Serverless::');
}

/** The logical id that the route refers to as its authorizer and under which the project has none. */
export function missingAuthorizer(project: Project, authorization: RouteAuthorization): string | undefined {
  if (authorization.kind !== 'authorizer') return undefined;
  for (const outcome of outcomes(authorization.authorizer)) {
    if (outcome.kind !== 'known' || outcome.value.kind !== 'local') continue;
    const { id } = outcome.value;
    if (project.authorizers.some((authorizer) => authorizer.id === id)) continue;
    const type = project.resources.get(id)?.type;
    if (type === undefined || !mayHandOutAuthorizers(type)) return id;
  }
  return undefined;
}
