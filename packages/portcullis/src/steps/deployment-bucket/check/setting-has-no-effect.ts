import type { Rule } from '../../../contract/index.ts';
import { isFalse } from '../facts.ts';
import { sharedBucketTemplate } from '../snippets.ts';

/** Without effect these leave nothing open. */
const harmless: ReadonlySet<string> = new Set(['tags', 'skipPolicySetup', 'accelerate']);

export const settingHasNoEffect: Rule = {
  id: 'deployment-bucket/setting-has-no-effect',
  step: 'deployment-bucket',
  severity: 'warning',
  title: 'Setting of the deployment bucket has no effect',
  attack:
    'Once a bucket is named, the framework only checks that it exists: blockPublicAccess, versioning and tags are then ignored ' +
    'without a word, and the policy that refuses plain HTTP is not written. The file says that the bucket is protected, and the ' +
    'bucket is as somebody once made it.',
  fix: {
    serverless: `# Protect the bucket where it is made, and only name it here.
provider:
  deploymentBucket:
    name: acme-deployments-123456789012-eu-central-1
${sharedBucketTemplate}`,
    cloudformation: {
      notApplicable:
        'CloudFormation refuses properties that it does not know, so none of them is silently without effect',
    },
  },
  docs: [
    {
      title: 'Serverless Framework: serverless.yml reference (deploymentBucket)',
      url: 'https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml',
    },
    {
      title: 'Blocking public access to your Amazon S3 storage',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1188'] },
  *check(project) {
    for (const setting of project.deploymentBucket?.settings ?? []) {
      // Switched off and ignored is the same thing.
      if (setting.effective || isFalse(setting.value)) continue;
      yield {
        message: `${setting.key} of the deployment bucket has no effect: ${setting.reason ?? 'the framework ignores it'}`,
        span: setting.span,
        subject: `provider.deploymentBucket.${setting.key}`,
        ...(harmless.has(setting.key) ? { severity: 'note' as const } : {}),
      };
    }
    for (const setting of project.ignored) {
      if (setting.step !== 'deployment-bucket') continue;
      yield {
        message: `${setting.path} has no effect. ${setting.reason}. ${setting.instead}.`,
        span: setting.span,
        subject: setting.path,
      };
    }
  },
};
