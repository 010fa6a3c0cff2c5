import {
  type Fact,
  get,
  known,
  type Node,
  type Resource,
  type Stage,
  textOf,
  unknown,
} from '../../../project/index.ts';
import type { BuildContext } from './context.ts';
import { describe, eitherOr, isNull, undecidedReason } from './facts.ts';
import { descriptionSettings, restSettings, routeStageSettings } from './method-settings.ts';
import { idOf } from './names.ts';
import { methodSettings, routeSettings } from './throttles.ts';

/** API -> its stages: AWS::ApiGateway::Stage, and Deployments that carry a StageName. */
export function restStages(context: BuildContext): ReadonlyMap<string, readonly Stage[]> {
  const stages = new Map<string, Stage[]>();
  const add = (api: string, stage: Stage) => {
    const known = stages.get(api);
    if (known) known.push(stage);
    else stages.set(api, [stage]);
  };
  for (const resource of context.ofType('AWS::ApiGateway::Stage')) {
    add(idOf(get(resource.properties, 'RestApiId')), {
      id: resource.id,
      name: stageName(get(resource.properties, 'StageName'), resource),
      span: resource.span,
      throttles: methodSettings(get(resource.properties, 'MethodSettings')),
      ...restSettings(resource.properties),
    });
  }
  for (const resource of context.ofType('AWS::ApiGateway::Deployment')) {
    const name = get(resource.properties, 'StageName');
    if (!name || isNull(name)) continue;
    const api = idOf(get(resource.properties, 'RestApiId'));
    const stage = deploymentStage(resource, name);
    const same = stages.get(api)?.some((other) => sameName(other.name, stage.name));
    if (!same) add(api, stage);
  }
  return stages;
}

function deploymentStage(resource: Resource, name: Node): Stage {
  const description = get(resource.properties, 'StageDescription');
  return {
    id: resource.id,
    name: stageName(name, resource),
    span: resource.span,
    throttles: [...routeSettings(description, undefined), ...methodSettings(get(description, 'MethodSettings'))],
    ...descriptionSettings(description),
  };
}

const sameName = (left: Fact<string>, right: Fact<string>): boolean =>
  left.kind === 'known' && right.kind === 'known' && left.value === right.value;

/** AWS::ApiGatewayV2::Stage by API. */
export function httpStages(context: BuildContext): ReadonlyMap<string, readonly Stage[]> {
  const stages = new Map<string, Stage[]>();
  for (const resource of context.ofType('AWS::ApiGatewayV2::Stage')) {
    const { properties } = resource;
    const api = idOf(get(properties, 'ApiId'));
    const group = stages.get(api) ?? [];
    stages.set(api, group);
    group.push({
      id: resource.id,
      name: stageName(get(properties, 'StageName'), resource),
      span: resource.span,
      throttles: routeSettings(get(properties, 'DefaultRouteSettings'), get(properties, 'RouteSettings')),
      ...routeStageSettings(properties),
    });
  }
  return stages;
}

/**
 * A stage's name. One that comes from a parameter without value is known as `${Parameter}`, so that a plan or a web ACL that names the
 * same parameter is seen to mean the same stage.
 */
function stageName(node: Node | undefined, owner: Resource): Fact<string> {
  if (!node || isNull(node)) return unknown('has no name', owner.span);
  return eitherOr<string>(node, (value) => {
    const text = textOf(value) ?? describe(value);
    return text.includes('?') || value.kind === 'list' || value.kind === 'map'
      ? unknown(undecidedReason(value), value.span)
      : known(text, value.span);
  });
}

const stageTypes: ReadonlySet<string> = new Set(['AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Stage']);

/**
 * Which stage a value means: a `Ref` of a Stage resource is its name. A literal that is none of the API's names, while one of those
 * is only known as `${Parameter}`, is undecided.
 */
export function stageMeant(context: BuildContext, node: Node, stages: readonly Stage[] | undefined): Fact<string> {
  return eitherOr<string>(node, (value) => {
    if (value.kind === 'reference') {
      const stage = context.resources.get(value.id);
      if (stage && stageTypes.has(stage.type)) return stageName(get(stage.properties, 'StageName'), stage);
    }
    const text = textOf(value) ?? describe(value);
    if (text.includes('?')) return unknown(undecidedReason(value), value.span);
    const names = (stages ?? []).map((stage) => stage.name);
    if (names.some((name) => name.kind === 'known' && name.value === text)) return known(text, value.span);
    const open = text.includes('${') || names.some((name) => name.kind !== 'known' || name.value.includes('${'));
    return open ? unknown('is known when it is deployed', value.span) : known(text, value.span);
  });
}
