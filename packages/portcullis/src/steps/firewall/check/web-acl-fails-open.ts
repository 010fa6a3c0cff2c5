import type { Rule } from '../../../contract/index.ts';
import { sometimes } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { inService } from '../snippets.ts';

const resource = `OrdersLoadBalancer:
  Type: AWS::ElasticLoadBalancingV2::LoadBalancer
  Properties:
    LoadBalancerAttributes:
      - { Key: waf.fail_open.enabled, Value: 'false' } # the default`;

export const webAclFailsOpen: Rule = {
  id: 'firewall/web-acl-fails-open',
  step: 'firewall',
  severity: 'warning',
  title: 'Load balancer lets requests through when AWS WAF does not answer',
  attack:
    'With waf.fail_open.enabled the load balancer hands every request to its targets while it cannot reach AWS WAF. In a disturbance, ' +
    'or under a flood that brings one about, the web ACL is not there, and nobody is told which requests came in that time.',
  fix: { serverless: inService(resource), cloudformation: resource },
  docs: [
    {
      title: 'Edit attributes for your Application Load Balancer: WAF fail open',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-636'] },
  *check(project) {
    for (const balancer of project.loadBalancers) {
      const setting = balancer.attributes?.get('waf.fail_open.enabled');
      if (!setting || !sometimes(setting, (value) => value.toLowerCase() === 'true')) continue;
      yield {
        message: `Load balancer ${label(balancer)} lets every request through while AWS WAF does not answer`,
        span: setting.kind === 'known' ? (setting.span ?? balancer.span) : balancer.span,
        subject: balancer.id,
        question: 'Is it better to answer unfiltered than not to answer?',
      };
    }
  },
};
