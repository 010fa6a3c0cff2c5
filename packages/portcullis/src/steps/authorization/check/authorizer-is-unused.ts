import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, type Authorizer, outcomes, type Project, sometimes, undecided } from '../../../project/index.ts';
import { displayName } from '../authorizers.ts';
import { docs } from '../docs.ts';
import { standingOf } from '../facts.ts';
import { wordsOf } from '../public-by-purpose.ts';
import { handedOn, runsAsAuthorizer } from '../references.ts';
import { mayLeadTo } from '../routes.ts';

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
    const uses = new Uses(project);
    for (const authorizer of project.authorizers) yield* unattached(project, authorizer, uses);
    yield* forgottenFunctions(project);
  },
};

/** What routes ask for, worked out once for each API: a document may define as many authorizers as it has routes. */
class Uses {
  readonly #project: Project;
  readonly #apis: ReadonlyMap<string, Api>;
  readonly #asked = new Map<Api, ReadonlySet<string> | 'undecided'>();
  readonly #open = new Map<Api, number>();

  constructor(project: Project) {
    this.#project = project;
    this.#apis = new Map(project.apis.toReversed().map((api) => [api.id, api]));
  }

  ownerOf({ api }: Authorizer): Api | undefined {
    return api.kind === 'known' && api.value.kind === 'local' ? this.#apis.get(api.value.id) : undefined;
  }

  /** True when a route of the API asks the authorizer, or one that the files do not decide. */
  mayUse(api: Api, authorizer: Authorizer): boolean {
    let asked = this.#asked.get(api);
    if (asked === undefined) {
      asked = askedBy(api);
      this.#asked.set(api, asked);
    }
    return asked === 'undecided' || asked.has(authorizer.id);
  }

  /** How many routes of the API ask for no credentials. */
  withoutCredentials(api: Api): number {
    const known = this.#open.get(api);
    if (known !== undefined) return known;
    const count = api.routes.filter((route) => {
      const { state, verdict } = standingOf(this.#project, api, route);
      // Guarded and half open: its authorization is weak, and it has one.
      return state !== 'closed' && verdict !== 'guarded' && verdict !== 'follows-connect';
    }).length;
    this.#open.set(api, count);
    return count;
  }
}

function* unattached(project: Project, authorizer: Authorizer, uses: Uses): Generator<Observation> {
  const owner = uses.ownerOf(authorizer);
  // Routes of an API that lies elsewhere, or that were not read, may use it.
  if (!owner || owner.routes.length === 0 || owner.unreadRoutes.length > 0) return;
  if (uses.mayUse(owner, authorizer)) return;
  if (handedOn(project, authorizer.id)) return;
  const without = uses.withoutCredentials(owner);
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

function askedBy({ routes }: Api): ReadonlySet<string> | 'undecided' {
  const asked = new Set<string>();
  for (const { authorization } of routes) {
    for (const outcome of outcomes(authorization)) {
      if (outcome.kind === 'unknown') return 'undecided';
      if (outcome.value.kind !== 'authorizer') continue;
      for (const link of outcomes(outcome.value.authorizer)) {
        if (link.kind === 'unknown') return 'undecided';
        if (link.value.kind === 'local') asked.add(link.value.id);
      }
    }
  }
  return asked;
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
    if (!saysAuthorizer(fn.name) && !saysAuthorizer(fn.handler)) continue;
    if (runsAsAuthorizer(project, fn.id, fn.name) || isRoute(project, fn.id) || handedOn(project, fn.id)) continue;
    if (usesUnknownAuthorizer(project)) continue;
    yield {
      message: `The function ${fn.name} looks like an authorizer, and no route has it as one; routes of this service ask for no credentials.`,
      span: fn.span,
      subject: fn.id,
    };
  }
}

function saysAuthorizer(text: string | undefined): boolean {
  return text !== undefined && wordsOf(text).some((word) => ['authorizer', 'authoriser', 'authorizers'].includes(word));
}

function isRoute(project: Project, functionId: string): boolean {
  return project.apis.some((api) =>
    api.routes.some(
      ({ integration }) => integration.kind === 'function' && mayLeadTo(integration.function, functionId),
    ),
  );
}

/** An authorizer that is not decided may be this one. */
function usesUnknownAuthorizer(project: Project): boolean {
  return project.apis.some((api) =>
    api.routes.some(
      ({ authorization }) =>
        undecided(authorization).length > 0 ||
        sometimes(authorization, (value) => value.kind === 'authorizer' && undecided(value.authorizer).length > 0),
    ),
  );
}
