import type { Observation, Rule } from '../../../contract/index.ts';
import { always, type LoadBalancer, type Project } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { weakProofs } from '../proofs.ts';
import { inService } from '../snippets.ts';

const resources = `OriginSecret:
  Type: AWS::SecretsManager::Secret
  Properties: { GenerateSecretString: { PasswordLength: 48, ExcludePunctuation: true } }
OrdersListenerRule:
  Type: AWS::ElasticLoadBalancingV2::ListenerRule
  Properties:
    ListenerArn: !Ref OrdersListener
    Priority: 1
    Conditions:
      - Field: http-header
        HttpHeaderConfig:
          HttpHeaderName: x-origin-verify
          Values: [!Sub '{{resolve:secretsmanager:\${OriginSecret}}}']
    Actions: [{ Type: forward, TargetGroupArn: !Ref OrdersTargets }]
# The integration of the API adds the same value:
#   RequestParameters:
#     integration.request.header.x-origin-verify: !Sub "'{{resolve:secretsmanager:\${OriginSecret}}}'"`;

export const senderProofIsWeak: Rule = {
  id: 'firewall/sender-proof-is-weak',
  step: 'firewall',
  severity: 'warning',
  title: 'Header that proves the sender to the load balancer can be guessed or read',
  attack:
    'The load balancer takes every request that carries the header, whoever sends it. A value that is short, is a word or stands in ' +
    'the repository is found by trying or by reading, and one that the API copies from its caller is no secret at all. From then on ' +
    'requests go straight to the load balancer: no authorizer, no key, no throttle, no web ACL of the API.',
  fix: { serverless: inService(resources), cloudformation: resources },
  docs: [
    {
      title: 'Restrict access to Application Load Balancers',
      url: 'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html',
    },
    {
      title: 'Dynamic references to secrets in CloudFormation',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API8:2023'], cwe: ['CWE-798', 'CWE-1391'] },
  *check(project) {
    for (const balancer of project.loadBalancers) {
      if (!always(balancer.scheme, (scheme) => scheme === 'internal')) yield* judge(project, balancer);
    }
  },
};

function* judge(project: Project, balancer: LoadBalancer): Iterable<Observation> {
  for (const { header, condition, copied, weak } of weakProofs(project, balancer)) {
    const subject = `${balancer.id} ${header.toLowerCase()}`;
    const name = `The header ${header}, which load balancer ${label(balancer)} takes as the proof that a request came through the gateway,`;
    if (copied) {
      yield {
        message: `${name} is copied from the caller's request in ${copied.route.method} ${copied.route.path}: it proves nothing`,
        span: copied.span,
        subject,
        route: copied.route.id,
        related: [{ message: 'the listener asks for it', span: condition.span }],
      };
    } else if (weak) {
      yield {
        message:
          weak.weakness === 'guessable'
            ? `${name} has a value that is short or a word: it can be guessed, and stands in the file as well`
            : `${name} has its value in the file: whoever reads it goes around the gateway`,
        span: weak.span,
        subject,
      };
    }
  }
}
