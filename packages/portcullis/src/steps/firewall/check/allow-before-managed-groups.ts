import type { Observation, Rule } from '../../../contract/index.ts';
import { type AllowWidth, earlyAllows } from '../early-allow.ts';
import { label } from '../facts.ts';
import { indent, inService } from '../snippets.ts';

const rules = `Rules:
  - Name: common # the groups first
    Priority: 0
    OverrideAction: { None: {} }
    Statement: { ManagedRuleGroupStatement: { VendorName: AWS, Name: AWSManagedRulesCommonRuleSet } }
    VisibilityConfig: { MetricName: common, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true }
  - Name: allow-home-country # then what may pass
    Priority: 10
    Action: { Allow: {} }
    Statement: { GeoMatchStatement: { CountryCodes: [DE] } }
    VisibilityConfig: { MetricName: home, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true }`;

export const allowBeforeManagedGroups: Rule = {
  id: 'firewall/allow-before-managed-groups',
  step: 'firewall',
  severity: 'error',
  title: 'Allow rule stands before the rule groups, so matching requests skip them',
  attack:
    'Allow ends the evaluation: a request that matches the rule is delivered without a look from the groups behind it. If the rule ' +
    'matches a path, a header, a country or anything else that the sender chooses, an attacker sends requests that match it and ' +
    'has no firewall.',
  fix: {
    serverless: inService(`ApiWebAcl:
  Type: AWS::WAFv2::WebACL
  Properties:
${indent(rules, 4)}`),
    cloudformation: rules,
  },
  docs: [
    {
      title: 'Processing order of rules and rule groups in a web ACL',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-processing-order.html',
    },
    {
      title: 'Using rule actions in AWS WAF',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-action.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-696'] },
  *check(project) {
    for (const acl of project.webAcls) {
      for (const { rule, width, skipped } of earlyAllows(project, acl)) {
        const name = rule.name ?? 'a rule';
        const group = skipped.statement.group ?? skipped.name ?? 'the other rules';
        yield {
          span: rule.span,
          subject: `${acl.id}/${name}`,
          related: [{ message: `${group} does not see what the rule allows`, span: skipped.span }],
          ...judged[width](`${name} of web ACL ${label(acl)}`, group),
        };
      }
    }
  },
};

type Judgement = Pick<Observation, 'message' | 'severity' | 'state' | 'question'>;

const judged: Readonly<Record<AllowWidth, (rule: string, group: string) => Judgement>> = {
  anyone: (rule, group) => ({
    message: `Rule ${rule} allows requests before ${group}, and every sender can make one that matches`,
    severity: 'error',
    state: 'open',
  }),
  // Known addresses skip the groups: a decision that a person may have taken, so it warns.
  some: (rule, group) => ({
    message: `Rule ${rule} allows requests before ${group}: the senders it matches are never inspected`,
    severity: 'warning',
    state: 'half-open',
    question: 'Are the senders that this rule matches trusted as far as what they send?',
  }),
  undecided: (rule, group) => ({
    message: `Rule ${rule} may allow requests before ${group}: its statement or priority is not decided by the files`,
    severity: 'note',
    state: 'unknown',
  }),
};
