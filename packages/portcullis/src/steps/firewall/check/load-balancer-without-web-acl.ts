import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type LoadBalancer, type Project, sometimes, undecided } from '../../../project/index.ts';
import { isClosedToStrangers } from '../entrance.ts';
import { coverOf, distributionBefore, isPrivate, label, loadBalancersOf } from '../facts.ts';
import { guarded } from '../snippets.ts';

export const loadBalancerWithoutWebAcl: Rule = {
  id: 'firewall/load-balancer-without-web-acl',
  step: 'firewall',
  severity: 'warning',
  title: 'Internet-facing load balancer has no web ACL',
  attack:
    'An internet-facing Application Load Balancer hands every request to its containers or functions. Scanners find it within ' +
    'hours by its address alone and send exploit payloads for every framework they know; without a web ACL all of them reach ' +
    'your code, at any rate the sender likes.',
  fix: {
    serverless: guarded('serverless', '!Ref OrdersLoadBalancer'),
    cloudformation: guarded('cloudformation', '!Ref OrdersLoadBalancer'),
  },
  docs: [
    {
      title: 'AWS WAF and Application Load Balancers',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-waf.html',
    },
    {
      title: 'AWS::WAFv2::WebACLAssociation',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-webaclassociation.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023', 'API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const balancer of project.loadBalancers) yield* judge(project, balancer);
    for (const api of project.apis) {
      if (api.kind !== 'alb' || isPrivate(api) || loadBalancersOf(project, api).length > 0) continue;
      yield {
        message: `The load balancer before ${label(api)} is defined elsewhere: whether it has a web ACL is decided there`,
        span: api.span,
        subject: api.id,
        severity: 'note',
        state: 'unknown',
        question: 'Is a web ACL associated with the load balancer of this listener?',
      };
    }
  },
};

function* judge(project: Project, balancer: LoadBalancer): Iterable<Observation> {
  // Only Application Load Balancers take a web ACL, and only public ones need one here.
  if (!sometimes(balancer.type, (type) => type === 'application') && undecided(balancer.type).length === 0) return;
  if (always(balancer.scheme, (scheme) => scheme === 'internal')) return;
  if (isClosedToStrangers(project, balancer)) return;
  const cover = coverOf(project, { kind: 'load-balancer', id: balancer.id });
  if (cover.kind === 'acl' || (cover.kind === 'undecided' && cover.association)) return;
  const place = { span: balancer.span, subject: balancer.id };
  const [open] = [...undecided(balancer.scheme), ...undecided(balancer.type)];
  const reason =
    cover.kind === 'undecided'
      ? cover.reason
      : open && !sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing')
        ? `its scheme ${open.reason}`
        : undefined;
  if (reason !== undefined) {
    yield {
      ...place,
      severity: 'note',
      state: 'unknown',
      message: `Load balancer ${label(balancer)} has no web ACL in the files, and they do not decide whether it needs one: ${reason}`,
    };
    return;
  }
  const distribution = distributionBefore(project, balancer.id);
  yield distribution
    ? {
        ...place,
        state: 'half-open',
        message: `Load balancer ${label(balancer)} has no web ACL of its own: only requests that come through ${distribution.id} are filtered`,
        question: `Does the load balancer refuse requests that do not come through ${distribution.id}?`,
      }
    : { ...place, state: 'open', message: `Internet-facing load balancer ${label(balancer)} has no web ACL` };
}
