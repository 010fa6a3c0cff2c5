import type { Rule } from '../../../contract/index.ts';
import { outcomes, type Project, sometimes } from '../../../project/index.ts';
import { label } from '../facts.ts';
import { inService } from '../snippets.ts';

const resources = `ApiWebAclLogging:
  Type: AWS::WAFv2::LoggingConfiguration
  Properties:
    RedactedFields:
      - SingleHeader: { Name: authorization }
      - SingleHeader: { Name: cookie }
      - SingleHeader: { Name: x-api-key }`;

export const webAclLogsCredentials: Rule = {
  id: 'firewall/web-acl-logs-credentials',
  step: 'firewall',
  severity: 'note',
  title: 'Log of the web ACL holds the credentials of the callers',
  attack:
    'AWS WAF writes every header of every request into its log. Whoever may read the log group or the bucket, a role for ' +
    'dashboards say, reads tokens, session cookies and API keys there and calls the API in the name of those who sent them.',
  fix: { serverless: inService(resources), cloudformation: resources },
  docs: [
    {
      title: 'Configuring logging for a web ACL: redacted fields',
      url: 'https://docs.aws.amazon.com/waf/latest/developerguide/logging-management-configure.html',
    },
    {
      title: 'AWS::WAFv2::LoggingConfiguration',
      url: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-wafv2-loggingconfiguration.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-532'] },
  *check(project) {
    for (const acl of project.webAcls) {
      const { logging } = acl;
      if (!logging) continue;
      const kept = new Set(acl.protectedHeaders);
      // Of a condition the branch that redacts least; a list that is not decided may hold everything.
      const lists = outcomes(logging.redactedHeaders);
      if (lists.some((list) => list.kind === 'unknown')) continue;
      const missing = credentials(project).filter(
        (header) => !kept.has(header) && lists.some((list) => list.kind === 'known' && !list.value.includes(header)),
      );
      if (missing.length === 0) continue;
      yield {
        message: `The log of web ACL ${label(acl)} holds what callers send as ${missing.join(', ')}`,
        span: logging.span,
        subject: logging.id,
      };
    }
  },
};

/** Headers that credentials come in; keys only where the project asks for them. */
function credentials({ apis, apiKeys }: Project): readonly string[] {
  const keys =
    apiKeys.length > 0 ||
    apis.some(({ routes }) => routes.some(({ apiKeyRequired }) => sometimes(apiKeyRequired, (value) => value)));
  return keys ? ['authorization', 'cookie', 'x-api-key'] : ['authorization', 'cookie'];
}
