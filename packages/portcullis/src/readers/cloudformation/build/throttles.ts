import {
  entries,
  type Fact,
  get,
  items,
  known,
  type MethodThrottle,
  type Node,
  outcomes,
  possibilities,
  type Throttle,
} from '../../../project/index.ts';
import { describe, eitherOr, isNull, numberFact } from './facts.ts';

/** -1 is how API Gateway writes "no limit of its own"; it also stands for a branch of `Fn::If` that sets none. */
function limit(node: Node | undefined): Fact<number> | undefined {
  const fact = node && eitherOr(node, (value) => (isNull(value) ? known(-1, value.span) : numberFact(value)));
  const unset = fact !== undefined && outcomes(fact).every((outcome) => outcome.kind === 'known' && outcome.value < 0);
  return unset ? undefined : fact;
}

/** Rate and burst under the two given names; undefined when neither is set. */
function throttleOf(node: Node | undefined, rateKey: string, burstKey: string): Throttle | undefined {
  const rate = limit(get(node, rateKey));
  const burst = limit(get(node, burstKey));
  return node && (rate || burst) ? { rate, burst, span: node.span } : undefined;
}

/** As `throttleOf`, but a limit that is switched off (-1) counts as an entry: it takes the route out of the one for all methods. */
function settingOf(node: Node | undefined): Throttle | undefined {
  const [rateKey, burstKey] = ['ThrottlingRateLimit', 'ThrottlingBurstLimit'];
  const set = throttleOf(node, rateKey, burstKey);
  if (set || !node || !(get(node, rateKey) ?? get(node, burstKey))) return set;
  return { rate: undefined, burst: undefined, span: node.span };
}

/** `RateLimit` and `BurstLimit` of a usage plan; of `Fn::If`, what each branch sets. */
export function planThrottle(node: Node | undefined): Throttle | undefined {
  if (!node) return undefined;
  const branches = possibilities(node);
  const set = branches.flatMap((branch) => throttleOf(branch, 'RateLimit', 'BurstLimit') ?? []);
  const [first] = set;
  if (!first || branches.length === 1) return first;
  const condition = node.kind === 'either' ? node.condition : '';
  const missing = known(-1, node.span);
  const both = (choose: (throttle: Throttle) => Fact<number> | undefined): Fact<number> => ({
    kind: 'either',
    condition,
    options: branches.map((branch) => {
      const throttle = throttleOf(branch, 'RateLimit', 'BurstLimit');
      return (throttle && choose(throttle)) ?? missing;
    }),
  });
  return { rate: both((throttle) => throttle.rate), burst: both((throttle) => throttle.burst), span: first.span };
}

/** The condition when one of its branches holds nothing. */
function bareBranch(node: Node): string | undefined {
  const bare = possibilities(node).some(
    (value) =>
      isNull(value) ||
      (value.kind === 'list' && value.items.length === 0) ||
      (value.kind === 'map' && value.entries.length === 0),
  );
  return bare && node.kind === 'either' ? node.condition : undefined;
}

/** A throttle that is there in one branch only is not set in the other. */
function inBranch<T extends Throttle>(throttle: T, condition: string | undefined): T {
  if (condition === undefined) return throttle;
  const orNone = (fact: Fact<number> | undefined): Fact<number> | undefined =>
    fact && { kind: 'either', condition, options: [fact, known(-1)] };
  return { ...throttle, rate: orNone(throttle.rate), burst: orNone(throttle.burst) };
}

/** REST `MethodSettings`: paths come as `/*`, `/~1pets~1{id}` or `/pets/{id}`. */
export function methodSettings(settings: Node | undefined): readonly MethodThrottle[] {
  if (!settings) return [];
  const whole = bareBranch(settings);
  return possibilities(settings)
    .flatMap(items)
    .flatMap((item) => {
      const condition = bareBranch(item) ?? whole;
      return possibilities(item).flatMap((setting) => methodSetting(setting, condition));
    });
}

function methodSetting(setting: Node, condition: string | undefined): readonly MethodThrottle[] {
  const throttle = settingOf(setting);
  if (!throttle) return [];
  const path = get(setting, 'ResourcePath');
  const method = get(setting, 'HttpMethod');
  return [
    {
      ...inBranch(throttle, condition),
      path: path ? settingPath(describe(path)) : '*',
      method: method ? describe(method).toUpperCase() : '*',
    },
  ];
}

/** `/*`, `/~1pets~1{id}` or `/pets/{id}` as in Route.path. */
export function settingPath(written: string): string {
  const path = written.replaceAll('~1', '/').replace(/^\/+/, '');
  return path === '*' ? '*' : `/${path}`;
}

/** `DefaultRouteSettings` and `RouteSettings` of an HTTP or WebSocket API. */
export function routeSettings(defaults: Node | undefined, byRoute: Node | undefined): readonly MethodThrottle[] {
  const found: MethodThrottle[] = [];
  const add = (node: Node, path: string, method: string) => {
    const condition = bareBranch(node);
    for (const value of possibilities(node)) {
      const throttle = settingOf(value);
      if (throttle) found.push({ ...inBranch(throttle, condition), path, method });
    }
  };
  if (defaults) add(defaults, '*', '*');
  for (const map of byRoute ? possibilities(byRoute) : []) {
    for (const { key, value } of entries(map)) {
      const { method, path } = splitRouteKey(key);
      add(value, path, method);
    }
  }
  return found;
}

/** `GET /pets/{id}` -> GET and /pets/{id}; `$default` and the route keys of WebSocket APIs are paths of every method. */
export function splitRouteKey(key: string): { readonly method: string; readonly path: string } {
  const space = key.indexOf(' ');
  if (space === -1) return { method: 'ANY', path: key };
  return { method: key.slice(0, space).toUpperCase(), path: key.slice(space + 1).trim() };
}

const methods: ReadonlySet<string> = new Set(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', '*']);

/** `Throttle` of a plan's API stage: keys are `/pets/{id}/GET`. */
export function pathThrottles(node: Node | undefined): readonly MethodThrottle[] {
  if (!node) return [];
  const condition = bareBranch(node);
  return possibilities(node).flatMap((map) =>
    entries(map).flatMap(({ key, value }) => {
      const throttle = planThrottle(value);
      return throttle ? [{ ...inBranch(throttle, condition), ...methodAtEnd(key) }] : [];
    }),
  );
}

function methodAtEnd(key: string): { readonly path: string; readonly method: string } {
  const slash = key.lastIndexOf('/');
  const last = key.slice(slash + 1).toUpperCase();
  if (slash === -1 || !methods.has(last)) return { path: settingPath(key), method: '*' };
  return { path: settingPath(key.slice(0, slash)), method: last };
}
