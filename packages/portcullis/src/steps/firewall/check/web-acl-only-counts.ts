import type { Observation, Rule } from '../../../contract/index.ts';
import { label } from '../facts.ts';
import { type Effect, effectOf } from '../web-acl.ts';

type Judgement = Pick<Observation, 'message' | 'severity' | 'state' | 'related'>;

const judged: Partial<Readonly<Record<Effect, (acl: string) => Judgement>>> = {
  counts: (acl) => ({
    message: `${acl} refuses no request: its default action is Allow and each of its rules only counts, allows or can match nothing`,
  }),
  // Somebody may want just that: a note.
  limits: (acl) => ({
    message: `${acl} only limits rates: no request is refused for what it holds`,
    severity: 'note',
    state: 'half-open',
    related: [],
  }),
  undecided: (acl) => ({
    message: `Whether ${acl} refuses any request is not decided by the files: a parameter or condition decides about its default action and rules`,
    severity: 'note',
    state: 'unknown',
  }),
};

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
      if (acl.generation !== 'v2') continue;
      const judgement = judged[effectOf(project, acl)]?.(`Web ACL ${label(acl)}`);
      if (!judgement) continue;
      const effect = judgement.state === 'unknown' ? 'may stop nothing' : 'stops nothing';
      yield {
        ...judgement,
        span: acl.span,
        subject: acl.id,
        related:
          judgement.related ??
          acl.rules.map((rule) => ({ message: `${rule.name ?? 'rule'} ${effect}`, span: rule.span })),
      };
    }
  },
};
