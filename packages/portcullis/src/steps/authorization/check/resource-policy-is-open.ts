import type { Rule } from '../../../contract/index.ts';
import { type Api, type PolicyStatement, type Route, sometimes } from '../../../project/index.ts';
import { docs } from '../docs.ts';
import { standingOf } from '../facts.ts';
import { policyVerdict } from '../resource-policy.ts';
import type { Standing } from '../standing.ts';

export const resourcePolicyIsOpen: Rule = {
  id: 'authorization/resource-policy-is-open',
  step: 'authorization',
  severity: 'error',
  title: 'Resource policy lets everyone in',
  attack:
    'A resource policy with principal `*` and no condition on where the call comes from lets every caller through. For routes without authorization it decides alone, so they are open to the internet; for routes with AWS_IAM it is the other half of the permission, so any AWS account can sign a request that passes.',
  fix: {
    serverless: `provider:
  apiGateway:
    resourcePolicy:
      - Effect: Allow
        Principal: '*'
        Action: execute-api:Invoke
        Resource: execute-api:/*
        Condition:
          IpAddress:
            aws:SourceIp: [203.0.113.0/24]  # or StringEquals aws:SourceVpce, aws:PrincipalOrgID`,
    cloudformation: `RestApi:
  Type: AWS::ApiGateway::RestApi
  Properties:
    Policy:
      Version: '2012-10-17'
      Statement:
        - Effect: Allow
          Principal: '*'
          Action: execute-api:Invoke
          Resource: execute-api:/*
          Condition:
            IpAddress:
              aws:SourceIp: [203.0.113.0/24] # or StringEquals aws:SourceVpce, aws:PrincipalOrgID`,
  },
  docs: [docs.resourcePolicies, docs.authorizationFlow],
  mappings: { fsbp: [], owasp: ['API5:2023', 'API8:2023'], cwe: ['CWE-284', 'CWE-732'] },
  *check(project) {
    for (const api of project.apis) {
      if (api.kind !== 'rest') continue;
      const admitted = admittedBy(api);
      const [first] = admitted;
      const exposed = exposure(admitted.map(({ route }) => standingOf(project, api, route)));
      if (!first || !exposed) continue;
      const isPrivate = sometimes(api.endpoint, (endpoint) => endpoint === 'PRIVATE');
      yield {
        message: `The resource policy of ${api.name ?? api.id} lets everyone in: ${isPrivate ? 'any VPC endpoint in any account reaches the API' : exposed}.`,
        span: first.statement.span,
        subject: api.id,
        // A private API is not on the internet; whether strangers have a VPC endpoint to it depends on DNS and luck.
        ...(isPrivate ? { severity: 'warning' as const } : {}),
      };
    }
  },
};

interface Admitted {
  readonly route: Route;
  readonly statement: PolicyStatement;
}

/** The routes to which the policy lets everyone; a Deny may close another one. */
function admittedBy(api: Api): readonly Admitted[] {
  return api.routes.flatMap((route) => {
    const verdict = policyVerdict(api, route);
    return verdict.kind === 'everyone' ? [{ route, statement: verdict.statement }] : [];
  });
}

/**
 * What the policy exposes, or undefined when every route has an authorizer of its own. Such an API needs the Allow: with a Cognito
 * authorizer a policy that is silent refuses.
 */
function exposure(standings: readonly Standing[]): string | undefined {
  const without = standings.filter(({ kind }) => kind === 'none').length;
  if (without > 0)
    return without === 1 ? 'one route has nothing else before it' : `${without} routes have nothing else before them`;
  const signed = standings.filter(({ kind }) => kind === 'iam').length;
  if (signed > 0)
    return `any AWS account can sign requests to ${signed === 1 ? 'one route' : `${signed} routes`} with AWS_IAM`;
  return undefined;
}
