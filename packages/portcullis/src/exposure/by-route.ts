/** Rules that say of one route that it is open, altogether or nearly. */
export const saysOpen: ReadonlySet<string> = new Set([
  'authorization/route-is-open',
  'authorization/route-may-be-open',
  'authorization/function-url-is-open',
  'authorization/websocket-connect-is-open',
  'authorization/api-key-is-the-only-protection',
]);

/** Whether a route is open is compared route by route: what these rules say of a route that is compared, a change says. */
export const byRoute = (rule: string): boolean =>
  saysOpen.has(rule) || rule === 'authorization/authorization-is-unknown';
