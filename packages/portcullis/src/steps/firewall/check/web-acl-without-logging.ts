import type { Rule } from '../../../contract/index.ts';
import { type Project, references } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { inService } from '../snippets.ts';

const resources = `ApiWebAclLogGroup:
  Type: AWS::Logs::LogGroup
  Properties: { LogGroupName: aws-waf-logs-api, RetentionInDays: 90 } # the name has to begin with aws-waf-logs-
ApiWebAclLogging:
  Type: AWS::WAFv2::LoggingConfiguration
  Properties:
    ResourceArn: !GetAtt ApiWebAcl.Arn
    LogDestinationConfigs:
      - !Sub arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${ApiWebAclLogGroup}
    RedactedFields:
      - SingleHeader: { Name: authorization }
      - SingleHeader: { Name: cookie }
      - SingleHeader: { Name: x-api-key }`;

export const webAclWithoutLogging: Rule = {
  id: 'firewall/web-acl-without-logging',
  step: 'firewall',
  severity: 'note',
  title: 'Web ACL writes no log',
  attack:
    'What the web ACL let through is nowhere to be seen: after a break-in nobody can tell which requests came before it, and a ' +
    'customer who was blocked by mistake cannot be told why. The samples of the console hold a few requests of the last three hours.',
  fix: { serverless: inService(resources), cloudformation: resources },
  docs: [
    {
      title: 'Logging AWS WAF web ACL traffic',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/logging.html',
    },
    {
      title: 'Security Hub controls for AWS WAF',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/waf-controls.html',
    },
  ],
  mappings: { fsbp: ['WAF.11'], owasp: ['API8:2023'], cwe: ['CWE-778'] },
  *check(project) {
    const acls = project.webAcls.filter(({ generation, logging }) => generation === 'v2' && !logging);
    if (acls.length === 0 || mayLogElsewhere(project)) return;
    const customised = namedByCustomResources(project);
    for (const acl of acls) {
      if (customised.has(acl.id)) continue;
      yield {
        message: `Web ACL ${label(acl)} writes no log of what it blocks and lets through`,
        span: acl.span,
        subject: acl.id,
      };
    }
  },
};

/** True when a configuration names a web ACL that the files do not decide, or may lie in what was not read. */
function mayLogElsewhere(project: Project): boolean {
  const known = new Set(project.webAcls.flatMap(({ logging }) => logging?.id ?? []));
  for (const { id, type } of project.resources.values())
    if (type === 'AWS::WAFv2::LoggingConfiguration' && !known.has(id)) return true;
  return project.unread.some(({ hides, steps }) => hides === 'resources' && steps.includes('firewall'));
}

/** The way before CloudFormation had the resource: a custom resource that calls PutLoggingConfiguration. */
function namedByCustomResources(project: Project): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { type, properties } of project.resources.values())
    if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') references(properties, found);
  return found;
}
