import type { Step } from '../../contract/index.ts';
import { bucketNotVersioned } from './check/bucket-not-versioned.ts';
import { bucketPerService } from './check/bucket-per-service.ts';
import { bucketWithoutIsolation } from './check/bucket-without-isolation.ts';
import { bucketsDiffer } from './check/buckets-differ.ts';
import { customerKeyInFile } from './check/customer-key-in-file.ts';
import { decisionHasNoEffect } from './check/decision-has-no-effect.ts';
import { kmsWithoutKey } from './check/kms-without-key.ts';
import { noCustomerKey } from './check/no-customer-key.ts';
import { noTlsOnlyPolicy } from './check/no-tls-only-policy.ts';
import { oldDeploymentsKept } from './check/old-deployments-kept.ts';
import { publicAccessNotBlocked } from './check/public-access-not-blocked.ts';
import { settingHasNoEffect } from './check/setting-has-no-effect.ts';
import { judgedBuckets, settingOf } from './facts.ts';

export const deploymentBucket: Step = {
  id: 'deployment-bucket',
  title: 'Deployment bucket',
  question: 'where does the code itself lie?',
  rules: [
    bucketPerService,
    settingHasNoEffect,
    noTlsOnlyPolicy,
    noCustomerKey,
    kmsWithoutKey,
    publicAccessNotBlocked,
    customerKeyInFile,
    oldDeploymentsKept,
    bucketNotVersioned,
    bucketWithoutIsolation,
    bucketsDiffer,
    decisionHasNoEffect,
  ],
  applies: (project) => judgedBuckets(project).length > 0,
  sensitive: (project) =>
    judgedBuckets(project).flatMap((judged) => {
      const key = settingOf(judged, 'sseCustomerKey');
      return key ? [key.value.span] : [];
    }),
  provision: { notYet: 'the shared bucket is not made yet' },
  gate: { notApplicable: 'S3 answers; nothing passes through the gateway' },
  probes: { notYet: 'the deployed bucket is not looked at yet' },
};
