import type { Step } from '../../contract/index.ts';
import { decisionHasNoEffect } from './check/decision-has-no-effect.ts';
import { functionUrlHasNoLimit } from './check/function-url-has-no-limit.ts';
import { httpApiCannotHaveKeys } from './check/http-api-cannot-have-keys.ts';
import { keyInTwoPlans } from './check/key-in-two-plans.ts';
import { keyIsDisabled } from './check/key-is-disabled.ts';
import { keySourceIsAuthorizer } from './check/key-source-is-authorizer.ts';
import { keyValueInFile } from './check/key-value-in-file.ts';
import { keyWithoutPlan } from './check/key-without-plan.ts';
import { limitRefusesEveryone } from './check/limit-refuses-everyone.ts';
import { limitsAreUnknown } from './check/limits-are-unknown.ts';
import { missingQuota } from './check/missing-quota.ts';
import { noThrottle } from './check/no-throttle.ts';
import { oneKeyForAllClients } from './check/one-key-for-all-clients.ts';
import { planBoundToNoStage } from './check/plan-bound-to-no-stage.ts';
import { planWithoutPrivateRoute } from './check/plan-without-private-route.ts';
import { planWithoutThrottle } from './check/plan-without-throttle.ts';
import { privateRouteWithoutPlan } from './check/private-route-without-plan.ts';
import { settingHasNoEffect } from './check/setting-has-no-effect.ts';
import { throttleForUnknownRoute } from './check/throttle-for-unknown-route.ts';
import { keyRequired, literalValues, planGate } from './facts.ts';

export const usagePlans: Step = {
  id: 'usage-plans',
  title: 'Usage plans',
  question: 'how often?',
  rules: [
    keyValueInFile,
    noThrottle,
    settingHasNoEffect,
    httpApiCannotHaveKeys,
    privateRouteWithoutPlan,
    planWithoutPrivateRoute,
    planWithoutThrottle,
    planBoundToNoStage,
    throttleForUnknownRoute,
    keyWithoutPlan,
    keyInTwoPlans,
    keySourceIsAuthorizer,
    oneKeyForAllClients,
    keyIsDisabled,
    limitRefusesEveryone,
    missingQuota,
    functionUrlHasNoLimit,
    limitsAreUnknown,
    decisionHasNoEffect,
  ],
  routeGates: (project, api, route) => ({
    key: { required: keyRequired(route) },
    plan: planGate(project, api, route),
  }),
  // A load balancer has neither keys nor throttles; rate-based rules of its web ACL belong to the firewall.
  applies: ({ apis, apiKeys, usagePlans: plans, ignored, unread }) =>
    apis.some(({ kind }) => kind !== 'alb') ||
    apiKeys.length > 0 ||
    plans.length > 0 ||
    ignored.some(({ step }) => step === 'usage-plans') ||
    unread.some(({ steps }) => steps.includes('usage-plans')),
  sensitive: (project) => project.apiKeys.flatMap(literalValues),
  provision: { notYet: 'keys and plans are not provisioned yet' },
  gate: { notYet: 'there is no local gateway yet' },
  probes: { notYet: 'nothing attacks a running API yet' },
};
