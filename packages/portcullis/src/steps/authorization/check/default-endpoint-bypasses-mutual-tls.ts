import type { Observation, Rule } from '../../../contract/index.ts';
import { type Api, always, type CustomDomain, type Project, sometimes, undecided } from '../../../project/index.ts';
import { localIds } from '../routes.ts';

export const defaultEndpointBypassesMutualTls: Rule = {
  id: 'authorization/default-endpoint-bypasses-mutual-tls',
  step: 'authorization',
  severity: 'error',
  title: "The API's own address goes around mutual TLS",
  attack:
    'The custom domain turns away clients without a certificate. The same API answers under its own address, `<id>.execute-api.<region>.amazonaws.com`, which asks for none; the id stands in logs, in old clients and in the names that others have guessed before.',
  fix: {
    serverless: `provider:
  apiGateway:
    disableDefaultEndpoint: true
  httpApi:
    disableDefaultEndpoint: true`,
    cloudformation: `Api:
  Type: AWS::ApiGateway::RestApi                # AWS::ApiGatewayV2::Api has the same property
  Properties:
    DisableExecuteApiEndpoint: true`,
    sam: `Api:
  Type: AWS::Serverless::Api                    # AWS::Serverless::HttpApi has the same property
  Properties:
    DisableExecuteApiEndpoint: true`,
  },
  docs: [
    {
      title: 'API Gateway: configure mutual TLS authentication for a REST API',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html',
    },
    {
      title: 'API Gateway: disable the default endpoint for REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-288'] },
  *check(project) {
    if (project.customDomains.length === 0) return;
    const apis = new Map(project.apis.map((api) => [api.id, api]));
    for (const domain of project.customDomains) {
      if (!sometimes(domain.mutualTls, (demanded) => demanded)) continue;
      const ids = new Set(domain.apis.flatMap(localIds));
      for (const id of ids) {
        const api = apis.get(id);
        if (api && project.resources.has(id)) yield* observe(project, domain, api);
      }
    }
  },
};

function* observe(project: Project, domain: CustomDomain, api: Api): Generator<Observation> {
  if (always(api.defaultEndpointDisabled, (disabled) => disabled)) return;
  // A private API is reached through VPC endpoints; its own address leads nowhere else.
  if (always(api.endpoint, (endpoint) => endpoint === 'PRIVATE')) return;
  const open = sometimes(api.defaultEndpointDisabled, (disabled) => !disabled);
  const [unknown] = undecided(api.defaultEndpointDisabled);
  const name = domain.name ?? domain.id;
  yield {
    message: open
      ? `${name} demands client certificates, and ${api.name ?? api.id} answers without one at its own address (execute-api), which is not switched off.`
      : `${name} demands client certificates; whether ${api.name ?? api.id} answers without one at its own address ${unknown?.reason ?? 'is not decided by the files'}.`,
    span: api.span,
    subject: `${api.id} ${domain.id}`,
    related: [{ message: `${name} demands client certificates`, span: domain.span }],
    ...(open ? {} : { severity: 'warning' as const, state: 'unknown' as const }),
    ...(project.format === 'serverless' ? { fix: fixOf(api) } : {}),
  };
}

function fixOf({ kind }: Api): string {
  return `provider:\n  ${kind === 'http' ? 'httpApi' : 'apiGateway'}:\n    disableDefaultEndpoint: true`;
}
