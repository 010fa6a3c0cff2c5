import type { Rule } from '../../../contract/index.ts';
import { label } from '../facts.ts';
import { effectOf } from '../web-acl.ts';

export const webAclOnlyCounts: Rule = {
  id: 'firewall/web-acl-only-counts',
  step: 'firewall',
  severity: 'warning',
  title: 'Web ACL only counts and refuses no request',
  attack:
    'Count is for watching: the rule writes a metric and the request goes on. With every rule on Count or Allow and a default ' +
    'action of Allow the attack is recorded and delivered all the same. Count is the right setting for the first days of a new ' +
    'rule and is easily forgotten there.',
  fix: {
    serverless: `resources:
  Resources:
    ApiWebAcl:
      Type: AWS::WAFv2::WebACL
      Properties:
        Rules:
          - Name: common
            Priority: 0
            OverrideAction: { None: {} } # not Count: the rules of the group act`,
    cloudformation: `ApiWebAcl:
  Type: AWS::WAFv2::WebACL
  Properties:
    Rules:
      - Name: common
        Priority: 0
        OverrideAction: { None: {} } # not Count: the rules of the group act`,
  },
  docs: [
    {
      title: 'Testing and tuning your AWS WAF protections',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-testing.html',
    },
    {
      title: 'Using rule actions in AWS WAF',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-action.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const acl of project.webAcls) {
      if (acl.generation !== 'v2' || effectOf(project, acl) !== 'counts') continue;
      yield {
        message: `Web ACL ${label(acl)} refuses no request: its default action is Allow and each of its rules only counts or allows`,
        span: acl.span,
        subject: acl.id,
        related: acl.rules.map((rule) => ({ message: `${rule.name ?? 'rule'} stops nothing`, span: rule.span })),
      };
    }
  },
};
