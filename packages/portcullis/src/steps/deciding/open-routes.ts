/**
 * Rules of the authorization step that say of one route that it is open. A route which is public on purpose is meant to be; what it does to
 * other routes, and what the files do not decide, is not meant with it. docs/suppressions.md lists them.
 */
export const openRouteRules: ReadonlySet<string> = new Set([
  'authorization/route-is-open',
  'authorization/route-may-be-open',
  'authorization/function-url-is-open',
  'authorization/websocket-connect-is-open',
  'authorization/api-key-is-the-only-protection',
]);
