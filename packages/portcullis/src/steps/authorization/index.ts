import type { Step } from '../../contract/index.ts';
import { apiKeyIsTheOnlyProtection } from './check/api-key-is-the-only-protection.ts';
import { authorizationIsUnknown } from './check/authorization-is-unknown.ts';
import { authorizerIsUndefined } from './check/authorizer-is-undefined.ts';
import { authorizerIsUnused } from './check/authorizer-is-unused.ts';
import { functionUrlIsOpen } from './check/function-url-is-open.ts';
import { jwtWithoutAudience } from './check/jwt-without-audience.ts';
import { permissionIsOpen } from './check/permission-is-open.ts';
import { resourcePolicyIsOpen } from './check/resource-policy-is-open.ts';
import { routeIsOpen } from './check/route-is-open.ts';
import { routeMayBeOpen } from './check/route-may-be-open.ts';
import { settingHasNoEffect } from './check/setting-has-no-effect.ts';
import { websocketConnectIsOpen } from './check/websocket-connect-is-open.ts';
import { standingOf } from './facts.ts';

export const authorization: Step = {
  id: 'authorization',
  title: 'Authorization',
  question: 'who may enter?',
  rules: [
    routeIsOpen,
    functionUrlIsOpen,
    websocketConnectIsOpen,
    apiKeyIsTheOnlyProtection,
    authorizerIsUndefined,
    authorizerIsUnused,
    jwtWithoutAudience,
    resourcePolicyIsOpen,
    permissionIsOpen,
    routeMayBeOpen,
    settingHasNoEffect,
    authorizationIsUnknown,
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
