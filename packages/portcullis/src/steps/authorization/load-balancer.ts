import {
  type Api,
  always,
  at,
  get,
  isMostOfTheInternet,
  items,
  LastOnly,
  type Node,
  type Project,
  type Route,
  type SourceFile,
  sometimes,
  textOf,
  undecided,
} from '../../project/index.ts';
import { question, type Standing } from './standing.ts';

/** A listener's way to a target that asks for no login; undefined when nothing else about it may keep strangers out. */
export function behindLoadBalancer(project: Project, api: Api, route: Route): Standing | undefined {
  if (always(api.endpoint, (endpoint) => endpoint === 'PRIVATE') && behindApi(project, api.id)) {
    return { verdict: 'guarded', state: 'closed', kind: 'network', name: null };
  }
  const inFiles = project.loadBalancers.some(({ id }) => id === api.id);
  if (inFiles && !always(api.endpoint, (endpoint) => endpoint !== 'PRIVATE')) {
    const [unknown] = undecided(api.endpoint);
    return question(
      unknown ? `is behind a load balancer whose scheme ${unknown.reason}` : 'is behind an internal load balancer',
      'May everything in the networks that reach the load balancer call it?',
    );
  }
  if (route.integration.kind !== 'function') {
    return question(
      'leads to containers or servers, which may check who is calling by themselves',
      'Does the program behind it refuse requests without a valid credential, for every path?',
    );
  }
  return undefined;
}

/** True when routes of the project lead to the load balancer: they answer for who may enter, the network lets nobody else in. */
function behindApi(project: Project, id: string): boolean {
  return project.apis.some((api) =>
    api.routes.some(({ integration }) => integration.kind === 'http' && integration.loadBalancer === id),
  );
}

/** A listener rule without a login that only certain addresses, or callers with a certain header, get through. */
export function fencedListener(project: Project, route: Route): Standing | undefined {
  if (sometimes(route.authorization, ({ kind }) => kind !== 'none')) return undefined;
  const conditions = conditionsOf(project, route).filter(narrowsCallers);
  const header = conditions.find((condition) => textOf(get(condition, 'Field')) === 'http-header');
  if (header) {
    return question(
      `is forwarded only with a certain ${textOf(at(header, 'HttpHeaderConfig', 'HttpHeaderName')) ?? ''} header`,
      'Is the value of that header a secret that only the gateway or CloudFront knows?',
    );
  }
  if (conditions.length === 0) return undefined;
  return question(
    'is closed by the source addresses of its listener rule alone',
    'May everybody at these addresses call it?',
  );
}

/** Headers that every client sends say nothing of who is calling. */
const ordinaryHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  'content-type',
  'host',
  'origin',
  'referer',
  'upgrade',
  'user-agent',
]);

function narrowsCallers(condition: Node): boolean {
  const field = textOf(get(condition, 'Field'));
  if (field === 'http-header') {
    const name = textOf(at(condition, 'HttpHeaderConfig', 'HttpHeaderName'))?.toLowerCase();
    const values = items(at(condition, 'HttpHeaderConfig', 'Values'));
    // A listener takes `*` and `?` as wildcards.
    return (
      name !== undefined && !ordinaryHeaders.has(name) && !values.some((value) => /^[*?]*$/.test(textOf(value) ?? '-'))
    );
  }
  const ranges = items(at(condition, 'SourceIpConfig', 'Values')).flatMap((range) => textOf(range) ?? []);
  return field === 'source-ip' && !isMostOfTheInternet(ranges);
}

const rules = new LastOnly<Project, ReadonlyMap<SourceFile, ReadonlyMap<number, readonly Node[]>>>();

/** Conditions of the listener rule that makes the route. Rules of a listener elsewhere are in no `Listener` of the model. */
function conditionsOf(project: Project, { span }: Route): readonly Node[] {
  let byPlace = rules.get(project);
  if (!byPlace) {
    byPlace = conditionsByPlace(project);
    rules.set(project, byPlace);
  }
  return byPlace.get(span.file)?.get(span.start) ?? [];
}

function conditionsByPlace(project: Project): ReadonlyMap<SourceFile, ReadonlyMap<number, readonly Node[]>> {
  const found = new Map<SourceFile, Map<number, readonly Node[]>>();
  for (const { type, span, properties } of project.resources.values()) {
    if (type !== 'AWS::ElasticLoadBalancingV2::ListenerRule') continue;
    const inFile = found.get(span.file) ?? new Map<number, readonly Node[]>();
    found.set(span.file, inFile);
    if (!inFile.has(span.start)) inFile.set(span.start, items(get(properties, 'Conditions')));
  }
  return found;
}
