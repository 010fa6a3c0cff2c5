import type { Rule } from '../../../contract/index.ts';

export const settingHasNoEffect: Rule = {
  id: 'firewall/setting-has-no-effect',
  step: 'firewall',
  severity: 'warning',
  title: 'Setting for a web ACL has no effect where it stands',
  attack:
    'The setting reads as if the API were behind a web ACL, and the framework ignores it: no web ACL is associated, and every ' +
    'request arrives unfiltered. Because the file looks right, nobody notices until the first attack.',
  fix: {
    serverless: `plugins:
  - serverless-associate-waf # without the plugin its settings do nothing
custom:
  associateWaf:
    name: \${self:service}-\${sls:stage}
    version: V2`,
    cloudformation: {
      notApplicable:
        'CloudFormation refuses properties that it does not know, so none of them is silently without effect',
    },
  },
  docs: [
    {
      title: 'Serverless Framework: serverless.yml reference',
      url: 'https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml',
    },
    {
      title: 'Use AWS WAF to protect your REST APIs in API Gateway',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1188'] },
  *check(project) {
    for (const setting of project.ignored) {
      if (setting.step !== 'firewall') continue;
      yield {
        message: `${setting.path} has no effect. ${setting.reason}. ${setting.instead}.`,
        span: setting.span,
        subject: setting.path,
      };
    }
  },
};
