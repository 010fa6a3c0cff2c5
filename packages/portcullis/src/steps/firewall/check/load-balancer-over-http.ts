import type { Observation, Rule } from '../../../contract/index.ts';
import {
  always,
  type Listener,
  type ListenerAction,
  type Project,
  sometimes,
  valueOf,
} from '../../../project/index.ts';
import { isClassic, reachability } from '../entrance.ts';
import { label } from '../facts.ts';
import { lookup } from '../lookup.ts';
import { inService } from '../snippets.ts';

const redirect = `HttpListener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties:
    LoadBalancerArn: !Ref OrdersLoadBalancer
    Port: 80
    Protocol: HTTP
    DefaultActions:
      - Type: redirect
        RedirectConfig: { Protocol: HTTPS, Port: '443', StatusCode: HTTP_301 }`;

export const loadBalancerOverHttp: Rule = {
  id: 'firewall/load-balancer-over-http',
  step: 'firewall',
  severity: 'warning',
  title: 'Requests cross the internet without encryption',
  attack:
    'Over plain HTTP everybody on the way reads the request with its cookies and tokens, and can change it after the authorizer ' +
    'and the firewall have looked at it. A secret header that shall prove that the API is the sender is read on the same way and ' +
    'proves nothing any more.',
  fix: {
    serverless: inService(redirect),
    cloudformation: `${redirect}
# and an HTTPS listener with a certificate; integrations of the API then use https://`,
  },
  docs: [
    {
      title: 'Create an HTTPS listener for your Application Load Balancer',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html',
    },
    {
      title: 'Security Hub controls for Elastic Load Balancing',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html',
    },
  ],
  mappings: { fsbp: ['ELB.1'], owasp: ['API8:2023'], cwe: ['CWE-319'] },
  *check(project) {
    yield* integrations(project);
    for (const listener of project.listeners) {
      const observation = judge(project, listener);
      if (observation) yield observation;
    }
  },
};

/** Integrations by public http:// address, once for each place that names one. */
function* integrations(project: Project): Iterable<Observation> {
  for (const api of project.apis) {
    for (const route of api.routes) {
      const { integration } = route;
      if (integration.kind !== 'http' || !sometimes(integration.private, (value) => !value)) continue;
      const plain = sometimes(integration.uri, (uri) => /^http:\/\//i.test(uri));
      if (!plain) continue;
      yield {
        message: `${route.method} ${route.path} goes on to its backend over plain HTTP`,
        span: integration.span,
        subject: route.id,
        route: route.id,
      };
    }
  }
}

function judge(project: Project, listener: Listener): Observation | undefined {
  if (!always(listener.protocol, (protocol) => protocol.toUpperCase() === 'HTTP')) return undefined;
  const place = { span: listener.span, subject: listener.id };
  const port = valueOf(listener.port);
  const name = `Listener ${listener.id}${port === undefined ? '' : ` on port ${port}`}`;
  const link = valueOf(listener.loadBalancer);
  const balancer = link?.kind === 'local' ? lookup(project).balancers.get(link.id) : undefined;
  const forwards = [listener.defaultActions, ...listener.rules.map((rule) => rule.actions)].some(delivers);
  if (!forwards && !(balancer && isClassic(balancer))) return undefined;
  if (!balancer) {
    return {
      ...place,
      severity: 'note',
      state: 'unknown',
      message: `${name} forwards plain HTTP, and its load balancer is not in the files: it may be on the internet`,
    };
  }
  if (!sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing')) {
    if (balancer.scheme.kind !== 'unknown') return undefined;
    return {
      ...place,
      severity: 'note',
      state: 'unknown',
      message: `${name} forwards plain HTTP, and whether ${label(balancer)} is on the internet is not decided: its scheme ${balancer.scheme.reason}`,
    };
  }
  if (reachability(project, balancer, listener).kind === 'restricted') return undefined;
  return {
    ...place,
    message: `${name} of the internet-facing load balancer ${label(balancer)} forwards plain HTTP instead of redirecting to HTTPS`,
  };
}

/** True when the actions hand a request on, or redirect it to plain HTTP again. */
function delivers(actions: readonly ListenerAction[]): boolean {
  return actions.some((action) => action.type === 'forward' || action.redirectProtocol?.toUpperCase() === 'HTTP');
}
