import { type Fact, type MethodSetting, outcomes, type Route, type Stage } from '../../project/index.ts';

/**
 * The setting that counts for a route: that of its own path and method, else the one for all. API Gateway keeps settings per key (value by
 * value), so a setting of the route that says nothing of a fact leaves the one for all in place.
 */
export function settingFor<T>(
  stage: Stage,
  route: Route,
  pick: (setting: MethodSetting) => Fact<T> | undefined,
): { readonly fact: Fact<T>; readonly setting: MethodSetting } | undefined {
  let shared: { fact: Fact<T>; setting: MethodSetting } | undefined;
  for (const setting of stage.methods ?? []) {
    const fact = pick(setting);
    if (!fact) continue;
    if (setting.path === '*' && setting.method === '*') shared = { fact, setting };
    else if (setting.path === route.path && covers(setting.method, route.method)) return { fact, setting };
  }
  return shared;
}

/** Settings of `ANY` methods are written for the methods of the requests. */
function covers(written: string, method: string): boolean {
  return written === '*' || written === method || method === 'ANY';
}

export function stageName({ name, id }: Stage): string {
  const [first] = outcomes(name);
  return first?.kind === 'known' ? first.value : id;
}
