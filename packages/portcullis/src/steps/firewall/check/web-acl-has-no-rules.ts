import type { Rule } from '../../../contract/index.ts';
import { label } from '../facts.ts';
import { guarded } from '../snippets.ts';
import { effectOf } from '../web-acl.ts';

export const webAclHasNoRules: Rule = {
  id: 'firewall/web-acl-has-no-rules',
  step: 'firewall',
  severity: 'warning',
  title: 'Web ACL has no rules and allows everything',
  attack:
    'A web ACL without rules applies its default action to every request. With Allow it is a firewall in name only: the console ' +
    'and the audit show an associated web ACL, and every attack passes it.',
  fix: {
    serverless: guarded('serverless', '!GetAtt UserPool.Arn'),
    cloudformation: guarded('cloudformation', '!GetAtt UserPool.Arn'),
  },
  docs: [
    {
      title: 'AWS WAF rules',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-rules.html',
    },
    {
      title: 'Security Hub controls for AWS WAF',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/waf-controls.html',
    },
  ],
  mappings: { fsbp: ['WAF.10'], owasp: ['API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const acl of project.webAcls) {
      if (acl.generation !== 'v2' || effectOf(project, acl) !== 'empty') continue;
      yield {
        message: `Web ACL ${label(acl)} has no rules, and its default action is Allow: it filters nothing`,
        span: acl.span,
        subject: acl.id,
        state: 'open',
      };
    }
  },
};
