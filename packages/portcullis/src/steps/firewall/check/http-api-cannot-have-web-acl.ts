import type { Rule } from '../../../contract/index.ts';
import { type Api, always, type Project, type Span } from '../../../project/index.ts';
import { knownCallers, provenDistribution } from '../callers.ts';
import { distributionBefore, label } from '../facts.ts';
import { lookup } from '../lookup.ts';

const byCallers = {
  signed: 'what signed callers send is not filtered',
  certificates: 'what callers with a client certificate send is not filtered',
  authorized: 'what callers send whom the authorizer of $connect let in is not filtered',
} as const;

const kinds = { http: 'HTTP API', websocket: 'WebSocket API' } as const;

export const httpApiCannotHaveWebAcl: Rule = {
  id: 'firewall/http-api-cannot-have-web-acl',
  step: 'firewall',
  severity: 'warning',
  title: 'HTTP or WebSocket API cannot have a web ACL',
  attack:
    'AWS WAF takes REST API stages and refuses HTTP and WebSocket APIs, so every request reaches the authorizer and the function ' +
    'unfiltered. A CloudFront distribution with a web ACL filters only what comes through it: whoever knows the address of the ' +
    'API itself goes around it unless that way is closed.',
  fix: {
    serverless: `functions:
  createOrder:
    events:
      - http: POST /orders # a REST API: its stage can have a web ACL
# or keep httpApi behind CloudFront with a web ACL, and close the direct way:
#   provider: { httpApi: { disableDefaultEndpoint: true } }, a custom domain that only the distribution knows,
#   and a secret header that the distribution adds and an authorizer of the API checks`,
    cloudformation: `# A REST API (AWS::ApiGateway::RestApi) can have a web ACL. To keep the HTTP API: CloudFront with a web ACL before it,
# DisableExecuteApiEndpoint: true, and a secret header that the distribution adds and an authorizer of the API checks.
ApiDistribution:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig:
      Enabled: true
      WebACLId: !Ref WebAclArn # scope CLOUDFRONT, made in us-east-1
      Origins:
        - Id: api
          DomainName: !Sub \${HttpApi}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}
          CustomOriginConfig: { OriginProtocolPolicy: https-only }
          OriginCustomHeaders:
            - { HeaderName: x-origin-verify, HeaderValue: '{{resolve:secretsmanager:orders/origin-verify}}' }
      DefaultCacheBehavior:
        TargetOriginId: api
        ViewerProtocolPolicy: https-only
        AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]
        CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad # CachingDisabled
        OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac # AllViewerExceptHostHeader`,
  },
  docs: [
    {
      title: 'Choose between REST APIs and HTTP APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html',
    },
    {
      title: 'Resources that you can protect with AWS WAF',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const api of project.apis) {
      if (api.kind !== 'http' && api.kind !== 'websocket') continue;
      if (provenDistribution(project, api)) continue;
      const kind = kinds[api.kind];
      const distribution = distributionBefore(project, api.id);
      const attempts = lookup(project).associationsByTarget.get(api.id) ?? [];
      const attempt = attempts.length > 0 ? `; the association ${attempts[0]?.id} makes the deployment fail` : '';
      const callers = knownCallers(project, api);
      yield {
        span: placeOf(project, api),
        subject: api.id,
        related: attempts.map(({ span }) => ({ message: 'AWS WAF refuses this target', span })),
        // Nobody whom the gateway does not know gets through, so it does not count as open; an association that fails still does.
        ...(callers && attempts.length === 0
          ? {
              severity: 'note',
              state: 'half-open',
              message: `${kind} ${label(api)} cannot have a web ACL: ${byCallers[callers]}`,
            }
          : distribution
            ? {
                state: 'half-open',
                message: `${kind} ${label(api)} cannot have a web ACL: only requests that come through ${distribution.id} are filtered${attempt}`,
                question: `Does ${label(api)} refuse requests that do not come through ${distribution.id}?`,
              }
            : always(api.defaultEndpointDisabled, (disabled) => disabled)
              ? {
                  state: 'half-open',
                  message: `${kind} ${label(api)} cannot have a web ACL; its default endpoint is disabled, so who knows its custom domain gets through unfiltered${attempt}`,
                  question:
                    'Is the custom domain known only to a CloudFront distribution with a web ACL, and are requests refused that do not come through it?',
                }
              : {
                  state: 'open',
                  message: `${kind} ${label(api)} cannot have a web ACL, and nothing in the files filters its requests${attempt}`,
                }),
      };
    }
  },
};

/** The framework makes the WebSocket API of a serverless.yml because of its events, and nothing of it need be written at `provider`. */
function placeOf(project: Project, api: Api): Span {
  const made = project.format === 'serverless' && project.resources.get(api.id)?.generated;
  const [first] = made && api.kind === 'websocket' ? api.routes : [];
  return first?.span ?? api.span;
}
