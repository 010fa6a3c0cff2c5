import type { RouteGates, Step } from '../../contract/index.ts';
import { type Api, always, type Project, type Route } from '../../project/index.ts';
import { allowBeforeBlockRules } from './check/allow-before-block-rules.ts';
import { allowBeforeManagedGroups } from './check/allow-before-managed-groups.ts';
import { associationIsUndecided } from './check/association-is-undecided.ts';
import { containerReachablePastLoadBalancer } from './check/container-reachable-past-load-balancer.ts';
import { databasePortIsOpen } from './check/database-port-is-open.ts';
import { decisionHasNoEffect } from './check/decision-has-no-effect.ts';
import { functionUrlCannotHaveWebAcl } from './check/function-url-cannot-have-web-acl.ts';
import { httpApiCannotHaveWebAcl } from './check/http-api-cannot-have-web-acl.ts';
import { knownExploitsAreNotBlocked } from './check/known-exploits-are-not-blocked.ts';
import { largeBodiesPass } from './check/large-bodies-pass.ts';
import { listenerAcceptsOldTls } from './check/listener-accepts-old-tls.ts';
import { loadBalancerBypassesApi } from './check/load-balancer-bypasses-api.ts';
import { loadBalancerGroupIsWide } from './check/load-balancer-group-is-wide.ts';
import { loadBalancerLetsMalformedRequestsThrough } from './check/load-balancer-lets-malformed-requests-through.ts';
import { loadBalancerOverHttp } from './check/load-balancer-over-http.ts';
import { loadBalancerWithoutWebAcl } from './check/load-balancer-without-web-acl.ts';
import { loadBalancerWritesNoAccessLog } from './check/load-balancer-writes-no-access-log.ts';
import { restStageWithoutWebAcl } from './check/rest-stage-without-web-acl.ts';
import { senderProofIsWeak } from './check/sender-proof-is-weak.ts';
import { settingHasNoEffect } from './check/setting-has-no-effect.ts';
import { userPoolWithoutWebAcl } from './check/user-pool-without-web-acl.ts';
import { vpcLinkToPublicLoadBalancer } from './check/vpc-link-to-public-load-balancer.ts';
import { wafClassicIsRetired } from './check/waf-classic-is-retired.ts';
import { webAclFailsOpen } from './check/web-acl-fails-open.ts';
import { webAclHasNoRules } from './check/web-acl-has-no-rules.ts';
import { webAclIsAssociatedWithNothing } from './check/web-acl-is-associated-with-nothing.ts';
import { webAclLogsCredentials } from './check/web-acl-logs-credentials.ts';
import { webAclOnlyCounts } from './check/web-acl-only-counts.ts';
import { webAclScopeMismatch } from './check/web-acl-scope-mismatch.ts';
import { webAclWithoutLogging } from './check/web-acl-without-logging.ts';
import { webAclWithoutRateRule } from './check/web-acl-without-rate-rule.ts';
import { isPrivate } from './facts.ts';
import { proofsOf, sentValues, weakValues } from './proofs.ts';
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
    senderProofIsWeak,
    vpcLinkToPublicLoadBalancer,
    loadBalancerOverHttp,
    listenerAcceptsOldTls,
    loadBalancerLetsMalformedRequestsThrough,
    loadBalancerWritesNoAccessLog,
    webAclFailsOpen,
    containerReachablePastLoadBalancer,
    loadBalancerGroupIsWide,
    databasePortIsOpen,
    webAclIsAssociatedWithNothing,
    webAclHasNoRules,
    webAclOnlyCounts,
    allowBeforeManagedGroups,
    allowBeforeBlockRules,
    largeBodiesPass,
    knownExploitsAreNotBlocked,
    webAclWithoutRateRule,
    webAclWithoutLogging,
    webAclLogsCredentials,
    webAclScopeMismatch,
    wafClassicIsRetired,
    settingHasNoEffect,
    decisionHasNoEffect,
  ],
  routeGates: (project: Project, api: Api, _route: Route): RouteGates => ({
    firewall: { state: routeState(project, api) },
  }),
  applies: (project) =>
    project.apis.some((api) => !isPrivate(api)) ||
    project.userPools.length > 0 ||
    project.webAcls.length > 0 ||
    project.webAclAssociations.length > 0 ||
    project.containerServices.length > 0 ||
    project.securityGroups.some(({ ingress }) => ingress.length > 0) ||
    project.loadBalancers.some((balancer) => !always(balancer.scheme, (scheme) => scheme === 'internal')),
  sensitive: (project) =>
    project.loadBalancers.flatMap((balancer) =>
      proofsOf(project, balancer).flatMap(({ header, condition }) =>
        [...weakValues(condition.values), ...sentValues(project, balancer, header)].map(({ span }) => span),
      ),
    ),
  provision: { notYet: 'web ACLs and associations are not written into templates yet' },
  gate: { notYet: 'rules of web ACLs are not evaluated on this machine yet' },
  probes: { notYet: 'no attack requests are sent yet' },
};
