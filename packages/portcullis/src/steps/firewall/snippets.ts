// Pieces of the snippets that several rules show. They are complete: what is pasted deploys.

const visibility = (metric: string) =>
  `VisibilityConfig: { MetricName: ${metric}, CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true }`;

function managedRule(name: string, group: string, priority: number): string {
  return `- Name: ${name}
  Priority: ${priority}
  OverrideAction: { None: {} }
  Statement: { ManagedRuleGroupStatement: { VendorName: AWS, Name: ${group} } }
  ${visibility(name)}`;
}

/** Rules of a web ACL as a YAML list: two managed groups and a rate limit. */
const rules = `${managedRule('common', 'AWSManagedRulesCommonRuleSet', 0)}
${managedRule('known-bad-inputs', 'AWSManagedRulesKnownBadInputsRuleSet', 1)}
- Name: rate
  Priority: 2
  Action: { Block: {} }
  Statement: { RateBasedStatement: { Limit: 2000, AggregateKeyType: IP } }
  ${visibility('rate')}`;

export function indent(text: string, spaces: number): string {
  const margin = ' '.repeat(spaces);
  return text.replaceAll(/^(?=.)/gm, margin);
}

/** Resources of a template, not indented, as a serverless.yml takes them. */
export function inService(resources: string): string {
  return `resources:\n  Resources:\n${indent(resources, 4)}`;
}

/** A web ACL as one resource of a template, not indented. */
export function webAclResource(name: string, scope: 'REGIONAL' | 'CLOUDFRONT' = 'REGIONAL'): string {
  return `ApiWebAcl:
  Type: AWS::WAFv2::WebACL
  Properties:
    Name: ${name}
    Scope: ${scope}
    DefaultAction: { Allow: {} }
    ${visibility('api')}
    Rules:
${indent(rules, 6)}`;
}

/** An association of that web ACL, as one resource of a template. */
function associationResource(target: string): string {
  return `ApiWebAclAssociation:
  Type: AWS::WAFv2::WebACLAssociation
  Properties:
    WebACLArn: !GetAtt ApiWebAcl.Arn
    ResourceArn: ${target}`;
}

/** Web ACL and association under `resources` of a serverless.yml or as the resources of a template. */
export function guarded(format: 'serverless' | 'cloudformation', target: string): string {
  const name = format === 'serverless' ? '${self:service}-${sls:stage}' : 'api';
  const both = `${webAclResource(name)}\n${associationResource(target)}`;
  return format === 'serverless' ? inService(both) : `Resources:\n${indent(both, 2)}`;
}
