import type { StepId } from '../../../project/index.ts';
import { throttlingPlugin } from './plugins/throttling.ts';

export interface Misplaced {
  readonly step: StepId;
  readonly instead: string;
}

const misplaced = (step: StepId, instead: string): Misplaced => ({ step, instead });

const restPlan = 'Write it below `provider.apiGateway`';
const eventAuthorizer = 'Write `authorizer` inside the event, below `http` or `httpApi`';
const eventPrivate = 'Write `private: true` inside the event, below `http`';
const throttlingInstead = `Limit the plan with \`throttle\` below \`provider.apiGateway.usagePlan\`, or use ${throttlingPlugin}`;
const wafInstead =
  'Associate the web ACL with the stage: `AWS::WAFv2::WebACLAssociation` below `resources`, or the plugin serverless-associate-waf';

/** Keys that no version of the framework reads where they stand, by place. */
export const unknownKeys: Readonly<
  Record<'root' | 'provider' | 'apiGateway' | 'httpApi' | 'function' | 'event', Readonly<Record<string, Misplaced>>>
> = {
  root: {
    usagePlan: misplaced('usage-plans', restPlan),
    apiKeys: misplaced('usage-plans', restPlan),
    apiGateway: misplaced('usage-plans', 'Write it below `provider`'),
    resourcePolicy: misplaced('authorization', restPlan),
    authorizer: misplaced('authorization', eventAuthorizer),
    authorizers: misplaced('authorization', 'Write it below `provider.httpApi`, or in the `http` events'),
    associateWaf: misplaced('firewall', 'Write it below `custom`'),
    apiGatewayThrottling: misplaced('usage-plans', 'Write it below `custom`'),
    deploymentBucket: misplaced('deployment-bucket', 'Write it below `provider`'),
  },
  provider: {
    authorizer: misplaced('authorization', eventAuthorizer),
    authorizers: misplaced('authorization', 'Write it below `provider.httpApi`, or in the `http` events'),
    private: misplaced('usage-plans', eventPrivate),
    apiKeyRequired: misplaced('usage-plans', eventPrivate),
    throttle: misplaced('usage-plans', throttlingInstead),
    throttling: misplaced('usage-plans', throttlingInstead),
    quota: misplaced('usage-plans', 'Write it below `provider.apiGateway.usagePlan`'),
    waf: misplaced('firewall', wafInstead),
    webAcl: misplaced('firewall', wafInstead),
    webAclArn: misplaced('firewall', wafInstead),
    associateWaf: misplaced('firewall', 'Write it below `custom`'),
    blockPublicAccess: misplaced('deployment-bucket', 'Write it below `provider.deploymentBucket`'),
    serverSideEncryption: misplaced('deployment-bucket', 'Write it below `provider.deploymentBucket`'),
  },
  apiGateway: {
    authorizer: misplaced('authorization', eventAuthorizer),
    authorizers: misplaced('authorization', eventAuthorizer),
    private: misplaced('usage-plans', eventPrivate),
    throttle: misplaced('usage-plans', 'Write it below `provider.apiGateway.usagePlan`'),
    throttling: misplaced('usage-plans', throttlingInstead),
    quota: misplaced('usage-plans', 'Write it below `provider.apiGateway.usagePlan`'),
    usagePlans: misplaced('usage-plans', 'Name it `usagePlan`'),
    apiKey: misplaced('usage-plans', 'Name it `apiKeys`'),
    waf: misplaced('firewall', wafInstead),
    webAcl: misplaced('firewall', wafInstead),
    webAclArn: misplaced('firewall', wafInstead),
  },
  httpApi: {
    authorizer: misplaced('authorization', 'Define it below `provider.httpApi.authorizers` and name it in every event'),
    usagePlan: misplaced('usage-plans', 'HTTP APIs have no usage plans: use `http` events, or throttle the stage'),
    apiKeys: misplaced('usage-plans', 'HTTP APIs have no API keys: use `http` events'),
    private: misplaced('usage-plans', 'HTTP APIs have no API keys: use `http` events'),
    resourcePolicy: misplaced(
      'authorization',
      'HTTP APIs have no resource policy: use `http` events, or an authorizer',
    ),
    throttle: misplaced(
      'usage-plans',
      `Set \`DefaultRouteSettings\` of \`HttpApiStage\` below \`resources.extensions\``,
    ),
    throttling: misplaced(
      'usage-plans',
      `Set \`DefaultRouteSettings\` of \`HttpApiStage\` below \`resources.extensions\``,
    ),
    webAclArn: misplaced(
      'firewall',
      'AWS WAF does not protect HTTP APIs: put CloudFront in front, or use `http` events',
    ),
  },
  function: {
    private: misplaced('usage-plans', eventPrivate),
    apiKeyRequired: misplaced('usage-plans', eventPrivate),
    authorizer: misplaced('authorization', eventAuthorizer),
    authorizers: misplaced('authorization', eventAuthorizer),
    apiKeys: misplaced('usage-plans', restPlan),
    usagePlan: misplaced('usage-plans', restPlan),
    resourcePolicy: misplaced('authorization', restPlan),
  },
  event: {
    apiKeyRequired: misplaced('usage-plans', 'Write `private: true`'),
    apiKey: misplaced('usage-plans', 'Write `private: true`'),
    apiKeys: misplaced('usage-plans', restPlan),
    usagePlan: misplaced('usage-plans', restPlan),
    throttle: misplaced('usage-plans', throttlingInstead),
    auth: misplaced('authorization', 'Name it `authorizer`'),
    authorization: misplaced('authorization', 'Name it `authorizer`'),
    authorizationType: misplaced('authorization', 'Write `authorizer: aws_iam`'),
    authorizers: misplaced('authorization', 'Name it `authorizer`'),
    authorizerId: misplaced('authorization', 'Write it below `authorizer`, with `type`'),
    resourcePolicy: misplaced('authorization', restPlan),
  },
};
