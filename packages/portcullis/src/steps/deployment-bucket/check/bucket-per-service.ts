import type { Rule } from '../../../contract/index.ts';
import { frameworkBucketId } from '../facts.ts';
import { sharedBucketTemplate, sharedBucketUse } from '../snippets.ts';

export const bucketPerService: Rule = {
  id: 'deployment-bucket/bucket-per-service',
  step: 'deployment-bucket',
  severity: 'warning',
  title: 'The framework makes a deployment bucket of its own for this service and stage',
  attack:
    'Each service and stage gets another bucket, with keys of S3 and without versions, that nobody looks after. It holds the ' +
    'code and, in plain text, whatever variables were resolved to. A role that may read S3 in the account reads all of them, ' +
    'because nobody writes a key policy or a bucket policy for dozens of generated names.',
  fix: { serverless: sharedBucketUse, cloudformation: sharedBucketTemplate },
  docs: [
    {
      title: 'Serverless Framework: serverless.yml reference (deploymentBucket)',
      url: 'https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml',
    },
    {
      title: 'Security best practices for Amazon S3',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-1188'] },
  *check(project) {
    const { deploymentBucket } = project;
    if (deploymentBucket) {
      if (deploymentBucket.kind !== 'framework' || deploymentBucket.sharedByFramework) return;
      yield {
        message: 'No deployment bucket is named: the framework makes one for this service and stage alone',
        span: deploymentBucket.span,
        subject: 'provider.deploymentBucket',
      };
      return;
    }
    const compiled = project.buckets.find(({ id }) => id === frameworkBucketId);
    if (!compiled) return;
    yield {
      message: `${frameworkBucketId} was made by the framework for this service and stage alone`,
      span: compiled.span,
      subject: compiled.id,
    };
  },
};
