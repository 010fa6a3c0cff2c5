import type { Rule } from '../../../contract/index.ts';
import { always, type Stage, sometimes } from '../../../project/index.ts';
import { stageName } from '../settings.ts';

export const cacheIsNotEncrypted: Rule = {
  id: 'authorization/cache-is-not-encrypted',
  step: 'authorization',
  severity: 'note',
  title: 'Cached responses are kept unencrypted',
  attack:
    'Responses lie in the cache as the function wrote them, for up to an hour each. Whoever gets at the memory or storage of the cache reads what callers were told; encryption costs one line and leaves nothing to read.',
  fix: {
    serverless: `custom:
  apiGatewayCaching:
    enabled: true
    dataEncrypted: true`,
    cloudformation: `ApiStage:
  Type: AWS::ApiGateway::Stage
  Properties:
    MethodSettings:
      - { HttpMethod: '*', ResourcePath: '/*', CachingEnabled: true, CacheDataEncrypted: true }`,
    sam: `Api:
  Type: AWS::Serverless::Api
  Properties:
    MethodSettings:
      - { HttpMethod: '*', ResourcePath: '/*', CachingEnabled: true, CacheDataEncrypted: true }`,
  },
  docs: [
    {
      title: 'API Gateway: cache settings for REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html',
    },
    {
      title: 'AWS Security Hub: controls for API Gateway',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/apigateway-controls.html',
    },
  ],
  mappings: { fsbp: ['APIGateway.5'], owasp: ['API8:2023'], cwe: ['CWE-311'] },
  *check(project) {
    for (const api of project.apis) {
      for (const stage of api.stages) {
        const setting = plainlyCached(stage);
        if (!setting) continue;
        yield {
          message: `Cached responses on stage ${stageName(stage)} of ${api.name ?? api.id} are not encrypted.`,
          span: setting.span,
          subject: `${api.id} ${stage.id}`,
        };
      }
    }
  },
};

function plainlyCached({ cacheCluster, methods }: Stage) {
  if (!cacheCluster || !sometimes(cacheCluster, (on) => on)) return undefined;
  const encrypted = methods?.find(({ path, method }) => path === '*' && method === '*')?.cacheEncrypted;
  return methods?.find(({ caching, cacheEncrypted = encrypted }) => {
    if (!caching || !sometimes(caching, (on) => on)) return false;
    return !cacheEncrypted || always(cacheEncrypted, (on) => !on);
  });
}
