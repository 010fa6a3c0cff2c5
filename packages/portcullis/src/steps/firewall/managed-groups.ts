// Rules of the AWS managed rule groups that block by themselves, as the developer guide lists them ("AWS Managed Rules rule groups
// list", read in the middle of 2026). Groups with a configuration of their own (bots, account takeover, DDoS) are left out: their
// rules change often, and nobody overrides all of them by name.

const rules: Readonly<Record<string, string>> = {
  'AWS/AWSManagedRulesCommonRuleSet': `NoUserAgent_HEADER UserAgent_BadBots_HEADER SizeRestrictions_QUERYSTRING SizeRestrictions_Cookie_HEADER
    SizeRestrictions_BODY SizeRestrictions_URIPATH EC2MetaDataSSRF_BODY EC2MetaDataSSRF_COOKIE EC2MetaDataSSRF_URIPATH
    EC2MetaDataSSRF_QUERYARGUMENTS GenericLFI_QUERYARGUMENTS GenericLFI_URIPATH GenericLFI_BODY RestrictedExtensions_URIPATH
    RestrictedExtensions_QUERYARGUMENTS GenericRFI_QUERYARGUMENTS GenericRFI_BODY GenericRFI_URIPATH CrossSiteScripting_COOKIE
    CrossSiteScripting_QUERYARGUMENTS CrossSiteScripting_BODY CrossSiteScripting_URIPATH`,
  'AWS/AWSManagedRulesAdminProtectionRuleSet': 'AdminProtection_URIPATH',
  'AWS/AWSManagedRulesKnownBadInputsRuleSet': `JavaDeserializationRCE_HEADER JavaDeserializationRCE_BODY JavaDeserializationRCE_URIPATH
    JavaDeserializationRCE_QUERYSTRING Host_localhost_HEADER PROPFIND_METHOD ExploitablePaths_URIPATH Log4JRCE_HEADER
    Log4JRCE_QUERYSTRING Log4JRCE_BODY Log4JRCE_URIPATH`,
  'AWS/AWSManagedRulesSQLiRuleSet': `SQLi_QUERYARGUMENTS SQLiExtendedPatterns_QUERYARGUMENTS SQLi_BODY SQLiExtendedPatterns_BODY SQLi_COOKIE
    SQLi_URIPATH`,
  'AWS/AWSManagedRulesLinuxRuleSet': 'LFI_URIPATH LFI_QUERYSTRING LFI_HEADER',
  'AWS/AWSManagedRulesUnixRuleSet':
    'UNIXShellCommandsVariables_QUERYSTRING UNIXShellCommandsVariables_BODY UNIXShellCommandsVariables_HEADER',
  'AWS/AWSManagedRulesWindowsRuleSet': `WindowsShellCommands_COOKIE WindowsShellCommands_QUERYARGUMENTS WindowsShellCommands_BODY
    PowerShellCommands_COOKIE PowerShellCommands_QUERYARGUMENTS PowerShellCommands_BODY`,
  'AWS/AWSManagedRulesPHPRuleSet':
    'PHPHighRiskMethodsVariables_HEADER PHPHighRiskMethodsVariables_QUERYSTRING PHPHighRiskMethodsVariables_BODY',
  'AWS/AWSManagedRulesWordPressRuleSet': 'WordPressExploitableCommands_QUERYSTRING WordPressExploitablePaths_URIPATH',
  'AWS/AWSManagedRulesAmazonIpReputationList': 'AWSManagedIPReputationList AWSManagedReconnaissanceList',
  'AWS/AWSManagedRulesAnonymousIpList': 'AnonymousIPList HostingProviderIPList',
};

/** The rules of a group (`AWS/AWSManagedRulesCommonRuleSet`) that were there for years; undefined for a group that is not listed. */
export function rulesOf(group: string): readonly string[] | undefined {
  return rules[group]?.split(/\s+/);
}

/** What blocks bodies over 8,192 bytes, before and whatever the other rules see of them. */
export const bodySizeRule = 'SizeRestrictions_BODY';
