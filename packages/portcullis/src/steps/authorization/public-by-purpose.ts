import type { Api, Route } from '../../project/index.ts';

/**
 * Routes that no gateway authorizer can guard because of what they are for: the caller has no credential yet, or proves itself in
 * another way (a signature over the body, a one-time state). Whether the code does that cannot be read from the files.
 *
 * A path counts only by whole segments and a function by whole words of its name, so that `/orders/callbacks-report` or
 * `tokenizeCard` never match.
 */
export type Purpose = 'webhook' | 'callback' | 'login' | 'well-known';

/** Questions that a person answers to close the case. */
export const purposeQuestions: Readonly<Record<Purpose, string>> = {
  webhook: "Does the code check the sender's signature before it does anything else?",
  callback: 'Does the code check `state` (or the signed assertion) before it accepts what the caller brings?',
  login: 'Is this where callers get their credential, and are attempts limited?',
  'well-known': 'Is everything that this path returns meant for the public?',
};

/** Segments (without `-`, `_` and case) that make a path an inbound webhook; also `stripe-webhook`, `webhook-github`. */
const webhookWords: ReadonlySet<string> = new Set(['webhook', 'webhooks']);
/** These do only as a whole segment: `/hooks/github`, not `/fishing-hooks`. */
const hookSegments: ReadonlySet<string> = new Set(['hook', 'hooks']);

/** The end of a sign-in at another service, which the browser of anybody is sent to. */
const callbackSegments: ReadonlySet<string> = new Set([
  'callback',
  'oauthcallback',
  'oauth2callback',
  'authcallback',
  'logincallback',
  'oauthredirect',
  'acs',
]);

/** Where a credential is given out or renewed. */
const loginSegments: ReadonlySet<string> = new Set([
  'login',
  'logon',
  'signin',
  'signup',
  'userlogin',
  'userlogins',
  'usersignup',
  'usersignin',
  'forgotpassword',
  'resetpassword',
  'passwordreset',
  'confirmsignup',
  'verifyemail',
  'verifyotp',
  'sendotp',
  'requestotp',
  'resendotp',
  'magiclink',
  'refreshtoken',
  'accesstoken',
  'authenticate',
  'oauth',
  'oauth2',
  'sso',
  'saml',
]);

/** These mean a credential only at the end of a path that is about accounts: `/auth/token`, `/users/register`, not `/devices/register`. */
const loginEndings: ReadonlySet<string> = new Set([
  'token',
  'register',
  'registration',
  'authorize',
  'refresh',
  'auth',
]);
/** Steps of a sign-in, right below a segment that says so: `/auth/verify`, `/v1/auth/google`. */
const signInSteps: ReadonlySet<string> = new Set([
  'verify',
  'confirm',
  'otp',
  'forgot',
  'reset',
  'start',
  'exchange',
  'session',
  'google',
  'facebook',
  'apple',
  'github',
  'twitter',
  'linkedin',
]);
const signInSegments: ReadonlySet<string> = new Set(['auth', 'authentication', 'oauth', 'oauth2']);
const accountSegments: ReadonlySet<string> = new Set([
  'auth',
  'oauth',
  'oauth2',
  'user',
  'users',
  'account',
  'accounts',
  'customer',
  'customers',
  'member',
  'members',
  'connect',
  'public',
  'api',
]);

/** Function names match when they consist of one of these and of words that say nothing of a resource: `userLogin`, not `loginHistory`. */
const loginNames: readonly (readonly string[])[] = [
  ['login'],
  ['log', 'in'],
  ['signin'],
  ['sign', 'in'],
  ['signup'],
  ['sign', 'up'],
  ['authenticate'],
  ['forgot', 'password'],
  ['reset', 'password'],
  ['refresh', 'token'],
];
const fillers: ReadonlySet<string> = new Set([
  'user',
  'users',
  'customer',
  'account',
  'admin',
  'auth',
  'handler',
  'handle',
  'function',
  'fn',
  'lambda',
  'api',
  'do',
  'post',
  'get',
  'http',
  'process',
  'on',
  'the',
  'with',
  'google',
  'facebook',
  'github',
  'apple',
  'cognito',
  'email',
  'v1',
  'v2',
]);

/** Public by their standard: RFC 8615 and RFC 9309. */
const publicFiles: ReadonlySet<string> = new Set(['robots.txt', 'favicon.ico']);

/** A conventional path of a health check. */
const healthSegments: ReadonlySet<string> = new Set([
  'health',
  'healthz',
  'healthcheck',
  'health-check',
  'ping',
  'status',
  'livez',
  'readyz',
  'alive',
  'ready',
  'heartbeat',
  'version',
]);

export function isHealthPath(route: Route): boolean {
  if (route.method !== 'GET' && route.method !== 'HEAD' && route.method !== 'ANY') return false;
  const segments = segmentsOf(route.path).map((segment) => segment.toLowerCase());
  const last = segments.pop();
  // `/orders/status` is about orders.
  const ofTheService = segments.every((segment) => segment === 'api' || /^v\d{1,3}$/.test(segment));
  return ofTheService && last !== undefined && healthSegments.has(last);
}

/** What the route is for, when its path or its function's name says that it cannot have an authorizer; undefined for all others. */
export function purposeOf(api: Api, route: Route, functionName: string | undefined): Purpose | undefined {
  if (!['GET', 'POST', 'ANY', 'HEAD'].includes(route.method)) return undefined;
  const segments = segmentsOf(route.path);
  if (segments[0] === '.well-known' || publicFiles.has(segments.at(-1) ?? '')) return 'well-known';
  const plain = segments.map((segment) => segment.toLowerCase().replaceAll(/[-_]/g, ''));
  const names = wordsOf(functionName ?? '');
  const webhook = segments.findIndex(
    (segment, at) => wordsOf(segment).some((word) => webhookWords.has(word)) || hookSegments.has(plain[at] ?? ''),
  );
  if (webhook !== -1) return managed(api, segments.slice(0, webhook + 1)) ? undefined : 'webhook';
  if (names.some((word) => webhookWords.has(word)) && !names.some((word) => managing.has(word))) return 'webhook';
  if (plain.some((segment) => callbackSegments.has(segment))) return 'callback';
  if (names.includes('callback') && names.some((word) => ['oauth', 'oauth2', 'auth', 'login', 'sso'].includes(word)))
    return 'callback';
  if (plain.some((segment) => loginSegments.has(segment)) || endsInLogin(plain) || isLoginName(names)) return 'login';
  return undefined;
}

const managing: ReadonlySet<string> = new Set(['create', 'list', 'get', 'update', 'delete', 'remove', 'register']);

/** True when the API manages webhooks as a resource (somebody may change or delete them), so that this is no inbound call. */
function managed(api: Api, prefix: readonly string[]): boolean {
  const start = `/${prefix.join('/')}`;
  return api.routes.some(
    ({ method, path }) =>
      (path === start || path.startsWith(`${start}/`)) && ['PUT', 'PATCH', 'DELETE'].includes(method),
  );
}

function endsInLogin(segments: readonly string[]): boolean {
  const last = segments.at(-1);
  if (last === undefined) return false;
  if (signInSteps.has(last) && signInSegments.has(segments.at(-2) ?? '')) return true;
  if (!loginEndings.has(last)) return false;
  return segments
    .slice(0, -1)
    .every((segment) => accountSegments.has(segment) || segment.startsWith('{') || /^v\d{1,3}$/.test(segment));
}

function isLoginName(words: readonly string[]): boolean {
  const rest = words.filter((word) => !fillers.has(word));
  return rest.length > 0 && loginNames.some((name) => name.join(' ') === rest.join(' '));
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** `stripeWebhook-v2` -> stripe, webhook, v2. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}
