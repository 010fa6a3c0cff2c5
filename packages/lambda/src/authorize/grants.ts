/** What a caller must hold besides an identity. */
export interface ScopeRule {
  /** Every one of these scopes. */
  readonly scopes?: readonly string[];
  /** At least one of these scopes, as `authorizationScopes` of API Gateway means it. */
  readonly anyScope?: readonly string[];
}

export const holds = (held: readonly string[], { scopes = [], anyScope }: ScopeRule): boolean =>
  scopes.every((scope) => held.includes(scope)) &&
  (anyScope === undefined || anyScope.some((scope) => held.includes(scope)));

/** The scopes of the rule as a challenge names them, or undefined where there are none. */
export const scopeText = ({ scopes = [], anyScope = [] }: ScopeRule): string | undefined =>
  [...new Set([...scopes, ...anyScope])].join(' ') || undefined;
