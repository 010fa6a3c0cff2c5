import type { Rule } from '../../../contract/index.ts';
import { coverOf, type Guarded, guardedStages, isPrivate } from '../facts.ts';

export const associationIsUndecided: Rule = {
  id: 'firewall/association-is-undecided',
  step: 'firewall',
  severity: 'note',
  title: 'The files do not decide what the web ACL is associated with',
  attack:
    'The project has an API, a user pool or a load balancer that may be behind this web ACL or may stand open: the target of the ' +
    'association is known only when it is deployed, or a condition decides. If it is another resource, or the condition is ' +
    'false, requests arrive unfiltered and nobody notices.',
  fix: {
    serverless: `resources:
  Resources:
    ApiWebAclAssociation:
      Type: AWS::WAFv2::WebACLAssociation
      Properties:
        WebACLArn: !GetAtt ApiWebAcl.Arn
        ResourceArn: !Sub arn:\${AWS::Partition}:apigateway:\${AWS::Region}::/restapis/\${ApiGatewayRestApi}/stages/\${sls:stage}`,
    cloudformation: `ApiWebAclAssociation:
  Type: AWS::WAFv2::WebACLAssociation
  Properties:
    WebACLArn: !GetAtt ApiWebAcl.Arn
    ResourceArn: !Sub arn:\${AWS::Partition}:apigateway:\${AWS::Region}::/restapis/\${OrdersApi}/stages/\${OrdersStage}`,
  },
  docs: [
    {
      title: 'AWS::WAFv2::WebACLAssociation',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-webaclassociation.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-693'] },
  *check(project) {
    const things: readonly Guarded[] = [
      ...project.apis.filter((api) => api.kind === 'rest' && !isPrivate(api)).flatMap(guardedStages),
      ...project.userPools.map(({ id }): Guarded => ({ kind: 'user-pool', id })),
      ...project.loadBalancers.map(({ id }): Guarded => ({ kind: 'load-balancer', id })),
    ];
    const seen = new Set<string>();
    for (const thing of things) {
      const cover = coverOf(project, thing);
      if (cover.kind !== 'undecided' || !cover.association || seen.has(cover.association.id)) continue;
      seen.add(cover.association.id);
      yield {
        message: `Whether ${nameOf(thing)} is behind a web ACL is not decided by the files: ${cover.reason}`,
        span: cover.span,
        subject: cover.association.id,
        state: 'unknown',
      };
    }
  },
};

function nameOf(thing: Guarded): string {
  if (thing.kind !== 'stage') return thing.id;
  return thing.api.name ?? thing.api.id;
}
