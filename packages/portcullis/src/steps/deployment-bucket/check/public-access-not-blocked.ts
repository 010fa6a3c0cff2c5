import type { Observation, Rule } from '../../../contract/index.ts';
import { type Bucket, outcomes, type Project } from '../../../project/index.ts';
import { isFalse, isTrue, type Judged, judgedBuckets, publicAcl, publicStatement, settingOf } from '../facts.ts';
import { sharedBucketTemplate } from '../snippets.ts';

export const publicAccessNotBlocked: Rule = {
  id: 'deployment-bucket/public-access-not-blocked',
  step: 'deployment-bucket',
  severity: 'warning',
  title: 'Deployment bucket does not block public access',
  attack:
    'With the block switched off, one bucket policy or ACL with "everyone" in it publishes the code, the compiled template and ' +
    'every secret that was resolved into it. Buckets are found by guessing names; a service and stage name is an easy guess.',
  fix: {
    serverless: `provider:
  deploymentBucket:
    blockPublicAccess: true # for a bucket that the framework makes
# with the plugin serverless-deployment-bucket:
custom:
  deploymentBucket:
    blockPublicAccess: true`,
    cloudformation: sharedBucketTemplate,
  },
  docs: [
    {
      title: 'Blocking public access to your Amazon S3 storage',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
    },
    {
      title: 'Security Hub controls for Amazon S3',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html',
    },
  ],
  mappings: { fsbp: ['S3.2', 'S3.3', 'S3.8'], owasp: ['API8:2023'], cwe: ['CWE-732'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      const observation = judge(project, judged);
      if (observation) yield observation;
    }
  },
};

function judge(project: Project, judged: Judged): Observation | undefined {
  const place = { span: judged.span, subject: judged.subject };
  const block = settingOf(judged, 'blockPublicAccess');
  if (judged.made === 'plugin') {
    if (block && isTrue(block.value)) return undefined;
    return {
      ...place,
      span: block?.span ?? place.span,
      message: `serverless-deployment-bucket removes the public access block of ${judged.name} unless blockPublicAccess is true`,
    };
  }
  if (judged.made === 'framework' && block && isFalse(block.value)) {
    return {
      ...place,
      span: block.span,
      message:
        'blockPublicAccess: false leaves the deployment bucket to the default of S3, which blocks only buckets made since April 2023',
    };
  }
  return judged.bucket ? judgeDeclared(project, judged, judged.bucket) : undefined;
}

function judgeDeclared(project: Project, judged: Judged, bucket: Bucket): Observation | undefined {
  const place = { span: judged.span, subject: judged.subject };
  const switches = bucket.publicAccessBlock ? outcomes(bucket.publicAccessBlock) : [];
  const stopsPolicy = switches.length > 0 && switches.every((one) => one.kind === 'known' && one.value.restrict);
  const stopsAcls = switches.length > 0 && switches.every((one) => one.kind === 'known' && one.value.ignoreAcls);
  const statement = stopsPolicy ? undefined : publicStatement(bucket);
  if (statement) {
    return {
      ...place,
      severity: 'error',
      message: `The policy of ${judged.name} lets everyone in`,
      related: [{ message: 'allows everyone', span: statement.span }],
    };
  }
  const acl = stopsAcls ? undefined : publicAcl(project, bucket);
  if (acl) {
    return {
      ...place,
      severity: 'error',
      message: `AccessControl of ${judged.name} lets everyone in`,
      related: [{ message: 'names everyone', span: acl.span }],
    };
  }
  const off = switches.find(
    (one) =>
      one.kind === 'known' && !(one.value.acls && one.value.policy && one.value.ignoreAcls && one.value.restrict),
  );
  if (off) {
    return {
      ...place,
      message: `A part of the public access block of ${judged.name} is switched off`,
      ...(off.span ? { related: [{ message: 'all four switches must be true', span: off.span }] } : {}),
    };
  }
  const undecided = switches.find((one) => one.kind === 'unknown');
  if (!undecided) return undefined;
  return {
    ...place,
    severity: 'note',
    state: 'unknown',
    message: `The files do not decide whether ${judged.name} blocks public access`,
  };
}
