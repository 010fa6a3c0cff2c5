import {
  entries,
  type Fact,
  get,
  items,
  known,
  type MethodSetting,
  type Node,
  possibilities,
  type Stage,
} from '../../../project/index.ts';
import { booleanFact, describe, eitherOr, isNull, optional, orDefault, textFact } from './facts.ts';
import { settingPath, splitRouteKey } from './throttles.ts';

type StageSettings = Pick<Stage, 'methods' | 'accessLogs' | 'cacheCluster'>;

/** Settings of an AWS::ApiGateway::Stage. */
export function restSettings(properties: Node): StageSettings {
  return {
    methods: listed(get(properties, 'MethodSettings')),
    accessLogs: written(get(properties, 'AccessLogSetting')),
    cacheCluster: orDefault(get(properties, 'CacheClusterEnabled'), booleanFact, false),
  };
}

/** `StageDescription` of a Deployment: settings for all methods stand in it without a list around them. */
export function descriptionSettings(description: Node | undefined): StageSettings {
  const shared = description ? setting(description, '*', '*') : [];
  return {
    methods: [...shared, ...listed(get(description, 'MethodSettings'))],
    accessLogs: written(get(description, 'AccessLogSetting')),
    cacheCluster: orDefault(get(description, 'CacheClusterEnabled'), booleanFact, false),
  };
}

/** Settings of an AWS::ApiGatewayV2::Stage. */
export function routeStageSettings(properties: Node): StageSettings {
  const all = get(properties, 'DefaultRouteSettings');
  const single = get(properties, 'RouteSettings');
  return {
    methods: [
      ...(all ? possibilities(all).flatMap((node) => setting(node, '*', '*')) : []),
      ...(single ? possibilities(single).flatMap(entries) : []).flatMap(({ key, value }) => {
        const { path, method } = splitRouteKey(key);
        return possibilities(value).flatMap((node) => setting(node, path, method));
      }),
    ],
    accessLogs: written(get(properties, 'AccessLogSettings')),
  };
}

function listed(settings: Node | undefined): readonly MethodSetting[] {
  if (!settings) return [];
  return possibilities(settings)
    .flatMap(items)
    .flatMap(possibilities)
    .flatMap((node) => {
      const path = get(node, 'ResourcePath');
      const method = get(node, 'HttpMethod');
      return setting(node, path ? settingPath(describe(path)) : '*', method ? describe(method).toUpperCase() : '*');
    });
}

function setting(node: Node, path: string, method: string): readonly MethodSetting[] {
  const found = {
    dataTrace: optional(get(node, 'DataTraceEnabled'), booleanFact),
    logLevel: optional(get(node, 'LoggingLevel'), textFact),
    caching: optional(get(node, 'CachingEnabled'), booleanFact),
    cacheEncrypted: optional(get(node, 'CacheDataEncrypted'), booleanFact),
  };
  const span = get(node, 'DataTraceEnabled')?.span ?? get(node, 'CachingEnabled')?.span ?? node.span;
  return Object.values(found).some((fact) => fact !== undefined) ? [{ path, method, ...found, span }] : [];
}

/** An access log is there when its settings name a destination. */
function written(settings: Node | undefined): Fact<boolean> {
  if (!settings) return known(false);
  return eitherOr<boolean>(settings, (value) => {
    if (isNull(value)) return known(false, value.span);
    return known(value.kind !== 'map' || !isNull(get(value, 'DestinationArn')), value.span);
  });
}
