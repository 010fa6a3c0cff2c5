import type { RouteGates, Step } from '../../contract/index.ts';
import { type Api, always, type Project, type Route } from '../../project/index.ts';
import { allowBeforeManagedGroups } from './check/allow-before-managed-groups.ts';
import { associationIsUndecided } from './check/association-is-undecided.ts';
import { functionUrlCannotHaveWebAcl } from './check/function-url-cannot-have-web-acl.ts';
import { httpApiCannotHaveWebAcl } from './check/http-api-cannot-have-web-acl.ts';
import { loadBalancerBypassesApi } from './check/load-balancer-bypasses-api.ts';
import { loadBalancerOverHttp } from './check/load-balancer-over-http.ts';
import { loadBalancerWithoutWebAcl } from './check/load-balancer-without-web-acl.ts';
import { restStageWithoutWebAcl } from './check/rest-stage-without-web-acl.ts';
import { settingHasNoEffect } from './check/setting-has-no-effect.ts';
import { userPoolWithoutWebAcl } from './check/user-pool-without-web-acl.ts';
import { wafClassicIsRetired } from './check/waf-classic-is-retired.ts';
import { webAclHasNoRules } from './check/web-acl-has-no-rules.ts';
import { webAclIsAssociatedWithNothing } from './check/web-acl-is-associated-with-nothing.ts';
import { webAclOnlyCounts } from './check/web-acl-only-counts.ts';
import { webAclScopeMismatch } from './check/web-acl-scope-mismatch.ts';
import { isPrivate } from './facts.ts';
import { routeState } from './route-state.ts';

export const firewall: Step = {
  id: 'firewall',
  title: 'Firewall',
  question: 'with what in their hands?',
  rules: [
    restStageWithoutWebAcl,
    associationIsUndecided,
    httpApiCannotHaveWebAcl,
    functionUrlCannotHaveWebAcl,
    userPoolWithoutWebAcl,
    loadBalancerWithoutWebAcl,
    loadBalancerBypassesApi,
    loadBalancerOverHttp,
    webAclIsAssociatedWithNothing,
    webAclHasNoRules,
    webAclOnlyCounts,
    allowBeforeManagedGroups,
    webAclScopeMismatch,
    wafClassicIsRetired,
    settingHasNoEffect,
  ],
  routeGates: (project: Project, api: Api, _route: Route): RouteGates => ({
    firewall: { state: routeState(project, api) },
  }),
  applies: (project) =>
    project.apis.some((api) => !isPrivate(api)) ||
    project.userPools.length > 0 ||
    project.webAcls.length > 0 ||
    project.webAclAssociations.length > 0 ||
    project.loadBalancers.some((balancer) => !always(balancer.scheme, (scheme) => scheme === 'internal')),
  provision: { notYet: 'web ACLs and associations are not written into templates yet' },
  gate: { notYet: 'rules of web ACLs are not evaluated on this machine yet' },
  probes: { notYet: 'no attack requests are sent yet' },
};
