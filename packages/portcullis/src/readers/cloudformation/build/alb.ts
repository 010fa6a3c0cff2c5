import {
  type Api,
  type Fact,
  get,
  type Integration,
  known,
  type Link,
  type Listener,
  type ListenerCondition,
  type LoadBalancer,
  mapFact,
  outcomes,
  type Resource,
  type Route,
  type RouteAuthorization,
  type Span,
  sometimes,
  type TargetGroup,
  textOf,
  undecided,
  unknown,
  valueOf,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { describe } from './facts.ts';
import { readActions } from './listener-actions.ts';
import { authorizationOf, type Way } from './listener-authorization.ts';
import {
  type AttachedRule,
  buildListeners,
  buildLoadBalancers,
  buildTargetGroups,
  readRules,
} from './load-balancers.ts';

/** A rule takes at most five values; more cannot be deployed, and then one route for ANY stands for all of them. */
const maxMethods = 16;

interface Place {
  readonly id: string;
  readonly name: string | undefined;
  readonly span: Span;
  readonly loadBalancer: LoadBalancer | undefined;
}

/**
 * One API of kind `alb` for every application load balancer (or listener that lies elsewhere) with a listener that forwards:
 * a route for every path pattern and method of its rules, `/*` for a default action. Rules that only redirect or answer by
 * themselves are no routes. `endpoint` is PRIVATE for an internal load balancer and unknown for one that is not in the files.
 */
export function buildAlbApis(context: BuildContext): readonly Api[] {
  const builder = new AlbBuilder(context);
  return builder.build();
}

class AlbBuilder {
  readonly #context: BuildContext;
  readonly #listeners: ReadonlyMap<string, Listener>;
  readonly #loadBalancers: ReadonlyMap<string, LoadBalancer>;
  readonly #targetGroups: ReadonlyMap<string, TargetGroup>;
  readonly #apis = new Map<string, { readonly place: Place; readonly ways: Way[] }>();

  constructor(context: BuildContext) {
    this.#context = context;
    this.#listeners = new Map(buildListeners(context).map((listener) => [listener.id, listener]));
    this.#loadBalancers = new Map(buildLoadBalancers(context).map((balancer) => [balancer.id, balancer]));
    this.#targetGroups = new Map(buildTargetGroups(context).map((group) => [group.id, group]));
  }

  build(): readonly Api[] {
    for (const rule of readRules(this.#context)) this.#addRule(rule);
    for (const resource of this.#context.ofType('AWS::ElasticLoadBalancingV2::Listener')) this.#addDefault(resource);
    return [...this.#apis.values()].flatMap(({ place, ways }) => {
      const type = place.loadBalancer?.type;
      if (type && !sometimes(type, (value) => value === 'application') && undecided(type).length === 0) return [];
      const routes = this.#routes(place, ways);
      return routes.length === 0 ? [] : [apiOf(place, routes)];
    });
  }

  #addRule(rule: AttachedRule): void {
    const listener = linkedTo(rule.listener, this.#listeners);
    const way = { ...rule, mutualTls: listener?.mutualTls };
    this.#add(listener ? this.#placeOf(listener) : elsewhere(rule.listener, rule.span), way);
  }

  #addDefault(resource: Resource): void {
    const listener = this.#listeners.get(resource.id);
    if (!listener) return;
    const actions = readActions(get(resource.properties, 'DefaultActions'));
    this.#add(this.#placeOf(listener), {
      id: listener.id,
      span: listener.span,
      conditions: [],
      actions,
      mutualTls: listener.mutualTls,
    });
  }

  #add(place: Place, way: Way): void {
    const same = this.#apis.get(place.id);
    if (same) same.ways.push(way);
    else this.#apis.set(place.id, { place, ways: [way] });
  }

  #placeOf(listener: Listener): Place {
    const loadBalancer = linkedTo(listener.loadBalancer, this.#loadBalancers);
    return loadBalancer
      ? { id: loadBalancer.id, name: loadBalancer.name, span: loadBalancer.span, loadBalancer }
      : { id: listener.id, name: undefined, span: listener.span, loadBalancer: undefined };
  }

  #routes(place: Place, ways: readonly Way[]): readonly Route[] {
    const byKey = new Map<string, Route>();
    for (const way of ways) {
      const integration = this.#integration(way);
      if (!integration) continue;
      const authorization = authorizationOf(way);
      for (const path of pathsOf(way.conditions)) {
        for (const method of methodsOf(way.conditions)) {
          const key = `${place.id} ${method} ${path}`;
          const route = routeOf(key, method, path, way.span, integration, authorization);
          const first = byKey.get(key);
          if (!first) byKey.set(key, route);
          else if (!isSame(first, route)) byKey.set(`${key} ${way.id}`, { ...route, id: `${key} ${way.id}` });
        }
      }
    }
    return [...byKey.values()];
  }

  /** Undefined when the way ends at the load balancer itself. */
  #integration(way: Way): Integration | undefined {
    const { span } = way;
    const forwards = way.actions.filter((action) => action.type === 'forward');
    if (forwards.length === 0) {
      const strange = way.actions.find((action) => action.type === 'unknown');
      return strange && { kind: 'unknown', reason: 'the action of the listener is not decided by the files', span };
    }
    const links = forwards.flatMap((action) => action.targetGroups);
    if (links.length === 0) return { kind: 'unknown', reason: 'the target group is not decided by the files', span };
    for (const link of links) {
      const group = linkedTo(link, this.#targetGroups);
      if (!group || !sometimes(group.targetType, (type) => type === 'lambda')) continue;
      const [target] = group.functions;
      return { kind: 'function', function: target ?? unknown('is registered outside these files', group.span), span };
    }
    return { kind: 'containers', targetGroups: links, span };
  }
}

function linkedTo<T>(link: Fact<Link>, known: ReadonlyMap<string, T>): T | undefined {
  for (const outcome of outcomes(link)) {
    if (outcome.kind !== 'known' || outcome.value.kind !== 'local') continue;
    const found = known.get(outcome.value.id);
    if (found) return found;
  }
  return undefined;
}

function elsewhere(listener: Fact<Link>, span: Span): Place {
  const link = valueOf(listener);
  const id = link ? (link.kind === 'local' ? link.id : link.name) : 'listener of another stack';
  return {
    id,
    name: undefined,
    span: listener.kind === 'either' ? span : (listener.span ?? span),
    loadBalancer: undefined,
  };
}

function apiOf(place: Place, routes: readonly Route[]): Api {
  const scheme = place.loadBalancer?.scheme;
  return {
    id: place.id,
    kind: 'alb',
    name: place.name,
    span: place.span,
    endpoint: scheme
      ? mapFact(scheme, (value) => (value === 'internal' ? 'PRIVATE' : 'REGIONAL'))
      : unknown('the load balancer is not in these files', place.span),
    resourcePolicy: known([]),
    resourcePolicySpan: undefined,
    keySource: known('HEADER'),
    defaultEndpointDisabled: known(false),
    stages: [],
    routes,
    unreadRoutes: [],
  };
}

function routeOf(
  id: string,
  method: string,
  path: string,
  span: Span,
  integration: Integration,
  authorization: Fact<RouteAuthorization>,
): Route {
  return {
    id,
    method,
    path,
    span,
    integration,
    authorization,
    scopes: known([]),
    apiKeyRequired: known(false),
    preflight: false,
  };
}

/** Two listeners (80 and 443, say) often lead to the same place in the same way; that is one route. */
function isSame(first: Route, second: Route): boolean {
  return signature(first) === signature(second);
}

function signature(route: Route): string {
  const { integration, authorization } = route;
  const target =
    integration.kind === 'function'
      ? linkText(integration.function)
      : integration.kind === 'containers'
        ? integration.targetGroups.map(linkText).join(' ')
        : '';
  const guard =
    authorization.kind === 'known' && authorization.value.kind === 'listener'
      ? authorization.value.type
      : authorization.kind === 'known'
        ? authorization.value.kind
        : authorization.kind;
  return `${integration.kind} ${target} ${guard}`;
}

function linkText(link: Fact<Link>): string {
  return outcomes(link)
    .map((outcome) => {
      if (outcome.kind === 'unknown') return outcome.reason;
      return outcome.value.kind === 'local' ? outcome.value.id : outcome.value.name;
    })
    .join('|');
}

function pathsOf(conditions: readonly ListenerCondition[]): readonly string[] {
  const paths = new Set<string>();
  for (const condition of conditions) {
    if (condition.field !== 'path-pattern') continue;
    for (const value of condition.values) {
      const path = textOf(value) ?? (value.kind === 'text' ? describe(value) : '*');
      paths.add(path.startsWith('/') ? path : `/${path}`);
    }
  }
  return paths.size > 0 ? [...paths] : ['/*'];
}

function methodsOf(conditions: readonly ListenerCondition[]): readonly string[] {
  const methods = new Set<string>();
  for (const condition of conditions) {
    if (condition.field !== 'http-request-method') continue;
    for (const value of condition.values) methods.add(textOf(value)?.toUpperCase() ?? 'ANY');
  }
  if (methods.size === 0 || methods.size > maxMethods || methods.has('ANY') || methods.has('*')) return ['ANY'];
  return [...methods];
}
