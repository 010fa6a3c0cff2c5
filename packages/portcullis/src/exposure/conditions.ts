import type { ExposedRoute, ProjectChange } from '../contract/index.ts';
import { nameOf } from './words.ts';

/** Scopes are alternatives: a token with any of them passes. None at all means that every token does. */
export function fewerScopes(route: ExposedRoute, earlier: ExposedRoute): readonly ProjectChange[] {
  const [was, is] = [earlier.scopes, route.scopes];
  if (!was || !is || was.length === 0) return [];
  const added = is.filter((scope) => !was.includes(scope));
  if (is.length > 0 && added.length === 0) return [];
  const base = { step: 'authorization', subject: route.id, location: route.location } as const;
  return [
    {
      ...base,
      kind: 'weakens',
      change: 'scopes-widened',
      severity: 'warning',
      message:
        is.length === 0
          ? `no longer asks for a scope on ${nameOf(route)}: any token of the issuer passes`
          : `lets tokens with the scope ${added.join(', ')} call ${nameOf(route)}`,
      before: was.join(' '),
      after: is.join(' ') || null,
    },
  ];
}

/** Key, limits and firewall of a route that was there before. */
export function* conditions(route: ExposedRoute, earlier: ExposedRoute): Generator<ProjectChange> {
  const name = nameOf(route);
  const base = { subject: route.id, location: route.location };
  const [key, keyBefore] = [route.gates.key.required, earlier.gates.key.required];
  if (keyBefore === true && key !== true)
    yield {
      ...base,
      step: 'usage-plans',
      kind: 'weakens',
      change: 'key-no-longer-required',
      severity: 'warning',
      message: `${key === false ? 'no longer asks for' : 'leaves it undecided whether it asks for'} an API key on ${name}: the usage plan and its limits do not apply to it`,
      before: 'API key required',
      after: key === false ? null : 'undecided',
    };
  const [throttle, throttleBefore] = [route.gates.plan.throttle, earlier.gates.plan.throttle];
  if (throttleBefore && !throttle && keyBefore === key)
    yield {
      ...base,
      subject: route.api,
      step: 'usage-plans',
      kind: 'weakens',
      change: 'throttle-removed',
      severity: 'warning',
      message: `removes the throttle of the API of ${name}`,
      before: `${throttleBefore.rate ?? '?'} requests per second`,
      after: null,
    };
  // With a key, the plan speaks of its limits.
  const raised = throttle && throttleBefore && key !== true ? raisedLimit(throttle, throttleBefore) : undefined;
  if (raised)
    yield {
      ...base,
      subject: route.api,
      step: 'usage-plans',
      kind: 'weakens',
      change: 'throttle-raised',
      severity: 'warning',
      message: `raises the throttle of the API of ${name} from ${raised.before} to ${raised.after}`,
      ...raised,
    };
  const [firewall, firewallBefore] = [route.gates.firewall.state, earlier.gates.firewall.state];
  if (firewall !== firewallBefore && firewallBefore === 'closed')
    yield {
      ...base,
      subject: route.api,
      step: 'firewall',
      kind: firewall === 'open' ? 'opens' : 'weakens',
      change: 'firewall-removed',
      severity: firewall === 'open' ? 'error' : 'warning',
      message: `takes the firewall away from the API of ${name}${firewall === 'unknown' ? ', as far as the files decide' : ''}`,
      before: firewallBefore,
      after: firewall,
    };
}

type Throttle = NonNullable<ExposedRoute['gates']['plan']['throttle']>;

/** Null is no limit, or one that the files do not decide. */
function raisedLimit(is: Throttle, was: Throttle): { readonly before: string; readonly after: string } | undefined {
  for (const [key, unit] of [
    ['rate', 'requests per second'],
    ['burst', 'requests at once'],
  ] as const) {
    const [now, before] = [is[key], was[key]];
    if (before !== null && (now === null || now > before))
      return { before: `${before} ${unit}`, after: now === null ? 'no decided limit' : `${now} ${unit}` };
  }
  return undefined;
}
