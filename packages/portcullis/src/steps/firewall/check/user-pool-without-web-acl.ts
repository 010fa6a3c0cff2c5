import type { Rule } from '../../../contract/index.ts';
import { coverOf, label } from '../facts.ts';
import { guarded } from '../snippets.ts';

export const userPoolWithoutWebAcl: Rule = {
  id: 'firewall/user-pool-without-web-acl',
  step: 'firewall',
  severity: 'warning',
  title: 'Cognito user pool has no web ACL',
  attack:
    'Sign-up, sign-in and password reset of a user pool are public endpoints. Without a web ACL somebody tries leaked passwords ' +
    'from many addresses, signs up thousands of accounts or sends codes at your cost, limited only by the quotas of Cognito ' +
    'itself, which all your users share.',
  fix: {
    serverless: guarded('serverless', '!GetAtt UserPool.Arn'),
    cloudformation: guarded('cloudformation', '!GetAtt UserPool.Arn'),
  },
  docs: [
    {
      title: 'Associate an AWS WAF web ACL with a user pool',
      url: 'https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-waf.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API2:2023', 'API4:2023'], cwe: ['CWE-307'] },
  *check(project) {
    for (const pool of project.userPools) {
      const cover = coverOf(project, { kind: 'user-pool', id: pool.id });
      const place = { span: pool.span, subject: pool.id };
      if (cover.kind === 'none') {
        // Half open, not open: Cognito has quotas and locks out after failed attempts by itself.
        yield { ...place, state: 'half-open', message: `User pool ${label(pool)} has no web ACL` };
      } else if (cover.kind === 'undecided' && !cover.association) {
        yield {
          ...place,
          severity: 'note',
          state: 'unknown',
          message: `The files do not decide whether user pool ${label(pool)} has a web ACL: ${cover.reason}`,
          related: [{ message: 'depends on this', span: cover.span }],
        };
      }
    }
  },
};
