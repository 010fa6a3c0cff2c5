import type { Observation, Rule } from '../../../contract/index.ts';
import { type BodyGap, bodyGap, limitOf } from '../body-inspection.ts';
import { label } from '../facts.ts';
import { indent, inService } from '../snippets.ts';

const rules = `Rules:
  - Name: large-bodies # what the other rules cannot see to its end
    Priority: 0
    Action: { Block: {} }
    Statement:
      SizeConstraintStatement:
        FieldToMatch: { Body: { OversizeHandling: MATCH } }
        ComparisonOperator: GT
        Size: 8192
        TextTransformations: [{ Priority: 0, Type: NONE }]
    VisibilityConfig: { MetricName: large-bodies, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true }`;

export const largeBodiesPass: Rule = {
  id: 'firewall/large-bodies-pass',
  step: 'firewall',
  severity: 'warning',
  title: 'Attack behind the first kilobytes of a body is not seen',
  attack:
    'AWS WAF hands its rules the first 8 KB of a body before a load balancer and the first 16 KB before API Gateway, and delivers all ' +
    'of it. Whoever puts that much filling before the payload, a long comment or an unused field, is not seen by any rule that ' +
    'looks at bodies. Public tools do it by themselves.',
  fix: {
    serverless: inService(`ApiWebAcl:
  Type: AWS::WAFv2::WebACL
  Properties:
${indent(rules, 4)}`),
    cloudformation: rules,
  },
  docs: [
    {
      title: 'Oversize web request components in AWS WAF',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-oversize-request-components.html',
    },
    {
      title: 'Considerations for managing body inspection',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html',
    },
    {
      title: 'Baseline rule groups: SizeRestrictions_BODY',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const acl of project.webAcls) {
      const gap = bodyGap(project, acl);
      if (!gap) continue;
      const limit = `${Math.round(limitOf(project, acl) / 1024)} KB`;
      const place = { span: gap.rule.span, subject: `${acl.id}/${gap.rule.name ?? 'rule'}` };
      yield { ...place, ...judged[gap.kind](`Web ACL ${label(acl)}`, gap.rule.name ?? 'a rule', limit) };
    }
  },
};

type Judgement = Pick<Observation, 'message' | 'severity' | 'question'>;

const judged: Readonly<Record<BodyGap['kind'], (acl: string, rule: string, limit: string) => Judgement>> = {
  overridden: (acl, rule, limit) => ({
    message: `${acl} lets large bodies through: in ${rule} the rule SizeRestrictions_BODY only counts, and no rule sees more than the first ${limit}`,
    question: 'Do any routes need bodies over 8 KB? If so, block them everywhere else.',
  }),
  blind: (acl, rule, limit) => ({
    message: `The size rule ${rule} of ${acl.replace('Web', 'web')} never matches: it sees the first ${limit} of a body and asks for more than that (OversizeHandling: MATCH would refuse what is larger)`,
  }),
  // Whoever takes no managed group for bodies may have no large ones to fear: worth knowing, not a hole by itself.
  none: (acl, rule, limit) => ({
    message: `${acl} inspects the first ${limit} of a body (rule ${rule}), and nothing refuses larger ones`,
    severity: 'note',
  }),
};
