import type { Rule } from '../../../contract/index.ts';
import { label } from '../facts.ts';
import { guarded } from '../snippets.ts';

export const wafClassicIsRetired: Rule = {
  id: 'firewall/waf-classic-is-retired',
  step: 'firewall',
  severity: 'warning',
  title: 'Web ACL belongs to AWS WAF Classic, whose support has ended',
  attack:
    'AWS announced the end of support for AWS WAF Classic for 30 September 2025. Its web ACLs have no managed rule groups and ' +
    'get no new protection, so payloads that AWS WAF recognises today pass them. A gate that nobody maintains looks closed in the ' +
    'template and is not.',
  fix: {
    serverless: guarded(
      'serverless',
      '!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${ApiGatewayRestApi}/stages/${sls:stage}',
    ),
    cloudformation: guarded(
      'cloudformation',
      '!Sub arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${OrdersApi}/stages/${OrdersStage}',
    ),
  },
  docs: [
    {
      title: 'AWS WAF Classic',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/classic-waf-chapter.html',
    },
    {
      title: 'Migrating your AWS WAF Classic resources to AWS WAF',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/waf-migrating-from-classic.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1104'] },
  *check(project) {
    for (const acl of project.webAcls) {
      if (acl.generation !== 'classic') continue;
      yield {
        message: `Web ACL ${label(acl)} belongs to AWS WAF Classic; its end of support was announced for 2025-09-30`,
        span: acl.span,
        subject: acl.id,
      };
    }
    // An association of the classic kind with a web ACL that is made elsewhere.
    for (const association of project.webAclAssociations) {
      const type = project.resources.get(association.id)?.type;
      if (type !== 'AWS::WAFRegional::WebACLAssociation') continue;
      if (association.webAcl.kind === 'known' && association.webAcl.value.kind === 'local') continue;
      yield {
        message: `${association.id} associates a web ACL of AWS WAF Classic; its end of support was announced for 2025-09-30`,
        span: association.span,
        subject: association.id,
      };
    }
  },
};
