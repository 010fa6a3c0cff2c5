import { type ExposedRoute, type Exposure, type ExposureChange, type Finding, widestFirst } from '../contract/index.ts';
import { conditions, fewerScopes } from './conditions.ts';
import { Served, shapeOf } from './cover.ts';
import { consequence, describeEntry, gained, nameOf, pathOf } from './words.ts';

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
