import type { GateState } from '../../contract/index.ts';

/**
 * How a route stands, and which rule says so: every route that is not closed belongs to exactly one rule.
 *
 * - `guarded`: authorizer, IAM signature or a login at the load balancer before the route's target.
 * - `preflight`: an OPTIONS method that the gateway answers by itself; browsers send no credentials with it, nothing is behind it.
 * - `follows-connect`: a WebSocket route other than `$connect`; the connection was authorized when it was opened.
 * - `open`, `url`, `connect`: anyone may enter (route-is-open, function-url-is-open, websocket-connect-is-open).
 * - `bypass`: open, and a way around the authorizer of other routes (open-route-bypasses-authorizer).
 * - `key`: an API key and nothing else (api-key-is-the-only-protection).
 * - `question`: the files cannot tell whether the route is closed by other means (route-may-be-open).
 * - `missing-authorizer`: the authorizer that it names does not exist (authorizer-is-undefined).
 * - `undecided`: what the files say depends on values that they do not hold (authorization-is-unknown).
 */
type Verdict =
  | 'guarded'
  | 'preflight'
  | 'follows-connect'
  | 'open'
  | 'url'
  | 'connect'
  | 'bypass'
  | 'key'
  | 'question'
  | 'missing-authorizer'
  | 'undecided';

export interface Standing {
  readonly verdict: Verdict;
  readonly state: GateState;
  /** One of the kinds in README.md: what asks for credentials. */
  readonly kind: AuthorizationKind;
  /** The authorizer as people know it; null when there is none or it lies elsewhere without a name. */
  readonly name: string | null;
  /** For `question`: why it cannot be told, as a sentence about "it". For `undecided`: what the value depends on. */
  readonly why?: string;
  readonly question?: string;
  /** Lower than the rule's own severity: nothing is behind the route. */
  readonly harmless?: boolean;
}

export type AuthorizationKind =
  | 'none'
  | 'iam'
  | 'cognito'
  | 'jwt'
  | 'lambda'
  | 'oidc'
  | 'mutual-tls'
  | 'network'
  | 'preflight'
  | 'unknown';

export const open = { state: 'open', kind: 'none', name: null } as const;
export const halfOpen = { state: 'half-open', kind: 'none', name: null } as const;

/** Half open: `why` is a sentence about "it", `ask` what a person has to answer. */
export function question(why: string, ask: string): Standing {
  return { verdict: 'question', ...halfOpen, why, question: ask };
}
