import { type Deployment, get, type Resource, references, sometimes, textOf } from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { booleanFact, linkFact, orDefault } from './facts.ts';
import { groupBy, idOf } from './names.ts';

/**
 * Deployments that somebody wrote down. A Deployment is a snapshot: CloudFormation takes a new one only when it makes a new resource,
 * that is under a new logical id (AWS::ApiGateway::Deployment, "Remarks"). Those that a framework makes are named anew each time.
 */
export function buildDeployments(context: BuildContext): readonly Deployment[] {
  return [
    ...written(context, 'rest', 'AWS::ApiGateway::Deployment', 'RestApiId', ['AWS::ApiGateway::Method']),
    ...written(context, 'v2', 'AWS::ApiGatewayV2::Deployment', 'ApiId', ['AWS::ApiGatewayV2::Route']),
  ];
}

/** Beyond this many steps nobody wrote the template; what is not reached by then counts as waited for. */
const mostSteps = 100_000;

function written(
  context: BuildContext,
  kind: Deployment['kind'],
  type: string,
  key: string,
  methodTypes: readonly string[],
): readonly Deployment[] {
  const deployments = context.ofType(type).filter(({ generated }) => !generated);
  if (deployments.length === 0) return [];
  const apiOf = ({ properties }: Resource) => idOf(get(properties, key));
  const methods = groupBy(context.ofType(...methodTypes), apiOf);
  const turns = groupBy(
    deployments.filter(({ condition }) => condition !== undefined),
    apiOf,
  );
  const automatic = kind === 'v2' ? deployedByStages(context) : new Set<string>();
  const budget = { left: mostSteps };
  const late = new Map<string, readonly Resource[]>();
  const latecomers = (api: string): readonly Resource[] => {
    const known = late.get(api) ?? (methods.get(api) ?? []).filter(mayComeLater);
    late.set(api, known);
    return known;
  };
  return deployments.flatMap((resource) => {
    const node = get(resource.properties, key);
    if (!node) return [];
    const api = idOf(node);
    // The API of a framework is deployed by the framework.
    if (context.resources.get(api)?.generated || automatic.has(api)) return [];
    const own = methods.get(api) ?? [];
    const candidates = latecomers(api);
    const awaited = own.length === 0 ? new Set<string>() : waitedFor(context, resource, budget);
    // Blue and green: of two deployments under conditions each update makes the other one.
    const takesTurns = resource.condition !== undefined && (turns.get(api)?.length ?? 0) > 1;
    return [
      {
        id: resource.id,
        span: resource.span,
        kind,
        api: linkFact(node),
        renamed: isRenamed(resource.id) || takesTurns,
        methods: own.length,
        unawaited: budget.left > 0 ? candidates.filter((one) => !isAwaited(one, awaited)).map(({ id }) => id) : [],
      },
    ];
  });
}

/** What an OpenAPI document describes is there as soon as the API is. */
function mayComeLater(method: Resource): boolean {
  return !method.generated && !isPreflight(method);
}

/** A nested stack that is waited for has made everything in it. */
function isAwaited({ id }: Resource, awaited: ReadonlySet<string>): boolean {
  if (awaited.has(id)) return true;
  for (let dot = id.indexOf('.'); dot !== -1; dot = id.indexOf('.', dot + 1))
    if (awaited.has(id.slice(0, dot))) return true;
  return false;
}

/** What is missing of CORS is no hole. */
function isPreflight({ properties }: Resource): boolean {
  const key = textOf(get(properties, 'HttpMethod')) ?? textOf(get(properties, 'RouteKey'));
  return key !== undefined && /^options\b/i.test(key);
}

/** APIs with an automatic stage, which takes every change by itself. */
function deployedByStages(context: BuildContext): ReadonlySet<string> {
  const automatic = context
    .ofType('AWS::ApiGatewayV2::Stage')
    .filter(({ properties }) =>
      sometimes(orDefault(get(properties, 'AutoDeploy'), booleanFact, false), (value) => value),
    );
  return new Set(automatic.map(({ properties }) => idOf(get(properties, 'ApiId'))));
}

/** CDK and SAM append hexadecimal digits of a hash, osls the time or random characters; people append a number or a date. */
function isRenamed(id: string): boolean {
  if (/^WebsocketsDeployment[\w-]{16,}$/.test(id)) return true;
  // Seven digits are the short form of a commit, as Git prints it.
  const commit = /^[0-9a-f]{7}$/i.test(id.slice(-7)) && /\d/.test(id.slice(-7));
  return /\d$/.test(id) || commit || /^[0-9a-f]{8}$/i.test(id.slice(-8)) || /[?$]/.test(id);
}

/** What exists before the resource does: DependsOn and references, and theirs in turn. */
function waitedFor(context: BuildContext, start: Resource, budget: { left: number }): ReadonlySet<string> {
  const seen = new Set<string>();
  const todo: Resource[] = [start];
  for (let resource = todo.pop(); resource && budget.left > 0; resource = todo.pop()) {
    budget.left -= 1;
    for (const id of [...resource.dependsOn, ...references(resource.properties)]) {
      if (seen.has(id)) continue;
      seen.add(id);
      const next = context.resources.get(id);
      if (next) todo.push(next);
    }
  }
  return seen;
}
