import type { Rule } from '../../../contract/index.ts';
import { type Api, type Project, type Route, valueOf } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { keyRequired, limits, planGate } from '../facts.ts';

const restFix = `plugins:
  - serverless-api-gateway-throttling
custom:
  apiGatewayThrottling:
    maxRequestsPerSecond: 100
    maxConcurrentRequests: 50`;

const httpFix = `resources:
  extensions:
    HttpApiStage:
      Properties:
        DefaultRouteSettings:
          ThrottlingRateLimit: 100          # requests a second
          ThrottlingBurstLimit: 50`;

const restTemplateFix = `ProdStage:
  Type: AWS::ApiGateway::Stage
  Properties:
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: '*'
        ThrottlingRateLimit: 100            # requests a second
        ThrottlingBurstLimit: 50`;

const httpTemplateFix = `ApiStage:
  Type: AWS::ApiGatewayV2::Stage
  Properties:
    DefaultRouteSettings:
      ThrottlingRateLimit: 100              # requests a second
      ThrottlingBurstLimit: 50`;

const samRestFix = `Globals:
  Api:
    OpenApiVersion: 3.0.1                 # without it SAM makes a second stage, without these limits
    MethodSettings:
      - ResourcePath: /*
        HttpMethod: '*'
        ThrottlingRateLimit: 100            # requests a second
        ThrottlingBurstLimit: 50`;

const samHttpFix = `Globals:
  HttpApi:
    DefaultRouteSettings:
      ThrottlingRateLimit: 100              # requests a second
      ThrottlingBurstLimit: 50`;

const kinds = { rest: 'REST API', http: 'HTTP API', websocket: 'WebSocket API' } as const;

export const noThrottle: Rule = {
  id: 'usage-plans/no-throttle',
  step: 'usage-plans',
  severity: 'warning',
  title: 'Nothing limits how often the API is called',
  attack:
    "The only limit is the account's, 10,000 requests a second in most regions, and all APIs of the account share it. One caller can guess passwords at that speed, run up the bill of functions and tables behind the API, or use the limit up so that every other API of the account answers 429.",
  fix: { serverless: restFix, cloudformation: restTemplateFix, sam: samRestFix },
  docs: [docs.throttling, docs.httpThrottling],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-770', 'CWE-799'] },
  *check(project) {
    for (const api of project.apis) {
      if (api.kind !== 'rest' && api.kind !== 'http' && api.kind !== 'websocket') continue;
      const routes = api.routes.filter((route) => !route.preflight);
      const gates = routes.map((route) => planGate(project, api, route));
      const name = `The ${kinds[api.kind]} ${api.name ?? api.id}`;
      const of = (number: number) => (number === routes.length ? '' : `, for ${number} of its ${routes.length} routes`);
      const weak = gates.filter(
        (gate, index) => gate.state === 'half-open' && gate.throttle && !needsKey(routes[index]),
      ).length;
      if (weak > 0) {
        yield {
          message: `${name} has a throttle that is not below the account's own limit, or that is set in one branch of a condition only${of(weak)}.`,
          span: api.stages[0]?.span ?? api.span,
          subject: `${api.id} weak`,
          fix: fixOf(project, api),
          severity: 'note',
          state: 'half-open',
        };
      }
      const open = gates.filter((gate) => gate.state === 'open').length;
      if (open === 0) continue;
      yield {
        message: `${name} has no throttle of its own${of(open)}${throughStage(api)}: only the account's limits apply.`,
        span: api.span,
        subject: api.id,
        fix: fixOf(project, api),
        state: 'open',
      };
    }
  },
};

/** Names the stage without limits where another has some: a caller takes that one. SAM makes one named Stage by itself. */
function throughStage(api: Api): string {
  const without = api.stages.filter(({ throttles }) => !throttles.some(limits));
  const [first] = without;
  if (!first || without.length === api.stages.length) return '';
  return ` in the stage ${valueOf(first.name) ?? first.id}`;
}

/** Of routes with a key the usage plan speaks. */
const needsKey = (route: Route | undefined) => route !== undefined && keyRequired(route) !== false;

function fixOf(project: Project, api: Api): string {
  if (project.format === 'serverless') return api.kind === 'rest' ? restFix : api.kind === 'http' ? httpFix : socketFix;
  if (project.format === 'sam' && api.kind !== 'websocket') return api.kind === 'rest' ? samRestFix : samHttpFix;
  return api.kind === 'rest' ? restTemplateFix : httpTemplateFix;
}

const socketFix = httpFix.replace('HttpApiStage', 'WebsocketsDeploymentStage');
