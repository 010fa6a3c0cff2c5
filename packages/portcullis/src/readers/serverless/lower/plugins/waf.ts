import { type Node, textOf } from '../../../../project/index.ts';
import { report } from '../ignored.ts';
import { addResource, apiSetting, type Lowering } from '../lowering.ts';
import { naming } from '../naming.ts';
import { attribute, dig, isUnset, join, make, makeMap, type Plain, ref, set } from '../nodes.ts';

/** `@enterprise-cmcs/serverless-waf-plugin` and forks make a web ACL; another plugin then associates it by its name. */
const makesAcl = (name: string) => name.endsWith('serverless-waf-plugin');

/** serverless-associate-waf and its forks. They look for the REST API of the stack and nothing else. */
const associates = (name: string) => name.includes('associate-waf') || name.includes('apigw-waf');

/**
 * The web ACLs and associations of WAF plugins. `webAclByName` finds an ACL of the user's own resources. `version` is `Regional` (WAF
 * Classic) unless `V2` is written.
 */
export function lowerWaf(
  lowering: Lowering,
  hasRest: boolean,
  webAclByName: (name: string) => string | undefined,
): void {
  const made = lowerAcl(lowering);
  const config = set(dig(lowering.custom, 'associateWaf'));
  const plugin = lowering.plugins.entries.find((entry) => associates(entry.name));
  const name = set(dig(config, 'name'));
  if (!config || !plugin || !name) return;
  if (!hasRest) {
    if (lowering.functionsIncomplete) return;
    report(
      lowering,
      'firewall',
      'custom.associateWaf',
      config.span,
      'The plugin associates the web ACL with a REST API, and the service has none',
      'Use `http` events: AWS WAF does not protect HTTP APIs',
    );
    return;
  }
  const text = textOf(name);
  const version = textOf(dig(config, 'version'))?.toLowerCase();
  const id = text === undefined ? undefined : text === made?.name ? made.id : webAclByName(text);
  const api = apiSetting(lowering, 'apiGateway', 'restApiId') ?? make(config.span, ref(naming.restApi));
  const stage = join('', [
    'arn:',
    ref('AWS::Partition'),
    ':apigateway:',
    ref('AWS::Region'),
    '::/restapis/',
    api,
    '/stages/',
    lowering.stageNode,
  ]);
  if (version === 'v2') {
    addResource(lowering, 'PluginWebAclAssociation', 'AWS::WAFv2::WebACLAssociation', config.span, {
      WebACLArn: id ? attribute(id, 'Arn') : name,
      ResourceArn: stage,
    });
    return;
  }
  addResource(lowering, 'PluginWebAclAssociation', 'AWS::WAFRegional::WebACLAssociation', config.span, {
    WebACLId: id ? ref(id) : name,
    ResourceArn: stage,
  });
}

const managedGroups = [
  ['awsCommon', 'AWSManagedRulesCommonRuleSet'],
  ['awsIpReputation', 'AWSManagedRulesAmazonIpReputationList'],
  ['awsBadInputs', 'AWSManagedRulesKnownBadInputsRuleSet'],
] as const;

function lowerAcl(lowering: Lowering): { id: string; name: string | undefined } | undefined {
  const plugin = lowering.plugins.entries.find((entry) => makesAcl(entry.name));
  if (!plugin) return undefined;
  const written: Node | undefined =
    set(dig(lowering.custom, 'wafPlugin', 'name')) ?? set(dig(lowering.custom, 'webAclName'));
  const name = written ? textOf(written) : `${lowering.stage ?? '?'}-${lowering.serviceName}-webacl`;
  const rules: Plain[] = managedGroups.map(([key, group], priority) => {
    const excluded = dig(lowering.custom, 'wafExcludeRules', key);
    return {
      Name: group,
      Priority: priority,
      OverrideAction: makeMap(plugin.span, { None: {} }),
      Statement: {
        ManagedRuleGroupStatement: {
          VendorName: 'AWS',
          Name: group,
          ExcludedRules: isUnset(excluded) ? undefined : excluded,
        },
      },
    };
  });
  addResource(lowering, 'WafPluginAcl', 'AWS::WAFv2::WebACL', plugin.span, {
    Name: written ?? name,
    Scope: 'REGIONAL',
    DefaultAction: { Allow: {} },
    Rules: rules,
  });
  return { id: 'WafPluginAcl', name };
}
