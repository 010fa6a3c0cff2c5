import type { Rule } from '../../../contract/index.ts';
import { type Listener, type Project, sometimes, valueOf } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { localIds, lookup } from '../lookup.ts';
import { inService } from '../snippets.ts';

const resource = `OrdersListener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    Port: 443
    Protocol: HTTPS
    SslPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06`;

export const listenerAcceptsOldTls: Rule = {
  id: 'firewall/listener-accepts-old-tls',
  step: 'firewall',
  severity: 'warning',
  title: 'Listener accepts TLS 1.0 or 1.1',
  attack:
    'TLS 1.0 and 1.1 rest on ciphers and hashes that are broken by now, and RFC 8996 forbids them. Somebody on the way can push a ' +
    'client that still speaks them down to the old version and then read or change what it sends, the token included.',
  fix: { serverless: inService(resource), cloudformation: resource },
  docs: [
    {
      title: 'Security policies for your Application Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html',
    },
    {
      title: 'Security Hub controls for Elastic Load Balancing',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html',
    },
  ],
  mappings: { fsbp: ['ELB.17'], owasp: ['API8:2023'], cwe: ['CWE-326', 'CWE-327'] },
  *check(project) {
    for (const listener of project.listeners) {
      if (!sometimes(listener.protocol, (protocol) => /^(?:https|tls)$/i.test(protocol))) continue;
      const balancer = balancerOf(project, listener);
      // The listeners of a Classic Load Balancer stand inside it and take their policies by other means.
      if (!balancer || !sometimes(balancer.type, (type) => type === 'application' || type === 'network')) continue;
      if (!sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing')) continue;
      const place = { span: listener.span, subject: listener.id };
      const name = `Listener ${listener.id} of load balancer ${label(balancer)}`;
      const { tlsPolicy } = listener;
      if (!tlsPolicy) {
        // Nobody chose it: what Elastic Load Balancing takes by itself when the API is called.
        yield {
          ...place,
          severity: 'note',
          message: `${name} names no security policy and gets ELBSecurityPolicy-2016-08, which accepts TLS 1.0`,
        };
      } else if (sometimes(tlsPolicy, isOld)) {
        const which = valueOf(tlsPolicy) ?? 'a security policy';
        yield { ...place, message: `${name} has ${which}, which accepts TLS 1.0 or 1.1` };
      }
    }
  },
};

/** Policies that go below TLS 1.2, as the user guide lists them. */
function isOld(policy: string): boolean {
  return /^ELBSecurityPolicy-(?:2015-05|2016-08|FS-2018-06|FS-1-1-|TLS-1-[01]-|TLS13-1-[01]-)/i.test(policy);
}

function balancerOf(project: Project, listener: Listener) {
  for (const id of localIds(listener.loadBalancer)) {
    const balancer = lookup(project).balancers.get(id);
    if (balancer) return balancer;
  }
  return undefined;
}
