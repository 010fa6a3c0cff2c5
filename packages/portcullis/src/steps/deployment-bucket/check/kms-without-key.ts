import type { Rule } from '../../../contract/index.ts';
import { encryptionOf, judgedBuckets, settingOf } from '../facts.ts';
import { sharedBucketTemplate, sharedBucketUse } from '../snippets.ts';

export const kmsWithoutKey: Rule = {
  id: 'deployment-bucket/kms-without-key',
  step: 'deployment-bucket',
  severity: 'warning',
  title: 'aws:kms without a key selects the key that AWS manages',
  attack:
    'Without a key id S3 uses the AWS managed key aws/s3, even where the bucket has a better default. Its policy cannot be ' +
    'changed: everyone in the account who may read the object may decrypt it, so it adds cost and no second lock. It cannot be ' +
    'disabled either when something leaks.',
  fix: { serverless: sharedBucketUse, cloudformation: sharedBucketTemplate },
  docs: [
    {
      title: 'PutObject: x-amz-server-side-encryption-aws-kms-key-id',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html',
    },
    {
      title: 'Using server-side encryption with AWS KMS keys',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    },
  ],
  mappings: { fsbp: [], owasp: [], cwe: ['CWE-1188'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      if (encryptionOf(judged) !== 'aws-managed-key') continue;
      const setting = settingOf(judged, 'serverSideEncryption');
      yield {
        message: setting
          ? 'serverSideEncryption: aws:kms without sseKMSKeyId encrypts deployments with the AWS managed key'
          : `Deployments in ${judged.name} are encrypted with the AWS managed key: aws:kms without a key of your own`,
        span: setting?.span ?? judged.span,
        subject: judged.subject,
      };
    }
  },
};
