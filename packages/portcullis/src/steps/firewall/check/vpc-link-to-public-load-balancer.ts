import type { Rule } from '../../../contract/index.ts';
import { always, sometimes } from '../../../project/index.ts';
import { unprovenEntrances } from '../entrance.ts';
import { label } from '../facts.ts';
import { lookup } from '../lookup.ts';
import { inService } from '../snippets.ts';

const resource = `OrdersLoadBalancer:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties:
    Scheme: internal # a VPC link reaches it; nobody else has to
    Subnets: !Ref PrivateSubnets`;

export const vpcLinkToPublicLoadBalancer: Rule = {
  id: 'firewall/vpc-link-to-public-load-balancer',
  step: 'firewall',
  severity: 'note',
  title: 'Load balancer behind a VPC link has an address on the internet',
  attack:
    'Today a security group or the listener keeps strangers out. An internet-facing load balancer is one changed rule away from ' +
    'being a second entrance beside the API, without its authorizer, keys and web ACL; a VPC link needs no public address at all.',
  fix: { serverless: inService(resource), cloudformation: resource },
  docs: [
    {
      title: 'Private integrations for REST APIs in API Gateway',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-923'] },
  *check(project) {
    for (const balancer of project.loadBalancers) {
      if (!sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing')) continue;
      const route = lookup(project)
        .routesByBalancer.get(balancer.id)
        ?.find(({ integration }) => integration.kind === 'http' && always(integration.private, (value) => value));
      if (!route) continue;
      // Where strangers get through, or may, load-balancer-bypasses-api says so.
      const open = unprovenEntrances(project, balancer, 'is a proof').some(
        ({ reachable }) => reachable.kind !== 'restricted',
      );
      if (open) continue;
      yield {
        message: `Load balancer ${label(balancer)} is internet-facing, and ${route.method} ${route.path} reaches it through a VPC link`,
        span: balancer.span,
        subject: balancer.id,
        related: [{ message: 'the way through the VPC link', span: route.integration.span }],
      };
    }
  },
};
