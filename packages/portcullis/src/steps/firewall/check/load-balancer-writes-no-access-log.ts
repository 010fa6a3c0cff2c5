import type { Rule } from '../../../contract/index.ts';
import { sometimes } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { inService } from '../snippets.ts';

const resource = `OrdersLoadBalancer:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties:
    LoadBalancerAttributes:
      - { Key: access_logs.s3.enabled, Value: 'true' }
      - { Key: access_logs.s3.bucket, Value: !Ref AccessLogs } # its policy lets the log delivery service write`;

export const loadBalancerWritesNoAccessLog: Rule = {
  id: 'firewall/load-balancer-writes-no-access-log',
  step: 'firewall',
  severity: 'note',
  title: 'Load balancer on the internet writes no access log',
  attack:
    'Whoever tried the doors, and which request came before a break-in, is not written down anywhere: the targets see the load ' +
    'balancer as their caller, and requests that it refuses by itself never reach them.',
  fix: { serverless: inService(resource), cloudformation: resource },
  docs: [
    {
      title: 'Access logs for your Application Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html',
    },
    {
      title: 'Security Hub controls for Elastic Load Balancing',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html',
    },
  ],
  mappings: { fsbp: ['ELB.5'], owasp: ['API8:2023'], cwe: ['CWE-778'] },
  *check(project) {
    for (const balancer of project.loadBalancers) {
      if (!balancer.attributes || !sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing')) continue;
      if (sometimes(balancer.type, (type) => type === 'gateway')) continue;
      const enabled = balancer.attributes.get('access_logs.s3.enabled');
      if (enabled && !sometimes(enabled, (value) => value.toLowerCase() !== 'true')) continue;
      yield {
        message: `Internet-facing load balancer ${label(balancer)} writes no access log`,
        span: balancer.span,
        subject: balancer.id,
      };
    }
  },
};
