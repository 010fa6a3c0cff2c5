import type { Observation, Rule } from '../../../contract/index.ts';
import type { Project, Span } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { standings } from '../facts.ts';
import { routeName } from '../routes.ts';

export const authorizationIsUnknown: Rule = {
  id: 'authorization/authorization-is-unknown',
  step: 'authorization',
  severity: 'warning',
  title: 'Cannot decide who may enter',
  attack:
    'What decides about access lies outside the files: in a parameter, in another stack, in a definition that was not read. Nobody who reviews these files can see that a route is open, and a change elsewhere opens it without a trace here.',
  fix: {
    serverless: `custom:
  authorizer:
    dev: authorize                          # values that the file itself holds can be checked
    prod: authorize
functions:
  createOrder:
    events:
      - http:
          method: post
          path: orders
          authorizer: \${self:custom.authorizer.\${sls:stage}}`,
    cloudformation: `Parameters:
  AuthorizationType:
    Type: String
    Default: COGNITO_USER_POOLS             # a default can be checked`,
  },
  docs: [docs.restAccess, docs.httpAccess],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1059'] },
  *check(project) {
    yield* undecidedRoutes(project);
    yield* unreadParts(project);
  },
};

/** One finding for each cause: routes of one API that depend on the same thing share it. */
function* undecidedRoutes(project: Project): Generator<Observation> {
  const causes = new Map<string, { first: Observation; others: Span[] }>();
  for (const { api, route, standing } of standings(project)) {
    if (standing.verdict !== 'undecided') continue;
    const why = standing.why ?? 'is not decided by the files';
    const key = `${api.id} ${why}`;
    const cause = causes.get(key);
    if (cause) {
      cause.others.push(route.span);
      continue;
    }
    const name = routeName(route);
    const message = `Who may call ${name} cannot be told: its authorization ${why}`;
    causes.set(key, {
      others: [],
      first: { message, span: route.span, subject: key, route: route.id, state: 'unknown' },
    });
  }
  for (const { first, others } of causes.values()) {
    const number = others.length;
    const more = number === 0 ? '' : ` (and ${number} more ${number === 1 ? 'route' : 'routes'})`;
    yield { ...first, message: first.message + more, together: others };
  }
}

/** One finding for all parts that were not read: the reader has said of each what is wrong with it. */
function* unreadParts(project: Project): Generator<Observation> {
  const parts = [
    ...new Map(
      [
        ...project.apis.flatMap((api) => api.unreadRoutes),
        ...project.unread.filter(({ steps }) => steps.includes('authorization')),
      ].map((part) => [`${part.what} ${part.span.file.path} ${part.span.start}`, part]),
    ).values(),
  ];
  const [first, ...others] = parts;
  if (!first) return;
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'part' : 'parts'} not read)`;
  yield {
    message: `Routes may be missing from this report: ${first.what}: ${first.reason}${more}.`,
    span: first.span,
    subject: 'unread',
    state: 'unknown',
    together: others.map(({ span }) => span),
    related: others.slice(0, 20).map(({ what, reason, span }) => ({ message: `${what}: ${reason}`, span })),
  };
}
