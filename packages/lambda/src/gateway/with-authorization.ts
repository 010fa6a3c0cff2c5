import {
  type Challenge,
  type Check,
  knownKeys,
  type Principal,
  type Refused,
  refuse,
  tell,
} from '../authorize/decision.ts';
import { type FunctionRequest, readFunctionEvent } from './event.ts';
import {
  compileRoutes,
  mayUse,
  type Route,
  type Routes,
  routeOfTemplate,
  routesOfPath,
  scopeOfRoutes,
} from './routes.ts';

export interface WithAuthorizationOptions {
  /** What callers need for each route of the function; `all` if left out: good credentials are enough for whatever the function does. */
  readonly routes?: Routes;
  /** Called for every refusal, for logs and metrics. It gets neither token nor claims. */
  readonly onRefusal?: (refusal: Refused, route: string | undefined) => void;
}

/** What API Gateway and function URLs turn into a response. */
export interface RefusalResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The handler behind the check: it runs only for callers who were let in, and gets them as its third argument. Others get the answer of RFC 6750
 * section 3 and RFC 7617 section 2, with `WWW-Authenticate`. For function URLs, HTTP APIs and REST APIs.
 */
export function withAuthorization<Event, Result>(
  check: Check,
  handler: (event: Event, context: unknown, caller: Principal) => Promise<Result> | Result,
  options: WithAuthorizationOptions = {},
): (event: Event, context?: unknown) => Promise<Result | RefusalResponse> {
  knownKeys(options, ['routes', 'onRefusal'], 'withAuthorization');
  const { routes = 'all' } = options;
  const table = routes === 'all' ? undefined : compileRoutes(routes);

  return async function authorized(event, context) {
    const request = readFunctionEvent(event);
    const decision = await decide(check, request, table);
    if (decision.allowed) return handler(event, context, decision.principal);
    tell(options.onRefusal, decision, request && `${request.method} ${request.template ?? request.path}`);
    return refusalResponse(decision, check.challenges);
  };
}

async function decide(check: Check, request: FunctionRequest | undefined, table: readonly Route[] | undefined) {
  if (!request) return refuse('check_failed');
  const decision = await check.authenticate(request.credentials);
  if (!decision.allowed || !table) return decision;
  try {
    const named = request.template === undefined ? undefined : routeOfTemplate(table, request.method, request.template);
    const meant = named ? [named] : routesOfPath(table, request.method, request.path);
    if (meant.length === 0) return refuse('route_refused');
    if (meant.every((route) => mayUse(route, decision.principal))) return decision;
    const scope = scopeOfRoutes(meant);
    return scope === undefined ? refuse('route_refused') : refuse('scope_insufficient', scope);
  } catch {
    return refuse('check_failed');
  }
}

const messages: Readonly<Record<Refused['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

function refusalResponse(refusal: Refused, challenges: readonly Challenge[]): RefusalResponse {
  const asked =
    refusal.status < 500 ? challenges.flatMap((challenge) => challengeText(challenge, refusal)).join(', ') : '';
  return {
    statusCode: refusal.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(asked === '' ? {} : { 'www-authenticate': asked }),
      ...(refusal.status === 503 ? { 'retry-after': '5' } : {}),
    },
    body: JSON.stringify({ message: messages[refusal.status] }),
  };
}

/** RFC 6750 section 3.1: no error where no credentials came; a 403 is explained by Bearer alone. */
function challengeText(
  { scheme, parameters, explains }: Challenge,
  { status, code, reason, scope }: Refused,
): readonly string[] {
  if (!explains && status !== 401) return [];
  const error = status === 400 ? 'invalid_request' : status === 403 ? 'insufficient_scope' : 'invalid_token';
  const said: Readonly<Record<string, string>> =
    explains && code !== 'credentials_missing'
      ? { error, error_description: reason, ...(scope === undefined ? {} : { scope }) }
      : {};
  const all = Object.entries({ ...parameters, ...said });
  return [`${scheme} ${all.map(([name, value]) => `${name}="${quoted(value)}"`).join(', ')}`];
}

/** Inside quotes: RFC 9110 section 5.6.4, without what could end a header line. */
const quoted = (value: string): string => value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
