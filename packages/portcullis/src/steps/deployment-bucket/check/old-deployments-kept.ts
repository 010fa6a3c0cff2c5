import type { Rule } from '../../../contract/index.ts';
import { textOf } from '../../../project/index.ts';
import { judgedBuckets, settingOf } from '../facts.ts';

/** What the framework keeps when nothing is written. */
const usual = 5;

export const oldDeploymentsKept: Rule = {
  id: 'deployment-bucket/old-deployments-kept',
  step: 'deployment-bucket',
  severity: 'note',
  title: 'Many old deployments are kept',
  attack:
    'Every deployment that is kept holds its template and its state file with the values that variables had on that day. A secret ' +
    'that has been replaced since, or code with a known hole, stays there to be read or deployed again.',
  fix: {
    serverless: `provider:
  deploymentBucket:
    maxPreviousDeploymentArtifacts: 5 # enough to roll back`,
    cloudformation: { notApplicable: 'the number of kept deployments is a setting of the framework' },
  },
  docs: [
    {
      title: 'Serverless Framework: serverless.yml reference (maxPreviousDeploymentArtifacts)',
      url: 'https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml',
    },
  ],
  mappings: { fsbp: [], owasp: [], cwe: ['CWE-459'] },
  *check(project) {
    for (const judged of judgedBuckets(project)) {
      const setting = settingOf(judged, 'maxPreviousDeploymentArtifacts');
      const kept = Number(setting ? textOf(setting.value) : Number.NaN);
      if (!setting || !(kept > usual)) continue;
      yield {
        message: `${kept} old deployments are kept, each with its template and state file; the framework's default is ${usual}`,
        span: setting.span,
        subject: 'provider.deploymentBucket.maxPreviousDeploymentArtifacts',
      };
    }
  },
};
