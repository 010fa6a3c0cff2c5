import type { Exposure, ExposureChange } from '../contract/index.ts';
import { stepIds } from '../project/index.ts';
import { changesOfFindings } from './findings.ts';
import { changesOfPlans } from './plans.ts';
import { changesOfRoutes } from './routes.ts';
import { changesOfWebAcls } from './web-acls.ts';

const order = { opens: 0, weakens: 1, closes: 2 } as const;

/**
 * The differences of effective exposure between two states of a repository, worst first. What is new and closed, what moved, and what was
 * renamed is no difference. A project is recognised by its file, or by its name when the file moved.
 */
export function compareExposures(before: readonly Exposure[], after: readonly Exposure[]): readonly ExposureChange[] {
  const changes: ExposureChange[] = [];
  const left = new Set(before);
  const pairs = after.map((now) => {
    const then = before.find(({ file }) => file === now.file);
    if (then) left.delete(then);
    return { now, then };
  });
  for (const { now, then } of pairs) {
    const moved = then ?? (now.name === null ? undefined : [...left].find(({ name }) => name === now.name));
    if (moved) left.delete(moved);
    changes.push(...compareProject(moved ?? nothing(now), now));
  }
  // What was deployed by a project that is gone closes with it; a stack that stays deployed is not in the files.
  for (const gone of left) changes.push(...compareProject(gone, nothing(gone)));
  return changes.sort(
    (a, b) =>
      order[a.kind] - order[b.kind] ||
      stepIds.indexOf(a.step) - stepIds.indexOf(b.step) ||
      (a.project < b.project ? -1 : a.project > b.project ? 1 : 0) ||
      a.location.line - b.location.line,
  );
}

function nothing({ file, name }: Exposure): Exposure {
  return { file, name, routes: [], plans: [], webAcls: [], findings: [] };
}

function compareProject(then: Exposure, now: Exposure): readonly ExposureChange[] {
  const project = now.file;
  const routes = changesOfRoutes(then, now);
  const plans = changesOfPlans(then, now);
  return [
    ...routes,
    ...plans,
    ...changesOfWebAcls(then, now),
    ...changesOfFindings(then, now, [...routes, ...plans]),
  ].map(({ kind, change, step, severity, message, subject, location, path, before, after, rule, decided }) => ({
    kind,
    change,
    step,
    severity,
    message,
    project,
    subject,
    location,
    ...(path ? { path } : {}),
    before,
    after,
    ...(rule === undefined ? {} : { rule }),
    ...(decided === undefined ? {} : { decided }),
  }));
}
