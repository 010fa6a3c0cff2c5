import type { Rule } from '../../../contract/index.ts';
import { encryptionOf, judgedBuckets } from '../facts.ts';
import { sharedBucketTemplate, sharedBucketUse } from '../snippets.ts';

export const noCustomerKey: Rule = {
  id: 'deployment-bucket/no-customer-key',
  step: 'deployment-bucket',
  // A note that still leaves the gate half open: S3 encrypts by itself, so nothing lies in the clear.
  severity: 'note',
  title: 'Deployments are not encrypted with a key of your own',
  attack:
    'S3 encrypts every object with keys of its own and decrypts it for whoever may read the bucket. One policy with s3:GetObject ' +
    'on too many resources then gives away the code and the secrets in old templates. With a customer managed key the reader ' +
    'also needs kms:Decrypt, each use is in CloudTrail, and the key can be taken away.',
  fix: { serverless: sharedBucketUse, cloudformation: sharedBucketTemplate },
  docs: [
    {
      title: 'Using server-side encryption with AWS KMS keys',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    },
    {
      title: 'Amazon S3 default encryption FAQ',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html',
    },
  ],
  mappings: { fsbp: [], owasp: [], cwe: ['CWE-311'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      const encryption = encryptionOf(judged);
      const place = { span: judged.span, subject: judged.subject };
      if (encryption === 's3') {
        yield {
          ...place,
          state: 'half-open',
          message: `Deployments in ${judged.name} are encrypted with keys of S3, not with a customer managed key`,
        };
      } else if (typeof encryption === 'object') {
        yield {
          ...place,
          state: 'unknown',
          message: `Whether deployments in ${judged.name} are encrypted with a customer managed key is not decided: ${encryption.unknown}`,
          question: `Is ${judged.name} encrypted with a customer managed key by default, and does its policy refuse plain HTTP?`,
        };
      }
    }
  },
};
