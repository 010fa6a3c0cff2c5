import {
  type Fact,
  get,
  type Known,
  LastOnly,
  type Link,
  type Listener,
  type LoadBalancer,
  outcomes,
  type Project,
  type Resource,
  type Route,
  references,
  type SecurityGroup,
  sometimes,
  type Unknown,
  type WebAcl,
  type WebAclAssociation,
  type WebAclTarget,
} from '../../project/index.ts';

/** What the rules look up again and again, so that a project with thousands of resources is walked once and not once for each. */
export interface Lookup {
  /** By what the target names: an API, a load balancer or a user pool of the project. Decided targets only. */
  readonly associationsByTarget: ReadonlyMap<string, readonly WebAclAssociation[]>;
  /** Associations one of whose targets is not decided, or names something by an id that the project does not know. */
  readonly looseAssociations: readonly WebAclAssociation[];
  readonly webAcls: ReadonlyMap<string, WebAcl>;
  readonly listenersByBalancer: ReadonlyMap<string, readonly Listener[]>;
  readonly balancers: ReadonlyMap<string, LoadBalancer>;
  readonly securityGroups: ReadonlyMap<string, SecurityGroup>;
  /** Routes with an HTTP integration, by the load balancer of the project that they lead to. */
  readonly routesByBalancer: ReadonlyMap<string, readonly Route[]>;
  readonly distributions: readonly Resource[];
  /** Resource -> distributions with a web ACL that have it as an origin. */
  readonly distributionsByOrigin: ReadonlyMap<string, Resource>;
  readonly apiIds: ReadonlySet<string>;
}

export const distributionType = 'AWS::CloudFront::Distribution';

const cache = new LastOnly<Project, Lookup>();

export function lookup(project: Project): Lookup {
  const known = cache.get(project);
  if (known) return known;
  const built = build(project);
  cache.set(project, built);
  return built;
}

function build(project: Project): Lookup {
  const apiIds = new Set(project.apis.map((api) => api.id));
  const associationsByTarget = new Map<string, WebAclAssociation[]>();
  const looseAssociations: WebAclAssociation[] = [];
  for (const association of project.webAclAssociations) {
    const keys = new Set(outcomes(association.target).map((target) => targetKey(target, apiIds)));
    for (const key of keys) {
      if (key !== undefined) append(associationsByTarget, key, association);
    }
    if (keys.has(undefined)) looseAssociations.push(association);
  }
  const distributions = [...project.resources.values()].filter(({ type }) => type === distributionType);
  return {
    associationsByTarget,
    looseAssociations,
    webAcls: new Map(project.webAcls.map((acl) => [acl.id, acl])),
    listenersByBalancer: listenersByBalancer(project),
    balancers: new Map(project.loadBalancers.map((balancer) => [balancer.id, balancer])),
    securityGroups: new Map(project.securityGroups.map((group) => [group.id, group])),
    routesByBalancer: routesByBalancer(project),
    distributions,
    distributionsByOrigin: distributionsByOrigin(distributions),
    apiIds,
  };
}

function targetKey(target: Known<WebAclTarget> | Unknown, apiIds: ReadonlySet<string>): string | undefined {
  if (target.kind === 'unknown' || target.value.kind === 'external') return undefined;
  if (target.value.kind !== 'stage') return target.value.id;
  return apiIds.has(target.value.api) ? target.value.api : undefined;
}

function listenersByBalancer(project: Project): ReadonlyMap<string, readonly Listener[]> {
  const found = new Map<string, Listener[]>();
  for (const listener of project.listeners) {
    for (const id of new Set(localIds(listener.loadBalancer))) append(found, id, listener);
  }
  return found;
}

/** Logical ids of the resources that a link may mean. */
export function localIds(link: Fact<Link>): readonly string[] {
  return outcomes(link).flatMap((outcome) =>
    outcome.kind === 'known' && outcome.value.kind === 'local' ? [outcome.value.id] : [],
  );
}

function routesByBalancer(project: Project): ReadonlyMap<string, readonly Route[]> {
  const found = new Map<string, Route[]>();
  for (const api of project.apis) {
    for (const route of api.routes) {
      const { integration } = route;
      if (integration.kind === 'http' && integration.loadBalancer !== undefined) {
        append(found, integration.loadBalancer, route);
      }
    }
  }
  const behind = balancersBehind(project);
  for (const [id, routes] of behind.size > 0 ? [...found] : []) {
    for (const inner of behind.get(id) ?? []) if (!found.has(inner)) found.set(inner, routes);
  }
  return found;
}

/**
 * Network Load Balancer -> the Application Load Balancers that it hands everything to (target groups of type alb), as older VPC links
 * need them. Their `Targets` may name the listener, to wait for it.
 */
function balancersBehind(project: Project): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, readonly string[]>();
  for (const { id, targetType } of project.targetGroups) {
    if (!sometimes(targetType, (type) => type === 'alb')) continue;
    targets.set(id, [...references(get(project.resources.get(id)?.properties, 'Targets'))]);
  }
  const found = new Map<string, string[]>();
  if (targets.size === 0) return found;
  const balancers = new Set(project.loadBalancers.map(({ id }) => id));
  const byListener = new Map(project.listeners.map(({ id, loadBalancer }) => [id, localIds(loadBalancer)]));
  for (const { loadBalancer, defaultActions } of project.listeners) {
    const groups = defaultActions.flatMap(({ targetGroups }) => targetGroups.flatMap(localIds));
    const inner = groups
      .flatMap((group) => targets.get(group) ?? [])
      .flatMap((id) => (balancers.has(id) ? [id] : (byListener.get(id) ?? [])));
    for (const outer of inner.length > 0 ? localIds(loadBalancer) : [])
      for (const id of inner) append(found, outer, id);
  }
  return found;
}

function distributionsByOrigin(distributions: readonly Resource[]): ReadonlyMap<string, Resource> {
  const found = new Map<string, Resource>();
  for (const distribution of distributions) {
    const config = get(distribution.properties, 'DistributionConfig');
    const webAcl = get(config, 'WebACLId');
    if (!webAcl || (webAcl.kind === 'scalar' && (webAcl.value === '' || webAcl.value === null))) continue;
    for (const id of references(get(config, 'Origins'))) if (!found.has(id)) found.set(id, distribution);
  }
  return found;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const same = map.get(key);
  if (same) same.push(value);
  else map.set(key, [value]);
}
