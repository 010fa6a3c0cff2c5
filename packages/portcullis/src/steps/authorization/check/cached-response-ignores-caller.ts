import type { Observation, Rule } from '../../../contract/index.ts';
import {
  type Api,
  type MethodSetting,
  outcomes,
  type Project,
  type Route,
  type Stage,
  sometimes,
} from '../../../project/index.ts';
import { standingOf } from '../facts.ts';
import { routeName } from '../routes.ts';
import { settingFor, stageName } from '../settings.ts';

export const cachedResponseIgnoresCaller: Rule = {
  id: 'authorization/cached-response-ignores-caller',
  step: 'authorization',
  severity: 'warning',
  title: 'Cached response of one caller is given to the next',
  attack:
    'API Gateway finds a cached response by path and by the parameters that are named as its key, and by nothing else. After one user has asked for the own orders, everyone else whom the authorizer lets in gets the same response for the rest of the time to live.',
  fix: {
    serverless: `functions:
  listOrders:
    events:
      - http:
          method: get
          path: orders
          caching:
            enabled: true
            cacheKeyParameters:
              - name: request.header.Authorization`,
    cloudformation: `ListOrdersMethod:
  Type: AWS::ApiGateway::Method
  Properties:
    RequestParameters: { method.request.header.Authorization: true }
    Integration:
      CacheKeyParameters: [method.request.header.Authorization]`,
  },
  docs: [
    {
      title: 'API Gateway: cache settings for REST APIs, use method or integration parameters as cache keys',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API1:2023', 'API8:2023'], cwe: ['CWE-524', 'CWE-200'] },
  *check(project) {
    for (const api of project.apis) {
      for (const stage of api.stages) {
        if (stage.cacheCluster && sometimes(stage.cacheCluster, (on) => on)) yield* ofStage(project, api, stage);
      }
    }
  },
};

interface Shared {
  readonly route: Route;
  readonly setting: MethodSetting;
}

/** One finding for a stage: what switches the cache on may be one line for all methods. */
function* ofStage(project: Project, api: Api, stage: Stage): Generator<Observation> {
  const shared = api.routes.flatMap((route): readonly Shared[] => {
    const found = cachedBy(stage, route);
    return found && asksWho(project, api, route) && !isKeyedByCaller(project, route) ? [{ route, setting: found }] : [];
  });
  const [first, ...others] = shared;
  if (!first) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  yield {
    message: `Responses of ${routeName(first.route)}${more} are cached on stage ${stageName(stage)} and given to every caller alike: what tells callers apart is not part of the cache key.`,
    span: first.setting.span,
    subject: `${api.id} ${stage.id}`,
    ...(others.length === 0 ? { route: first.route.id } : {}),
    related: shared.slice(0, 5).map(({ route }) => ({ message: routeName(route), span: route.span })),
    question: 'Is the response the same for every caller?',
  };
}

/** Only GET requests are cached by a setting for all methods. */
function cachedBy(stage: Stage, route: Route): MethodSetting | undefined {
  const found = settingFor(stage, route, ({ caching }) => caching);
  if (!found || !sometimes(found.fact, (on) => on)) return undefined;
  const forAll = found.setting.method === '*';
  return !forAll || ['GET', 'HEAD', 'ANY'].includes(route.method) ? found.setting : undefined;
}

/** Open routes have no caller to speak of. */
function asksWho(project: Project, api: Api, route: Route): boolean {
  const { verdict } = standingOf(project, api, route);
  return (
    verdict === 'guarded' || (verdict === 'question' && sometimes(route.authorization, ({ kind }) => kind !== 'none'))
  );
}

function isKeyedByCaller(project: Project, { cacheKeys, authorization }: Route): boolean {
  if (!cacheKeys) return false;
  const sources = new Set(['method.request.header.authorization', 'method.request.header.cookie']);
  for (const outcome of outcomes(authorization)) {
    if (outcome.kind !== 'known' || outcome.value.kind !== 'authorizer') continue;
    for (const link of outcomes(outcome.value.authorizer)) {
      if (link.kind !== 'known' || link.value.kind !== 'local') continue;
      const { id } = link.value;
      const authorizer = project.authorizers.find((one) => one.id === id);
      for (const source of authorizer ? outcomes(authorizer.identitySources) : [])
        if (source.kind === 'known') for (const one of source.value) sources.add(one.toLowerCase());
    }
  }
  return outcomes(cacheKeys).every(
    (keys) => keys.kind === 'unknown' || keys.value.some((key) => sources.has(key.toLowerCase())),
  );
}
