import type { Observation, Rule } from '../../../contract/index.ts';
import { textOf } from '../../../project/index.ts';
import { isTrue, type Judged, judgedBuckets, refusesPlainHttp, settingOf } from '../facts.ts';
import { sharedBucketTemplate } from '../snippets.ts';

export const noTlsOnlyPolicy: Rule = {
  id: 'deployment-bucket/no-tls-only-policy',
  step: 'deployment-bucket',
  severity: 'warning',
  title: 'Deployment bucket does not refuse requests without TLS',
  attack:
    'S3 answers over plain HTTP unless the bucket policy refuses it. One badly configured client or proxy is enough, and code, ' +
    'template and resolved secrets cross the network readable; who stands on the way can also change the code that is deployed.',
  fix: {
    serverless: `provider:
  deploymentBucket:
    blockPublicAccess: true # without skipPolicySetup the framework writes the policy for a bucket that it makes
# For a bucket of your own:
${sharedBucketTemplate}`,
    cloudformation: sharedBucketTemplate,
  },
  docs: [
    {
      title: 'Security best practices for Amazon S3: enforce encryption of data in transit',
      url: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    },
    {
      title: 'Security Hub controls for Amazon S3',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html',
    },
  ],
  mappings: { fsbp: ['S3.5'], owasp: ['API8:2023'], cwe: ['CWE-319'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      const observation = judge(judged);
      if (observation) yield observation;
    }
  },
};

function judge(judged: Judged): Observation | undefined {
  const place = { span: judged.span, subject: judged.subject };
  const skip = settingOf(judged, 'skipPolicySetup');
  if (judged.made === 'framework' && skip && isTrue(skip.value)) {
    return {
      ...place,
      span: skip.span,
      message: 'skipPolicySetup leaves out the policy by which the deployment bucket refuses requests without TLS',
    };
  }
  if (judged.made === 'plugin') return judgePlugin(judged, place);
  if (!judged.bucket) return undefined;
  const refused = refusesPlainHttp(judged.bucket);
  if (refused === true) return undefined;
  if (refused === undefined) {
    return {
      ...place,
      severity: 'note',
      state: 'unknown',
      message: `The files do not decide whether the policy of ${judged.name} refuses requests without TLS`,
    };
  }
  return { ...place, message: `No bucket policy makes ${judged.name} refuse requests without TLS` };
}

/** The plugin writes no policy unless one is given, as a JSON text. */
function judgePlugin(judged: Judged, place: Pick<Observation, 'span' | 'subject'>): Observation | undefined {
  const policy = settingOf(judged, 'policy');
  const text = policy && textOf(policy.value);
  if (text?.includes('aws:SecureTransport')) return undefined;
  if (policy && text === undefined) {
    return {
      ...place,
      span: policy.span,
      severity: 'note',
      state: 'unknown',
      message: `The files do not decide whether the policy of ${judged.name} refuses requests without TLS`,
    };
  }
  return {
    ...place,
    message: `serverless-deployment-bucket makes ${judged.name} without a policy that refuses requests without TLS`,
  };
}
