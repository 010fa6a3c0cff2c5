import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type LoadBalancer, sometimes } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { inService } from '../snippets.ts';

const resource = `OrdersLoadBalancer:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties:
    LoadBalancerAttributes:
      - { Key: routing.http.drop_invalid_header_fields.enabled, Value: 'true' }
      - { Key: routing.http.desync_mitigation_mode, Value: defensive } # the default; strictest refuses more`;

export const loadBalancerLetsMalformedRequestsThrough: Rule = {
  id: 'firewall/load-balancer-lets-malformed-requests-through',
  step: 'firewall',
  severity: 'note',
  title: 'Load balancer hands malformed requests to its targets',
  attack:
    'A request that two servers read differently can hide a second one in itself (request smuggling): the load balancer and its web ' +
    'ACL look at the first, and the target runs both. Header names with characters that are not allowed are the other half of it: ' +
    'some servers take `x_user` for `x-user`, which a proxy was trusted to set.',
  fix: { serverless: inService(resource), cloudformation: resource },
  docs: [
    {
      title: 'Edit attributes for your Application Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
    },
    {
      title: 'Security Hub controls for Elastic Load Balancing',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html',
    },
  ],
  mappings: { fsbp: ['ELB.4', 'ELB.12'], owasp: ['API8:2023'], cwe: ['CWE-444'] },
  *check(project) {
    for (const balancer of project.loadBalancers) {
      if (!always(balancer.type, (type) => type === 'application') || !balancer.attributes) continue;
      if (!sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing')) continue;
      const observation = judge(balancer, balancer.attributes);
      if (observation) yield observation;
    }
  },
};

function judge(balancer: LoadBalancer, attributes: NonNullable<LoadBalancer['attributes']>): Observation | undefined {
  const mode = attributes.get('routing.http.desync_mitigation_mode');
  const place = { span: balancer.span, subject: balancer.id };
  // Somebody has switched it off; the default is defensive.
  if (mode && sometimes(mode, (value) => value.toLowerCase() === 'monitor')) {
    return {
      ...place,
      severity: 'warning',
      message: `Load balancer ${label(balancer)} lets through requests that it takes for smuggling attacks: its desync mitigation mode is monitor`,
    };
  }
  const drops = attributes.get('routing.http.drop_invalid_header_fields.enabled');
  if (drops && !sometimes(drops, (value) => value.toLowerCase() !== 'true')) return undefined;
  return {
    ...place,
    message: `Load balancer ${label(balancer)} hands on headers whose names are not valid`,
  };
}
