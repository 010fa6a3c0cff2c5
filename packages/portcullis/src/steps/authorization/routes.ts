import {
  type Fact,
  type LambdaFunction,
  type Link,
  outcomes,
  type Project,
  type Reached,
  type Route,
  sometimes,
  undecided,
  valueOf,
} from '../../project/index.ts';

/** Logical id, when the link is decided and stays in the project. */
export function localId(fact: Fact<Link>): string | undefined {
  const link = valueOf(fact);
  return link?.kind === 'local' ? link.id : undefined;
}

/** Logical ids of all cases that stay in the project. */
export function localIds(fact: Fact<Link>): readonly string[] {
  return outcomes(fact).flatMap((link) =>
    link.kind === 'known' && link.value.kind === 'local' ? [link.value.id] : [],
  );
}

/** True when the link, in one of its cases at least, is that resource. */
export function mayLeadTo(fact: Fact<Link>, id: string): boolean {
  return sometimes(fact, (link) => link.kind === 'local' && link.id === id);
}

export function functionOf(project: Project, route: Route): LambdaFunction | undefined {
  if (route.integration.kind !== 'function') return undefined;
  const id = localId(route.integration.function);
  return project.functions.find((candidate) => candidate.id === id);
}

/** `POST /orders`; the route key alone where there is no method (`$connect`, `$default`). */
export function routeName(route: Route): string {
  return route.path.startsWith('/') ? `${route.method} ${route.path}` : route.path;
}

export function mayNeedKey(route: Route): boolean {
  return sometimes(route.apiKeyRequired, (required) => required) || undecided(route.apiKeyRequired).length > 0;
}

/** Sending to sockets, writing logs and traces: nothing that a stranger is after. */
export function isPlumbing({ type }: Reached): boolean {
  return ['AWS::ApiGateway', 'AWS::Logs::', 'AWS::XRay::', 'AWS::CloudWatch::'].some((prefix) =>
    type.startsWith(prefix),
  );
}
