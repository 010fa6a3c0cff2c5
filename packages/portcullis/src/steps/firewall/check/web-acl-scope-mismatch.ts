import type { Rule } from '../../../contract/index.ts';
import {
  get,
  type Project,
  possibilities,
  references,
  sometimes,
  valueOf,
  type WebAcl,
  type WebAclAssociation,
} from '../../../project/index.ts';
import { label } from '../facts.ts';
import { distributionType, lookup } from '../lookup.ts';

export const webAclScopeMismatch: Rule = {
  id: 'firewall/web-acl-scope-mismatch',
  step: 'firewall',
  severity: 'warning',
  title: 'Scope of the web ACL does not fit what it is associated with',
  attack:
    'A web ACL of scope CLOUDFRONT protects distributions only, one of scope REGIONAL everything else. AWS WAF refuses the other ' +
    'combination and the deployment fails; what is deployed from then on without the association, to get it through, stands ' +
    'unprotected.',
  fix: {
    serverless: `resources:
  Resources:
    ApiWebAcl:
      Type: AWS::WAFv2::WebACL
      Properties:
        Scope: REGIONAL # for stages, load balancers and user pools; CLOUDFRONT, in us-east-1, for distributions`,
    cloudformation: `ApiWebAcl:
  Type: AWS::WAFv2::WebACL
  Properties:
    Scope: REGIONAL # for stages, load balancers and user pools; CLOUDFRONT, in us-east-1, for distributions`,
  },
  docs: [
    {
      title: 'AWS::WAFv2::WebACL',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-webacl.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    for (const association of project.webAclAssociations) {
      const target = distributionNamed(project, association);
      if (target !== undefined) {
        yield {
          message: `${association.id} names the distribution ${target}, which takes no association: its web ACL is its property WebACLId`,
          span: association.span,
          subject: association.id,
        };
        continue;
      }
      const link = valueOf(association.webAcl);
      const acl = link?.kind === 'local' ? lookup(project).webAcls.get(link.id) : undefined;
      if (!acl || !isScope(acl, 'CLOUDFRONT')) continue;
      yield {
        message: `${association.id} associates web ACL ${label(acl)} of scope CLOUDFRONT with a regional resource, which AWS WAF refuses`,
        span: association.span,
        subject: association.id,
        related: [{ message: 'the scope of this web ACL is CLOUDFRONT', span: acl.span }],
      };
    }
    for (const { distribution, acl, span } of distributionAcls(project)) {
      if (!isScope(acl, 'REGIONAL')) continue;
      yield {
        message: `Distribution ${distribution} names web ACL ${label(acl)} of scope REGIONAL, which CloudFront refuses`,
        span,
        subject: distribution,
        related: [{ message: 'the scope of this web ACL is REGIONAL', span: acl.span }],
      };
    }
  },
};

/** Logical id of the distribution that stands where a regional resource belongs. */
function distributionNamed(project: Project, association: WebAclAssociation): string | undefined {
  for (const id of references(get(project.resources.get(association.id)?.properties, 'ResourceArn'))) {
    if (project.resources.get(id)?.type === distributionType) return id;
  }
  return undefined;
}

function isScope(acl: WebAcl, scope: 'REGIONAL' | 'CLOUDFRONT'): boolean {
  return acl.generation === 'v2' && sometimes(acl.scope, (value) => value === scope);
}

function* distributionAcls(project: Project) {
  const { distributions, webAcls } = lookup(project);
  for (const resource of distributions) {
    const id = get(get(resource.properties, 'DistributionConfig'), 'WebACLId');
    for (const value of id ? possibilities(id) : []) {
      if (value.kind !== 'reference') continue;
      const acl = webAcls.get(value.id);
      if (acl) yield { distribution: resource.id, acl, span: value.span };
    }
  }
}
