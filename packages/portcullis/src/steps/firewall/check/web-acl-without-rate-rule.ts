import type { Rule } from '../../../contract/index.ts';
import { always } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { type RateLimit, rateLimitOf } from '../rates.ts';
import { indent, inService } from '../snippets.ts';

const rules = `Rules:
  - Name: rate
    Priority: 0
    Action: { Block: {} }
    Statement: { RateBasedStatement: { Limit: 2000, EvaluationWindowSec: 300, AggregateKeyType: IP } }
    VisibilityConfig: { MetricName: rate, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true }`;

const said: Partial<Readonly<Record<RateLimit, string>>> = {
  none: 'has no rate-based rule: one address may send as many requests as it likes',
  counts: 'counts senders who come too often and lets them through: its rate-based rule does not block',
  excessive:
    'has a rate-based rule that can never match: its limit is more than an account takes (10,000 requests a second), or it looks at nobody',
};

export const webAclWithoutRateRule: Rule = {
  id: 'firewall/web-acl-without-rate-rule',
  step: 'firewall',
  severity: 'note',
  title: 'Web ACL does not limit how often one address may call',
  attack:
    'Whoever guesses passwords, collects records or only wants to be in the way sends well-formed requests, and sends many. Managed ' +
    'groups look at each request alone and see nothing wrong. A rate-based rule counts them for each address and stops the sender ' +
    'before the authorizer, the function and the bill.',
  fix: {
    serverless: inService(`ApiWebAcl:
  Type: AWS::WAFv2::WebACL
  Properties:
${indent(rules, 4)}`),
    cloudformation: rules,
  },
  docs: [
    {
      title: 'Using rate-based rule statements in AWS WAF',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API4:2023'], cwe: ['CWE-307', 'CWE-770'] },
  *check(project) {
    for (const acl of project.webAcls) {
      // Who is let in by name is not limited, and a web ACL that does nothing at all has a rule of its own.
      if (acl.rules.length === 0 || always(acl.defaultAction, (action) => action === 'block')) continue;
      const what = said[rateLimitOf(project, acl)];
      if (what === undefined) continue;
      yield { message: `Web ACL ${label(acl)} ${what}`, span: acl.span, subject: acl.id };
    }
  },
};
