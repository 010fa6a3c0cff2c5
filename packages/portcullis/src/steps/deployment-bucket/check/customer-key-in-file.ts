import type { Rule } from '../../../contract/index.ts';
import type { Node, ValueSource } from '../../../project/index.ts';
import { judgedBuckets, settingOf } from '../facts.ts';
import { sharedBucketUse } from '../snippets.ts';

/** Sources whose values stand in the project's own files. */
const inFiles: ReadonlySet<ValueSource> = new Set(['self', 'file', 'param', 'opt', 'intrinsic', 'mapping']);

export const customerKeyInFile: Rule = {
  id: 'deployment-bucket/customer-key-in-file',
  step: 'deployment-bucket',
  severity: 'error',
  title: 'Encryption key of the deployments is itself in the configuration',
  attack:
    'sseCustomerKey is the raw key. It stands in the repository for everyone who can read it, and the framework writes it into ' +
    'the state file that it uploads beside the objects that it encrypts. Who gets one of the two decrypts every deployment. New ' +
    'buckets refuse SSE-C altogether.',
  fix: {
    serverless: `# Delete sseCustomerAlgorithim, sseCustomerKey and sseCustomerKeyMD5, and let AWS KMS keep the key.
${sharedBucketUse}`,
    cloudformation: {
      notApplicable: 'the key is a setting of uploads by the framework; a bucket has no such property',
    },
  },
  docs: [
    {
      title: 'Using server-side encryption with customer-provided keys (SSE-C)',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html',
    },
    {
      title: 'Using server-side encryption with AWS KMS keys',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-321', 'CWE-798'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      const setting = settingOf(judged, 'sseCustomerKey');
      if (!setting) continue;
      const place = { span: setting.span, subject: 'provider.deploymentBucket.sseCustomerKey' };
      yield standsInFile(setting.value)
        ? {
            ...place,
            message: 'sseCustomerKey, the key that encrypts the deployments, is written in the configuration',
          }
        : {
            ...place,
            // Not in the repository, but in the state file that is uploaded.
            severity: 'warning',
            message:
              'sseCustomerKey comes from elsewhere and ends in the state file, beside the deployments that it encrypts',
          };
    }
  },
};

function standsInFile(node: Node): boolean {
  return node.kind === 'scalar' && (node.from ?? []).every(({ source }) => inFiles.has(source));
}
