import type { Observation, Rule } from '../../../contract/index.ts';
import { type Project, sometimes } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { linksTo, meantForHttpApi, routeName } from '../facts.ts';

export const httpApiCannotHaveKeys: Rule = {
  id: 'usage-plans/http-api-cannot-have-keys',
  step: 'usage-plans',
  severity: 'warning',
  title: 'HTTP APIs have no API keys and no usage plans',
  attack:
    'API keys and usage plans exist for REST APIs only. On an HTTP API they are refused or ignored: the route answers without a key, nothing is counted, and no client is limited, although the file says otherwise.',
  fix: {
    serverless: `functions:
  createOrder:
    events:
      - http:                               # a REST API has keys and plans
          method: post
          path: orders
          private: true
# or keep httpApi, with an authorizer that knows the client and a limit on the stage:
resources:
  extensions:
    HttpApiStage:
      Properties:
        DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 }`,
    cloudformation: `ApiStage:                                   # a limit on the stage; or move to a REST API, which has keys and plans
  Type: AWS::ApiGatewayV2::Stage
  Properties:
    ApiId: !Ref HttpApi
    StageName: $default
    DefaultRouteSettings:
      ThrottlingRateLimit: 100
      ThrottlingBurstLimit: 50`,
  },
  docs: [docs.restOrHttp, docs.httpThrottling],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-770'] },
  *check(project) {
    yield* ignoredSettings(project);
    for (const api of project.apis) {
      if (api.kind !== 'http') continue;
      for (const route of api.routes) {
        if (!sometimes(route.apiKeyRequired, (required) => required)) continue;
        yield {
          message: `${routeName(route)} asks for an API key, which an HTTP API does not check.`,
          span: route.span,
          subject: route.id,
          route: route.id,
        };
      }
      for (const plan of project.usagePlans) {
        for (const stage of plan.stages) {
          if (!linksTo(stage.api, api.id)) continue;
          yield {
            message: `The usage plan ${plan.name ?? plan.id} is bound to the HTTP API ${api.name ?? api.id}, which cannot have one.`,
            span: stage.span,
            subject: `${plan.id} ${api.id}`,
          };
        }
      }
    }
  },
};

function* ignoredSettings(project: Project): Generator<Observation> {
  for (const setting of project.ignored) {
    if (!meantForHttpApi(project, setting)) continue;
    yield {
      message: `${setting.path} has no effect: HTTP APIs have no API keys and no usage plans. ${setting.instead}.`,
      span: setting.span,
      subject: setting.path,
    };
  }
}
