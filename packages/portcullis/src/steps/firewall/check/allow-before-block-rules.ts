import type { Rule } from '../../../contract/index.ts';
import { skippedBlocks } from '../early-allow.ts';
import { label } from '../facts.ts';
import { indent, inService } from '../snippets.ts';

const rules = `Rules:
  - Name: injection # what looks for attacks first
    Priority: 0
    Action: { Block: {} }
    Statement:
      SqliMatchStatement:
        FieldToMatch: { AllQueryArguments: {} }
        TextTransformations: [{ Priority: 0, Type: URL_DECODE }]
    VisibilityConfig: { MetricName: injection, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true }
  - Name: home # then who may pass
    Priority: 1
    Action: { Allow: {} }
    Statement: { GeoMatchStatement: { CountryCodes: [DE] } }
    VisibilityConfig: { MetricName: home, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true }`;

export const allowBeforeBlockRules: Rule = {
  id: 'firewall/allow-before-block-rules',
  step: 'firewall',
  severity: 'warning',
  title: 'Allow rule stands before Block rules, so matching requests skip them',
  attack:
    'Allow ends the evaluation. A request that comes from the allowed country, through a rented address there, or that carries the ' +
    'allowed header is delivered before the Block rules behind it have looked: no search for injections, no list of known attackers, ' +
    'no rate limit.',
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
      for (const { rule, skipped, weight } of skippedBlocks(project, acl)) {
        const name = `Rule ${rule.name ?? 'without name'} of web ACL ${label(acl)}`;
        const block = skipped.name ?? 'a Block rule';
        yield {
          span: rule.span,
          subject: `${acl.id}/${rule.name ?? 'rule'}`,
          related: [{ message: `${block} does not see what the rule allows`, span: skipped.span }],
          ...(weight === 'weak'
            ? { message: `${name} allows requests before ${block}, and every sender can make one that matches` }
            : {
                message: `${name} allows requests before ${block}: what these senders send is not inspected`,
                severity: 'note' as const,
              }),
        };
      }
    }
  },
};
