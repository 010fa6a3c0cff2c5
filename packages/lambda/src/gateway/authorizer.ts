import { type Check, knownKeys, type Principal, type Refused, refuse, tell } from '../authorize/decision.ts';
import { type AuthorizerRequest, readAuthorizerEvent } from './event.ts';
import { coverageFor } from './policy.ts';
import { compileRoutes, mayUse, type Route, type Routes, routeOfTemplate, routesOfPath } from './routes.ts';

type Primitive = string | number | boolean;

export interface AuthorizerOptions {
  /** The routes that share this authorizer. Required: what a caller may do is decided by somebody. */
  readonly routes: Routes;
  /** `simple` for HTTP APIs with format 2.0 and simple responses enabled; `policy`, if left out, serves all others. */
  readonly response?: 'policy' | 'simple';
  /** What the integration sees in `requestContext.authorizer`, besides `scheme` and `scopes`. Values become text. */
  readonly context?: (caller: Principal) => Readonly<Record<string, Primitive | undefined>>;
  /** For a REST API whose `apiKeySource` is AUTHORIZER: the value of the caller's API key. */
  readonly usageIdentifierKey?: (caller: Principal) => string | undefined;
  /** Called for every refusal, for logs and metrics. It gets neither token nor claims. */
  readonly onRefusal?: (refusal: Refused, arn: string | undefined) => void;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: 'execute-api:Invoke';
  readonly Resource: readonly string[];
}

export interface PolicyAnswer {
  readonly principalId: string;
  readonly policyDocument: { readonly Version: '2012-10-17'; readonly Statement: readonly Statement[] };
  readonly context?: Readonly<Record<string, string>>;
  readonly usageIdentifierKey?: string;
}

export interface SimpleAnswer {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, string>>;
}

export interface Authorizer {
  (event: unknown): Promise<PolicyAnswer | SimpleAnswer>;
  /** What to write into the authorizer resource, so that the key of the result cache holds every input of the decision. */
  readonly resource: {
    readonly restIdentitySource: string;
    readonly httpIdentitySource: readonly string[];
    /** A revoked token is honoured for so long at most; the default of REST APIs is 300. */
    readonly resultTtlInSeconds: 60;
  };
}

/**
 * A Lambda authorizer that answers by `check`, for REST APIs (TOKEN, REQUEST) and HTTP APIs (format 1.0 and 2.0).
 *
 * REST APIs answer 401 to `Error('Unauthorized')` and 500 to any other error; HTTP APIs know only 403 and 500. No refusal is ever cached as permission: what
 * breaks is thrown, and API Gateway keeps errors out of its cache.
 */
export function authorizer(check: Check, options: AuthorizerOptions): Authorizer {
  knownKeys(options, ['routes', 'response', 'context', 'usageIdentifierKey', 'onRefusal'], 'authorizer');
  const { routes, response = 'policy' } = options;
  if (routes === undefined) throw new TypeError('authorizer: routes must be given ("all" for every route)');
  if (response !== 'policy' && response !== 'simple') throw new TypeError('authorizer: response is policy or simple');
  const table = routes === 'all' ? undefined : compileRoutes(routes);
  const coverage = table && coverageFor(table);

  async function authorize(event: unknown): Promise<PolicyAnswer | SimpleAnswer> {
    const request = readAuthorizerEvent(event);
    const decision = await decide(check, request, response, table);
    if (!request || !decision.allowed) {
      const refusal = decision.allowed ? refuse('check_failed') : decision;
      tell(options.onRefusal, refusal, request?.arn);
      return answerRefusal(refusal, request, response);
    }
    try {
      return answerCaller(request, decision.principal);
    } catch {
      // A function of the options threw; what it says may quote claims.
      const refusal = refuse('check_failed');
      tell(options.onRefusal, refusal, request.arn);
      return answerRefusal(refusal, request, response);
    }
  }

  function answerCaller(request: AuthorizerRequest, principal: Principal): PolicyAnswer | SimpleAnswer {
    const context = contextOf(principal, options.context);
    if (response === 'simple') return { isAuthorized: true, context };
    const key = options.usageIdentifierKey?.(principal);
    const { stageArn, arn } = request;
    if (!coverage || !table) return policy(principal.id, [statement('Allow', [`${stageArn}/*`])], context, key);
    const { allow, deny, inexact } = coverage(principal);
    const usable = usableNow(table, request, principal);
    // A wildcard or a policy variable (`${`) in the path of a request must not become one of the policy.
    const named = inexact && usable && !/[*?]|\$\{/.test(arn) ? [arn] : [];
    const allowed = [...allow.map((glob) => `${stageArn}/${glob}`), ...named];
    const denied = [...deny.map((glob) => `${stageArn}/${glob}`), ...(usable ? [] : [arn.replaceAll('$', '?')])];
    if (!usable) tell(options.onRefusal, refuse('route_refused'), arn);
    return policy(
      principal.id,
      [
        ...(allowed.length > 0 ? [statement('Allow', allowed)] : []),
        ...(denied.length > 0 ? [statement('Deny', denied)] : []),
      ],
      context,
      key,
    );
  }

  const source = (prefix: string) => check.headers.map((name) => `${prefix}${name}`);
  return Object.assign(authorize, {
    resource: {
      restIdentitySource: source('method.request.header.').join(','),
      httpIdentitySource: [
        ...source('$request.header.'),
        ...(response === 'simple' && table ? ['$context.routeKey'] : []),
      ],
      resultTtlInSeconds: 60 as const,
    },
  });
}

async function decide(
  check: Check,
  request: AuthorizerRequest | undefined,
  response: 'policy' | 'simple',
  table: readonly Route[] | undefined,
) {
  if (!request || (response === 'simple' && request.version !== '2.0')) return refuse('check_failed');
  if (!isCacheKeyComplete(check, request, response === 'simple' && table !== undefined))
    return refuse('cache_key_incomplete');
  const decision = await check.authenticate(request.credentials);
  if (!decision.allowed || response === 'policy' || !table) return decision;
  try {
    return usableNow(table, request, decision.principal) ? decision : refuse('route_refused');
  } catch {
    return refuse('check_failed');
  }
}

/**
 * HTTP APIs say by which values a result is cached. Whatever else decides would be cached under a key that does not have it: a
 * second header, or the route where the answer is a plain yes.
 */
function isCacheKeyComplete(
  check: Check,
  { identitySource, credentials, method, template }: AuthorizerRequest,
  byRoute: boolean,
): boolean {
  if (!identitySource || identitySource.length === 0) return true;
  const has = (value: string) => `,${identitySource.join(',')},`.includes(`,${value},`);
  const route = template?.startsWith('/') ? `${method} ${template}` : (template ?? '');
  const routeKeys = [route, route.replace(/^[A-Z]+ /, 'ANY ')];
  return (
    check.headers.every((name) => credentials.header(name).every(has)) &&
    (!byRoute || identitySource.some((value) => routeKeys.includes(value)))
  );
}

/** Whether this request is one to a route of the table that the caller may use. */
function usableNow(table: readonly Route[], { method, template, path }: AuthorizerRequest, caller: Principal): boolean {
  const named = template === undefined ? undefined : routeOfTemplate(table, method, template);
  const routes = named ? [named] : template === undefined ? routesOfPath(table, method, path) : [];
  return routes.length > 0 && routes.every((route) => mayUse(route, caller));
}

function answerRefusal(
  { status, code }: Refused,
  request: AuthorizerRequest | undefined,
  response: 'policy' | 'simple',
): PolicyAnswer | SimpleAnswer {
  if (!request || status >= 500) throw new Error(`The request cannot be judged: ${code}`);
  if (request.api === 'rest' && status < 403) throw new Error('Unauthorized');
  if (response === 'simple') return { isAuthorized: false };
  return policy('anonymous', [statement('Deny', [`${request.stageArn}/*`])], {}, undefined);
}

const statement = (effect: Statement['Effect'], resource: readonly string[]): Statement => ({
  Effect: effect,
  Action: 'execute-api:Invoke',
  Resource: resource,
});

const policy = (
  principalId: string,
  statements: readonly Statement[],
  context: Readonly<Record<string, string>>,
  usageIdentifierKey: string | undefined,
): PolicyAnswer => ({
  principalId,
  policyDocument: { Version: '2012-10-17', Statement: statements },
  ...(Object.keys(context).length > 0 ? { context } : {}),
  ...(usageIdentifierKey === undefined ? {} : { usageIdentifierKey }),
});

/** "Output from an API Gateway Lambda authorizer": an object or a list as a value makes the whole answer invalid. */
function contextOf(principal: Principal, more: AuthorizerOptions['context']): Readonly<Record<string, string>> {
  const values: Readonly<Record<string, Primitive | undefined>> = {
    scheme: principal.scheme,
    scopes: principal.scopes.join(' '),
    ...more?.(principal),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, string][] => {
      if (value === undefined) return [];
      if (
        !/^[A-Za-z0-9_]{1,128}$/.test(name) ||
        name === 'claims' ||
        !['string', 'number', 'boolean'].includes(typeof value)
      )
        throw new Error('context');
      return [[name, String(value)]];
    }),
  );
}
