import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, type Authorizer, outcomes, type Project, undecided } from '../../../project/index.ts';
import { displayName } from '../authorizers.ts';
import { docs } from '../docs.ts';
import { standingOf } from '../facts.ts';
import { wordsOf } from '../public-by-purpose.ts';
import { handedOn, runsAsAuthorizer } from '../references.ts';

export const authorizerIsUnused: Rule = {
  id: 'authorization/authorizer-is-unused',
  step: 'authorization',
  severity: 'warning',
  title: 'Authorizer is attached to no route',
  attack:
    'Somebody wrote an authorizer and nobody attached it: defining one guards nothing. In review the API looks guarded; a caller without credentials finds every route that has no authorizer of its own open.',
  fix: {
    serverless: `functions:
  createOrder:
    events:
      - httpApi:
          method: POST
          path: /orders
          authorizer: { name: customers }`,
    cloudformation: `CreateOrderRoute:
  Type: AWS::ApiGatewayV2::Route
  Properties:
    ApiId: !Ref HttpApi
    RouteKey: POST /orders
    AuthorizationType: JWT
    AuthorizerId: !Ref ApiAuthorizer`,
  },
  docs: [docs.restAccess, docs.httpAccess, docs.lambdaAuthorizer],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-306', 'CWE-1164'] },
  *check(project) {
    for (const authorizer of project.authorizers) yield* unattached(project, authorizer);
    yield* forgottenFunctions(project);
  },
};

function* unattached(project: Project, authorizer: Authorizer): Generator<Observation> {
  const owner = ownerOf(project, authorizer);
  // Routes of an API that lies elsewhere, or that were not read, may use it.
  if (!owner || owner.routes.length === 0 || owner.unreadRoutes.length > 0) return;
  if (owner.routes.some((route) => mayUse(route.authorization, authorizer.id))) return;
  if (handedOn(project, authorizer.id)) return;
  const without = owner.routes.filter((route) => {
    const { state, verdict } = standingOf(project, owner, route);
    // Guarded and half open: its authorization is weak, and it has one.
    return state !== 'closed' && verdict !== 'guarded' && verdict !== 'follows-connect';
  }).length;
  yield {
    message: `The authorizer ${displayName(project, authorizer)} is attached to no route${
      without === 0
        ? ''
        : `, and ${without === 1 ? 'one route of its API asks' : `${without} routes of its API ask`} for no credentials`
    }.`,
    span: authorizer.span,
    subject: authorizer.id,
    ...(without === 0 ? { severity: 'note' as const } : {}),
  };
}

function ownerOf(project: Project, authorizer: Authorizer): Api | undefined {
  if (authorizer.api.kind !== 'known' || authorizer.api.value.kind !== 'local') return undefined;
  const { id } = authorizer.api.value;
  return project.apis.find((api) => api.id === id);
}

function mayUse(authorization: Api['routes'][number]['authorization'], id: string): boolean {
  if (undecided(authorization).length > 0) return true;
  return outcomes(authorization).some((outcome) => {
    if (outcome.kind !== 'known' || outcome.value.kind !== 'authorizer') return false;
    return outcomes(outcome.value.authorizer).some(
      (link) => link.kind === 'unknown' || (link.value.kind === 'local' && link.value.id === id),
    );
  });
}

/**
 * `http` events of serverless.yml name the authorizer's function, so a forgotten one shows only as a function whose name says what
 * it is and that nothing runs. Only with an open route beside it: a service may exist to lend its authorizer to others.
 */
function* forgottenFunctions(project: Project): Generator<Observation> {
  const api = project.apis.find((candidate) =>
    candidate.routes.some((route) => standingOf(project, candidate, route).verdict === 'open'),
  );
  if (!api) return;
  for (const fn of project.functions) {
    if (!saysAuthorizer(fn.name) && !saysAuthorizer(fn.handler ?? '')) continue;
    if (runsAsAuthorizer(project, fn.id, fn.name) || isRoute(project, fn.id) || handedOn(project, fn.id)) continue;
    if (usesUnknownAuthorizer(project)) continue;
    yield {
      message: `The function ${fn.name} looks like an authorizer, and no route has it as one; routes of this service ask for no credentials.`,
      span: fn.span,
      subject: fn.id,
    };
  }
}

function saysAuthorizer(text: string): boolean {
  return wordsOf(text).some((word) => ['authorizer', 'authoriser', 'authorizers'].includes(word));
}

function isRoute(project: Project, functionId: string): boolean {
  return project.apis.some((api) =>
    api.routes.some(
      ({ integration }) =>
        integration.kind === 'function' &&
        outcomes(integration.function).some(
          (link) => link.kind === 'known' && link.value.kind === 'local' && link.value.id === functionId,
        ),
    ),
  );
}

/** An authorizer that is not decided may be this one. */
function usesUnknownAuthorizer(project: Project): boolean {
  return project.apis.some((api) =>
    api.routes.some((route) =>
      outcomes(route.authorization).some(
        (outcome) =>
          outcome.kind === 'unknown' ||
          (outcome.value.kind === 'authorizer' && undecided(outcome.value.authorizer).length > 0),
      ),
    ),
  );
}
