import type { Observation, Rule } from '../../../contract/index.ts';
import {
  type Api,
  always,
  type Distribution,
  type DistributionOrigin,
  outcomes,
  type Project,
  sometimes,
  undecided,
} from '../../../project/index.ts';
import { policyVerdict } from '../resource-policy.ts';
import { mayLeadTo } from '../routes.ts';

export const defaultEndpointBypassesCloudfront: Rule = {
  id: 'authorization/default-endpoint-bypasses-cloudfront',
  step: 'authorization',
  severity: 'warning',
  title: 'The API answers those who go around CloudFront and its web ACL',
  attack:
    'The web ACL stands at the distribution. CloudFront fetches from `<id>.execute-api.<region>.amazonaws.com`, and so can anybody else: a request to that address meets neither the web ACL nor a limit that it sets, and the API cannot tell it from one that came through the distribution.',
  fix: {
    serverless: `resources:
  Resources:
    Distribution:
      Type: AWS::CloudFront::Distribution
      Properties:
        DistributionConfig:
          Origins:
            - Id: api
              DomainName: !Sub '\${ApiGatewayRestApi}.execute-api.\${AWS::Region}.amazonaws.com'
              OriginCustomHeaders:
                # and a regional web ACL, an authorizer or the code that refuses requests without it
                - { HeaderName: x-origin-verify, HeaderValue: '{{resolve:secretsmanager:orders/origin-verify}}' }`,
    cloudformation: `Distribution:
  Type: AWS::CloudFront::Distribution
  Properties:
    DistributionConfig:
      Origins:
        - Id: api
          DomainName: !Sub '\${Api}.execute-api.\${AWS::Region}.amazonaws.com'
          OriginCustomHeaders:
            # and a regional web ACL, an authorizer or the code that refuses requests without it
            - { HeaderName: x-origin-verify, HeaderValue: '{{resolve:secretsmanager:orders/origin-verify}}' }`,
  },
  docs: [
    {
      title: 'CloudFront: add custom headers to origin requests, controlling access to content',
      url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html',
    },
    {
      title: 'API Gateway: use AWS WAF to protect your REST APIs',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-288', 'CWE-693'] },
  *check(project) {
    for (const distribution of project.distributions) {
      // Without a web ACL there is nothing to go around.
      if (!outcomes(distribution.webAcl).some((acl) => acl.kind === 'unknown' || acl.value !== undefined)) continue;
      for (const origin of distribution.origins) {
        const api = project.apis.find(({ id }) => id === origin.api);
        if (api && !isClosed(project, api, origin)) yield observe(distribution, api, origin);
      }
    }
  },
};

function observe(distribution: Distribution, api: Api, { span, addedHeaders }: DistributionOrigin): Observation {
  const [header] = addedHeaders;
  return {
    message: `${api.name ?? api.id} also answers at its own address (execute-api), where nobody meets the web ACL of ${distribution.id}${header === undefined ? '' : `; CloudFront adds the header ${header}, and nothing in the files refuses requests without it`}.`,
    span,
    subject: `${distribution.id} ${api.id}`,
    related: [{ message: 'the API', span: api.span }],
    // A header that nobody else knows may be checked by the code.
    ...(header === undefined
      ? {}
      : { severity: 'note' as const, question: `Does the code refuse requests without ${header}?` }),
  };
}

/** Something at the API itself tells CloudFront from others, or filters as the distribution does. */
function isClosed(project: Project, api: Api, { addedHeaders }: DistributionOrigin): boolean {
  if (always(api.endpoint, (endpoint) => endpoint === 'PRIVATE')) return true;
  if (api.kind === 'rest') {
    if (policyVerdict(api).kind === 'narrowed') return true;
    const filtered = project.webAclAssociations.some(
      ({ target }) =>
        undecided(target).length > 0 || sometimes(target, (one) => one.kind === 'stage' && one.api === api.id),
    );
    if (filtered) return true;
    // CloudFront brings the key that every method asks for.
    const keys =
      api.routes.length > 0 &&
      api.routes.every((route) => route.preflight || always(route.apiKeyRequired, (key) => key));
    if (keys && addedHeaders.includes('x-api-key')) return true;
  }
  return project.authorizers.some(({ api: owner, identitySources }) => {
    if (!mayLeadTo(owner, api.id)) return false;
    return sometimes(identitySources, (sources) =>
      sources.some((source) => addedHeaders.some((name) => source.toLowerCase().endsWith(`.header.${name}`))),
    );
  });
}
