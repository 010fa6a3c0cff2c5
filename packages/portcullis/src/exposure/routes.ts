import {
  type ExposedRoute,
  type Exposure,
  type Finding,
  type ProjectChange,
  severities,
  widestFirst,
} from '../contract/index.ts';
import { type ApiPair, pairApis } from './apis.ts';
import { saysOpen } from './by-route.ts';
import { conditions, fewerScopes } from './conditions.ts';
import { isWider, Served, shapeOf } from './cover.ts';
import { consequence, describeEntry, gained, nameOf, pathOf } from './words.ts';

const isOpen = ({ gates }: ExposedRoute) => gates.authorization.state === 'open';

/** What changed for callers of routes: who gets in, what they reach, what limits them. */
export function changesOfRoutes(then: Exposure, now: Exposure): readonly ProjectChange[] {
  const decided = decisions(now);
  const renamed = renaming(then, now);
  return unique(pairApis(then.routes, now.routes).flatMap((pair) => changesOfApi(pair, decided, renamed)));
}

function changesOfApi(
  { earlier: were, now }: ApiPair,
  decided: ReadonlyMap<string, string>,
  renamed: Renamed,
): readonly ProjectChange[] {
  const before = new Served(were);
  const after = new Served(now);
  const changes: ProjectChange[] = [];
  for (const route of now) {
    // Whoever asks for this now got, before, what answered then; a route that nobody could reach answered nobody.
    const earlier = before.find(route);
    const entering = entry(route, earlier, decided.get(route.id), renamed);
    changes.push(...entering);
    if (earlier && shapeOf(earlier.path) === shapeOf(route.path)) changes.push(...conditions(route, earlier));
  }
  const shapes = new Set(now.map(({ path }) => shapeOf(path)));
  for (const gone of were) {
    const server = after.find(gone);
    if (
      server &&
      shapeOf(server.path) === shapeOf(gone.path) &&
      (server.method === gone.method || server.method === 'ANY')
    )
      continue;
    // `ANY /orders` may have become `GET /orders`.
    changes.push(...removed(gone, server, shapes.has(shapeOf(gone.path))));
  }
  return changes;
}

/** Reasons of routes that somebody made public in the file. What was allowed about a route besides its being open says nothing here. */
function decisions({ findings }: Exposure): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const undecided = new Set<string>();
  for (const { route, suppressed, rule } of findings) {
    if (route === undefined || !saysOpen.has(rule)) continue;
    if (suppressed && suppressed.by !== 'baseline') found.set(route, suppressed.reason);
    else undecided.add(route);
  }
  for (const route of undecided) found.delete(route);
  return found;
}

function entry(
  route: ExposedRoute,
  earlier: ExposedRoute | undefined,
  reason: string | undefined,
  renamed: Renamed,
): readonly ProjectChange[] {
  const state = route.gates.authorization.state;
  const was = earlier?.gates.authorization.state ?? 'closed';
  const before = earlier ? describeEntry(earlier) : null;
  const after = describeEntry(route);
  const base = { step: 'authorization', subject: route.id, location: route.location, before, after } as const;
  const name = nameOf(route);
  if (state === 'open') {
    const more = earlier && was === 'open' ? gained(route, earlier) : undefined;
    if (was === 'open' && !more) return earlier ? goneBeyond(route, earlier, base) : [];
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

type Base = Pick<ProjectChange, 'step' | 'subject' | 'location' | 'before' | 'after'>;

/** An open route whose function got a role, or rights, of which the files say nothing. */
function goneBeyond(route: ExposedRoute, earlier: ExposedRoute, base: Base): readonly ProjectChange[] {
  if (route.beyond === null || (earlier.beyond !== null && route.through.at(-1) === earlier.through.at(-1))) return [];
  return [
    {
      ...base,
      kind: 'weakens',
      change: 'open-route-reaches-unknown',
      severity: 'warning',
      message: `lets everyone who calls ${nameOf(route)} get to what the files do not show: ${route.beyond}`,
      path: pathOf(route),
    },
  ];
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
function otherAuthorizer(route: ExposedRoute, earlier: ExposedRoute, renamed: Renamed): readonly ProjectChange[] {
  const [was, is] = [guardOf(earlier), guardOf(route)];
  const sameKind = earlier.gates.authorization.kind === route.gates.authorization.kind;
  if (route.gates.authorization.state !== earlier.gates.authorization.state) return [];
  if (was === is || (sameKind && renamed(was, is))) return otherTrust(route, earlier, was !== is);
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

/**
 * The authorizer believes somebody whom it did not believe before.
 * @param renamed then functions and user pools may only have other names, too
 */
function otherTrust(route: ExposedRoute, earlier: ExposedRoute, renamed: boolean): readonly ProjectChange[] {
  const names = /^the (?:function|user pool) /;
  const fresh = route.trusts.filter((one) => !earlier.trusts.includes(one) && !(renamed && names.test(one)));
  if (fresh.length === 0 || earlier.trusts.length === 0) return [];
  return [
    {
      step: 'authorization',
      // One change, however many routes it guards.
      subject: `${route.api} ${guardOf(route)}`,
      location: route.location,
      kind: 'weakens',
      change: 'authorizer-trusts-others',
      severity: 'warning',
      message: `makes the authorizer of ${nameOf(route)} believe ${fresh.slice(0, 3).join(' and ')}`,
      before: earlier.trusts.join(', '),
      after: route.trusts.join(', '),
      path: pathOf(route),
    },
  ];
}

function removed(gone: ExposedRoute, server: ExposedRoute | undefined, narrower: boolean): readonly ProjectChange[] {
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
function unique(changes: readonly ProjectChange[]): readonly ProjectChange[] {
  const seen = new Set<string>();
  return changes.filter(({ change, subject }) => {
    const key = `${change}\n${subject}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Whether a change of the same route and step speaks already, and no softer. */
export function spokenOf(changes: readonly ProjectChange[]): (finding: Finding) => boolean {
  const said = new Map<string, number>();
  for (const { step, subject, severity } of changes) {
    const key = `${step}\n${subject}`;
    said.set(key, Math.min(said.get(key) ?? severities.length, severities.indexOf(severity)));
  }
  return ({ step, route, severity }) =>
    route !== undefined && (said.get(`${step}\n${route}`) ?? severities.length) <= severities.indexOf(severity);
}
