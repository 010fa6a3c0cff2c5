import { type ExposedRoute, type Exposure, type ExposureChange, type Finding, widestFirst } from '../contract/index.ts';
import { Served, shapeOf } from './cover.ts';

type Change = Omit<ExposureChange, 'project'>;

const isWider = (a: ExposedRoute, b: ExposedRoute) =>
  widestFirst.indexOf(a.gates.authorization.state) < widestFirst.indexOf(b.gates.authorization.state);

const isOpen = ({ gates }: ExposedRoute) => gates.authorization.state === 'open';

/** What changed for callers of routes: who gets in, what they reach, what limits them. */
export function changesOfRoutes(then: Exposure, now: Exposure): readonly Change[] {
  const before = new Served(then.routes);
  const after = new Served(now.routes);
  const decided = decisions(now);
  const renamed = renaming(then, now);
  const changes: Change[] = [];
  for (const route of now.routes) {
    // Whoever asks for this now got, before, what answered then; a route that nobody could reach answered nobody.
    const earlier = before.find(route);
    const entering = entry(route, earlier, decided.get(route.id), renamed);
    changes.push(...entering);
    if (earlier && shapeOf(earlier.path) === shapeOf(route.path)) changes.push(...conditions(route, earlier));
  }
  for (const gone of then.routes) {
    const server = after.find(gone);
    if (
      server &&
      shapeOf(server.path) === shapeOf(gone.path) &&
      (server.method === gone.method || server.method === 'ANY')
    )
      continue;
    // `ANY /orders` may have become `GET /orders`.
    const narrower = now.routes.some((route) => route.kind === gone.kind && shapeOf(route.path) === shapeOf(gone.path));
    changes.push(...removed(gone, server, narrower));
  }
  return unique(changes);
}

/** Reasons of routes that somebody made public in the file. */
function decisions({ findings }: Exposure): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { route, suppressed, step } of findings)
    if (route !== undefined && step === 'authorization' && suppressed && suppressed.by !== 'baseline')
      found.set(route, suppressed.reason);
  return found;
}

function entry(
  route: ExposedRoute,
  earlier: ExposedRoute | undefined,
  reason: string | undefined,
  renamed: Renamed,
): readonly Change[] {
  const state = route.gates.authorization.state;
  const was = earlier?.gates.authorization.state ?? 'closed';
  const before = earlier ? describeEntry(earlier) : null;
  const after = describeEntry(route);
  const base = { step: 'authorization', subject: route.id, location: route.location, before, after } as const;
  const name = nameOf(route);
  if (state === 'open') {
    const more = earlier && was === 'open' ? gained(route, earlier) : undefined;
    if (was === 'open' && !more) return [];
    const message = more
      ? `lets everyone who calls ${name} get further: it now ${more}`
      : `opens ${name} to everyone${consequence(route)}${was === 'unknown' ? '; before, the files did not decide who gets in' : ''}`;
    return [
      {
        ...base,
        kind: 'opens',
        change: more ? 'open-route-reaches-more' : 'route-opened',
        severity: reason === undefined ? 'error' : 'note',
        message: reason === undefined ? message : `${message} (decided in the file: ${reason})`,
        path: pathOf(route),
        rule: 'authorization/route-is-open',
        ...(reason === undefined ? {} : { decided: reason }),
      },
    ];
  }
  const wider = widestFirst.indexOf(state) - widestFirst.indexOf(was);
  if (wider < 0 && was !== 'open') {
    const what =
      state === 'unknown'
        ? 'leaves it undecided who may call'
        : earlier
          ? 'weakens the authorization of'
          : 'adds a weakly protected route,';
    return [
      {
        ...base,
        kind: 'weakens',
        change: earlier ? 'authorization-weakened' : 'weak-route-added',
        severity: 'warning',
        message: `${what} ${name}${before === null ? `: ${after}` : `: ${before} before, ${after} now`}${consequence(route)}`,
        path: pathOf(route),
      },
    ];
  }
  if (earlier && wider > 0 && shapeOf(earlier.path) === shapeOf(route.path))
    return [
      {
        ...base,
        kind: 'closes',
        change: 'route-closed',
        severity: 'note',
        message: `closes ${name}: ${before} before, ${after} now`,
      },
    ];
  return earlier ? [...otherAuthorizer(route, earlier, renamed), ...fewerScopes(route, earlier)] : [];
}

/** Whether an authorizer that is gone only got another name: the new name is new too. */
type Renamed = (was: string, is: string) => boolean;

function renaming(then: Exposure, now: Exposure): Renamed {
  const names = ({ routes }: Exposure) => new Set(routes.map(guardOf));
  const [before, after] = [names(then), names(now)];
  return (was, is) => !after.has(was) && !before.has(is);
}

const guardOf = ({ gates: { authorization } }: ExposedRoute) =>
  `${authorization.kind} ${authorization.name ?? ''}`.trim();

/** Another authorizer lets other callers in, though the route is as closed as it was. */
function otherAuthorizer(route: ExposedRoute, earlier: ExposedRoute, renamed: Renamed): readonly Change[] {
  const [was, is] = [guardOf(earlier), guardOf(route)];
  const sameKind = earlier.gates.authorization.kind === route.gates.authorization.kind;
  if (was === is || route.gates.authorization.state !== earlier.gates.authorization.state) return [];
  if (sameKind && renamed(was, is)) return [];
  return [
    {
      step: 'authorization',
      subject: route.id,
      location: route.location,
      kind: 'weakens',
      change: 'authorizer-changed',
      severity: 'warning',
      message: `lets others call ${nameOf(route)}: ${was} decided before, ${is} decides now`,
      before: was,
      after: is,
      path: pathOf(route),
    },
  ];
}

/** Scopes are alternatives: a token with any of them passes. None at all means that every token does. */
function fewerScopes(route: ExposedRoute, earlier: ExposedRoute): readonly Change[] {
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
function* conditions(route: ExposedRoute, earlier: ExposedRoute): Generator<Change> {
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

function removed(gone: ExposedRoute, server: ExposedRoute | undefined, narrower: boolean): readonly Change[] {
  const base = {
    step: 'authorization',
    subject: gone.id,
    location: server?.location ?? gone.location,
    before: describeEntry(gone),
  } as const;
  if (server && isWider(server, gone)) {
    const open = isOpen(server);
    return [
      {
        ...base,
        kind: open ? 'opens' : 'weakens',
        change: 'route-falls-to-wider-one',
        severity: open ? 'error' : 'warning',
        message: `removes ${nameOf(gone)}, which was ${describeEntry(gone)}: its requests now fall to ${nameOf(server)}, which is ${open ? 'open to everyone' : describeEntry(server)}`,
        after: describeEntry(server),
        path: pathOf(server),
      },
    ];
  }
  if (isOpen(gone) && !server && !narrower)
    return [
      {
        ...base,
        kind: 'closes',
        change: 'open-route-removed',
        severity: 'note',
        message: `removes ${nameOf(gone)}, which was open to everyone`,
        after: null,
      },
    ];
  return [];
}

function nameOf({ kind, method, path, through }: ExposedRoute): string {
  if (kind === 'url') return `the function URL of ${through[1] ?? 'the function'}`;
  return path.startsWith('/') ? `${method} ${path}` : path;
}

function describeEntry({ gates }: ExposedRoute): string {
  const { state, kind, name } = gates.authorization;
  const by = name ?? kind;
  if (state === 'closed') return `closed by ${by}`;
  if (state === 'half-open')
    return gates.key.required && kind === 'none' ? 'guarded by an API key alone' : `half open (${by})`;
  return state === 'open' ? 'open' : 'undecided';
}

const plumbing = /^AWS::(?:Logs|XRay|CloudWatch|ApiGateway)/;

function reachedBy({ reaches }: ExposedRoute) {
  return reaches.filter(({ type }) => !plumbing.test(type));
}

function consequence(route: ExposedRoute): string {
  const all = reachedBy(route);
  const [worst] = all;
  if (!worst) return '';
  const others = new Set(all.map(({ resource }) => resource)).size - 1;
  return `; it ${worst.access === 'write' ? 'writes' : 'reads'} ${labelOf(worst)}${others > 0 ? ` and reaches ${others} more` : ''}`;
}

/** What an open route reaches that it did not reach before. */
function gained(route: ExposedRoute, earlier: ExposedRoute): string | undefined {
  const had = new Set(reachedBy(earlier).map(({ resource, access }) => `${access} ${resource}`));
  const fresh = reachedBy(route).filter(
    ({ resource, access }) => !had.has(`${access} ${resource}`) && !had.has(`${access} *`),
  );
  const [worst] = fresh;
  if (!worst) return undefined;
  const others = new Set(fresh.map(({ resource }) => resource)).size - 1;
  return `${worst.access === 'write' ? 'writes' : 'reads'} ${labelOf(worst)}${others > 0 ? ` and reaches ${others} more` : ''}`;
}

function labelOf({ resource, type }: ExposedRoute['reaches'][number]): string {
  return resource === '*' ? `every ${type.split('::').slice(1).join(' ')}` : resource;
}

function pathOf(route: ExposedRoute): readonly string[] {
  const [worst] = reachedBy(route);
  return [...route.through, ...(worst ? [`${labelOf(worst)} (${worst.access})`] : [])];
}

/** A web ACL is lost by an API with all its routes; that is one change. */
function unique(changes: readonly Change[]): readonly Change[] {
  const seen = new Set<string>();
  return changes.filter(({ change, subject }) => {
    const key = `${change}\n${subject}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The routes and steps of which these changes speak already. */
export function spokenOf(changes: readonly Change[]): (finding: Finding) => boolean {
  const said = new Set(changes.map(({ step, subject }) => `${step}\n${subject}`));
  return ({ step, route }) => route !== undefined && said.has(`${step}\n${route}`);
}
