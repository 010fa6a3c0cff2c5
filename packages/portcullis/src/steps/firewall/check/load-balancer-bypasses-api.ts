import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type LoadBalancer, type Project, type Route, sometimes } from '../../../project/index.ts';
import { type Entrance, unprovenEntrances } from '../entrance.ts';
import { label } from '../facts.ts';
import { lookup } from '../lookup.ts';
import { inService } from '../snippets.ts';

const resources = `OrdersLoadBalancer:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties:
    Scheme: internal # reached by the API through a VPC link only
    Subnets: !Ref PrivateSubnets
# If it has to stay public, refuse requests without the secret that the API adds:
OrdersListener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    LoadBalancerArn: !Ref OrdersLoadBalancer
    Port: 443
    Protocol: HTTPS
    Certificates: [{ CertificateArn: !Ref CertificateArn }]
    DefaultActions: [{ Type: fixed-response, FixedResponseConfig: { StatusCode: '403' } }]
OrdersListenerRule:
  Type: AWS::ElasticLoadBalancingV2::ListenerRule
  Properties:
    ListenerArn: !Ref OrdersListener
    Priority: 1
    Conditions:
      - Field: http-header
        HttpHeaderConfig:
          HttpHeaderName: x-origin-verify
          Values: ['{{resolve:secretsmanager:orders/origin-verify}}']
    Actions: [{ Type: forward, TargetGroupArn: !Ref OrdersTargets }]`;

export const loadBalancerBypassesApi: Rule = {
  id: 'firewall/load-balancer-bypasses-api',
  step: 'firewall',
  severity: 'error',
  title: 'Load balancer behind the API can be reached around it',
  attack:
    'The load balancer has an address of its own on the internet and forwards whatever arrives there. Whoever calls it directly ' +
    'meets no authorizer, no API key, no throttle and no web ACL of the API: internet -> load balancer -> container, beside ' +
    'internet -> API -> load balancer -> container. Addresses of load balancers are found by scanning and in certificate logs.',
  fix: {
    serverless: inService(resources),
    cloudformation: resources,
  },
  docs: [
    {
      title: 'Private integrations for HTTP APIs in API Gateway',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html',
    },
    {
      title: 'Restrict access to Application Load Balancers',
      url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-288', 'CWE-923'] },
  *check(project) {
    for (const balancer of project.loadBalancers) {
      if (always(balancer.scheme, (scheme) => scheme === 'internal')) continue;
      const [route] = lookup(project).routesByBalancer.get(balancer.id) ?? [];
      if (!route) continue;
      const observation = judge(project, balancer, route);
      if (observation) yield observation;
    }
  },
};

function judge(project: Project, balancer: LoadBalancer, route: Route): Observation | undefined {
  const entrances = unprovenEntrances(project, balancer, 'is a proof').filter(
    ({ reachable }) => reachable.kind !== 'restricted',
  );
  const open = entrances.find(({ reachable }) => reachable.kind === 'everywhere');
  const entrance = open ?? entrances[0];
  if (!entrance) return undefined;
  const place = {
    span: balancer.span,
    subject: balancer.id,
    path: ['internet', label(balancer), ...entrance.forward.targetGroups.flatMap(targetName)],
    related: relatedPlaces(entrance, route),
  };
  const name = `Load balancer ${label(balancer)} behind ${route.method} ${route.path}`;
  const isPublic = sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing');
  if (open && isPublic)
    return { ...place, message: `${name} is on the internet and forwards requests that did not come through the API` };
  const reason =
    entrance.reachable.kind === 'undecided'
      ? entrance.reachable.reason
      : balancer.scheme.kind === 'unknown'
        ? `its scheme ${balancer.scheme.reason}`
        : 'its scheme depends on a condition';
  // Not a note: the listener asks for no proof, so only the address decides, and that is for a person to look up.
  return {
    ...place,
    severity: 'warning',
    state: 'unknown',
    message: `${name} forwards requests that did not come through the API, if they reach it: ${reason}`,
    question: `Which addresses can open a connection to ${label(balancer)}?`,
  };
}

function targetName(target: Entrance['forward']['targetGroups'][number]): readonly string[] {
  if (target.kind !== 'known') return [];
  return [target.value.kind === 'local' ? target.value.id : target.value.name];
}

function relatedPlaces(entrance: Entrance, route: Route): Observation['related'] & object {
  const { reachable } = entrance;
  return [
    { message: 'the way through the API', span: route.integration.span },
    { message: 'forwards without asking who sends the request', span: entrance.forward.span },
    ...(reachable.kind === 'everywhere' && reachable.span
      ? [{ message: 'admits every address', span: reachable.span }]
      : []),
  ];
}
