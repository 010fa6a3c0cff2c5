import type { Step } from '../../contract/index.ts';
import { apiKeyIsTheOnlyProtection } from './check/api-key-is-the-only-protection.ts';
import { authorizationIsUnknown } from './check/authorization-is-unknown.ts';
import { authorizerCacheMissesInput } from './check/authorizer-cache-misses-input.ts';
import { authorizerIsNotThrottled } from './check/authorizer-is-not-throttled.ts';
import { authorizerIsUndefined } from './check/authorizer-is-undefined.ts';
import { authorizerIsUnused } from './check/authorizer-is-unused.ts';
import { authorizerLogsToken } from './check/authorizer-logs-token.ts';
import { authorizerMatchesPathLoosely } from './check/authorizer-matches-path-loosely.ts';
import { cacheIsNotEncrypted } from './check/cache-is-not-encrypted.ts';
import { cachedAnswerMissesRouteKey } from './check/cached-answer-misses-route-key.ts';
import { cachedPolicyCoversEveryRoute } from './check/cached-policy-covers-every-route.ts';
import { cachedPolicyCoversOneMethod } from './check/cached-policy-covers-one-method.ts';
import { cachedResponseIgnoresCaller } from './check/cached-response-ignores-caller.ts';
import { corsSharesCredentialsWithEveryOrigin } from './check/cors-shares-credentials-with-every-origin.ts';
import { decisionHasNoEffect } from './check/decision-has-no-effect.ts';
import { defaultEndpointBypassesCloudfront } from './check/default-endpoint-bypasses-cloudfront.ts';
import { defaultEndpointBypassesMutualTls } from './check/default-endpoint-bypasses-mutual-tls.ts';
import { deploymentDoesNotWait } from './check/deployment-does-not-wait.ts';
import { deploymentIsStale } from './check/deployment-is-stale.ts';
import { functionUrlIsOpen } from './check/function-url-is-open.ts';
import { handlerTrustsAbsentAuthorizer } from './check/handler-trusts-absent-authorizer.ts';
import { identityPoolServesGuests } from './check/identity-pool-serves-guests.ts';
import { jwtWithoutAudience } from './check/jwt-without-audience.ts';
import { noAccessLog } from './check/no-access-log.ts';
import { oldTlsIsAccepted } from './check/old-tls-is-accepted.ts';
import { openRouteBypassesAuthorizer } from './check/open-route-bypasses-authorizer.ts';
import { permissionIsOpen } from './check/permission-is-open.ts';
import { resourcePolicyIsOpen } from './check/resource-policy-is-open.ts';
import { roleAttributeIsClientWritable } from './check/role-attribute-is-client-writable.ts';
import { routeIsOpen } from './check/route-is-open.ts';
import { routeMayBeOpen } from './check/route-may-be-open.ts';
import { securitySchemeIsNotEnforced } from './check/security-scheme-is-not-enforced.ts';
import { settingHasNoEffect } from './check/setting-has-no-effect.ts';
import { tokenIsNotVerified } from './check/token-is-not-verified.ts';
import { userPoolAdmitsEveryone } from './check/user-pool-admits-everyone.ts';
import { websocketConnectIsOpen } from './check/websocket-connect-is-open.ts';
import { wholeRequestsAreLogged } from './check/whole-requests-are-logged.ts';
import { writeRouteAsksForNoScope } from './check/write-route-asks-for-no-scope.ts';
import { standingOf } from './facts.ts';

export const authorization: Step = {
  id: 'authorization',
  title: 'Authorization',
  question: 'who may enter?',
  rules: [
    routeIsOpen,
    openRouteBypassesAuthorizer,
    securitySchemeIsNotEnforced,
    functionUrlIsOpen,
    websocketConnectIsOpen,
    apiKeyIsTheOnlyProtection,
    authorizerIsUndefined,
    authorizerIsUnused,
    jwtWithoutAudience,
    resourcePolicyIsOpen,
    permissionIsOpen,
    tokenIsNotVerified,
    cachedPolicyCoversEveryRoute,
    cachedAnswerMissesRouteKey,
    authorizerCacheMissesInput,
    authorizerMatchesPathLoosely,
    handlerTrustsAbsentAuthorizer,
    authorizerLogsToken,
    cachedPolicyCoversOneMethod,
    authorizerIsNotThrottled,
    routeMayBeOpen,
    corsSharesCredentialsWithEveryOrigin,
    userPoolAdmitsEveryone,
    roleAttributeIsClientWritable,
    identityPoolServesGuests,
    writeRouteAsksForNoScope,
    defaultEndpointBypassesMutualTls,
    defaultEndpointBypassesCloudfront,
    oldTlsIsAccepted,
    deploymentIsStale,
    deploymentDoesNotWait,
    cachedResponseIgnoresCaller,
    cacheIsNotEncrypted,
    wholeRequestsAreLogged,
    noAccessLog,
    settingHasNoEffect,
    authorizationIsUnknown,
    decisionHasNoEffect,
  ],
  routeGates: (project, api, route) => {
    const { state, kind, name } = standingOf(project, api, route);
    return { authorization: { state, kind, name } };
  },
  applies: ({ apis, permissions, ignored, unread }) =>
    apis.length > 0 ||
    permissions.length > 0 ||
    ignored.some(({ step }) => step === 'authorization') ||
    unread.some(({ steps }) => steps.includes('authorization')),
  provision: { notYet: 'authorizers are not provisioned yet' },
  gate: { notYet: 'there is no local gateway yet' },
  probes: { notYet: 'nothing attacks a running API yet' },
};
