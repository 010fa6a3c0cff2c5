import type { Rule } from '../../../contract/index.ts';
import { outcomes, type Project, references, sometimes } from '../../../project/index.ts';
import { label } from '../facts.ts';

export const webAclIsAssociatedWithNothing: Rule = {
  id: 'firewall/web-acl-is-associated-with-nothing',
  step: 'firewall',
  severity: 'warning',
  title: 'Web ACL is associated with nothing',
  attack:
    'A web ACL does nothing until it is associated with a stage, a load balancer, a user pool or a distribution. Until then every ' +
    'request goes past it. Whoever reads the template believes that the API is protected, and nobody looks again.',
  fix: {
    serverless: `plugins:
  - serverless-associate-waf # associates the web ACL with the REST API stage after each deployment
custom:
  associateWaf:
    name: \${self:service}-\${sls:stage} # the Name of the web ACL
    version: V2`,
    cloudformation: `ApiWebAclAssociation:
  Type: AWS::WAFv2::WebACLAssociation
  Properties:
    WebACLArn: !GetAtt ApiWebAcl.Arn
    ResourceArn: !Sub arn:\${AWS::Partition}:apigateway:\${AWS::Region}::/restapis/\${OrdersApi}/stages/\${OrdersStage}`,
  },
  docs: [
    {
      title: 'Associating or disassociating protection with an AWS resource',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html',
    },
    {
      title: 'AWS::WAFv2::WebACLAssociation',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-webaclassociation.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    if (project.webAcls.length === 0) return;
    const guardsSomething = hasTargets(project);
    const used = usedAcls(project);
    for (const acl of project.webAcls) {
      if (!used || used.has(acl.id)) continue;
      yield {
        message: `Web ACL ${label(acl)} is associated with nothing in the files`,
        span: acl.span,
        subject: acl.id,
        // A stack of nothing but web ACLs is associated from elsewhere: worth knowing, not a gate left open here.
        ...(guardsSomething ? {} : { severity: 'note' as const }),
      };
    }
  },
};

function hasTargets(project: Project): boolean {
  return (
    project.userPools.length > 0 ||
    project.apis.some((api) => api.kind === 'rest' || api.kind === 'alb') ||
    project.loadBalancers.some((balancer) => sometimes(balancer.scheme, (scheme) => scheme === 'internet-facing'))
  );
}

/** Ids and names of the web ACLs that something of the project uses; undefined when that is not decided. */
function usedAcls(project: Project): ReadonlySet<string> | undefined {
  const used = new Set<string>();
  for (const { webAcl } of project.webAclAssociations) {
    for (const outcome of outcomes(webAcl)) {
      if (outcome.kind === 'known') used.add(outcome.value.kind === 'local' ? outcome.value.id : outcome.value.name);
      else if (webAcl.kind === 'unknown') return undefined;
    }
  }
  for (const resource of project.resources.values()) {
    if (resource.type === 'AWS::WAFv2::LoggingConfiguration') continue;
    for (const id of references(resource.properties)) if (id !== resource.id) used.add(id);
  }
  // Another stack may associate what this one hands out.
  for (const { context, node } of project.configuration) if (context === 'output') references(node, used);
  return used;
}
