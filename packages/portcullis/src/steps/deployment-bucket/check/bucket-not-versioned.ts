import type { Rule } from '../../../contract/index.ts';
import { always } from '../../../project/index.ts';
import { isFalse, judgedBuckets, settingOf } from '../facts.ts';
import { sharedBucketTemplate } from '../snippets.ts';

export const bucketNotVersioned: Rule = {
  id: 'deployment-bucket/bucket-not-versioned',
  step: 'deployment-bucket',
  severity: 'note',
  title: 'Deployment bucket keeps no versions',
  attack:
    'Who may write to the bucket can replace the code of the next deployment, or delete what a rollback needs. Without versions ' +
    'the original is gone and nobody can show what was changed.',
  fix: {
    serverless: `provider:
  deploymentBucket:
    versioning: true # for a bucket that the framework makes`,
    cloudformation: sharedBucketTemplate,
  },
  docs: [
    {
      title: 'Retaining multiple versions of objects with S3 Versioning',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
    },
  ],
  mappings: { fsbp: [], owasp: [], cwe: ['CWE-353'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      const setting = settingOf(judged, 'versioning');
      // A bucket that the framework makes has none by default; bucket-per-service says so already.
      const off =
        judged.made === 'declared'
          ? judged.bucket && always(judged.bucket.versioning, (on) => !on)
          : judged.made === 'framework' && setting && isFalse(setting.value);
      if (!off) continue;
      yield {
        message: `No versions are kept of what is deployed into ${judged.name}`,
        span: (judged.made === 'framework' ? setting?.span : undefined) ?? judged.span,
        subject: judged.subject,
      };
    }
  },
};
