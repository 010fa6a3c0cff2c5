import type { Rule, Severity } from '../contract/index.ts';
import type { StepId } from '../project/index.ts';

type ChangeInfo = Omit<Rule, 'check'>;

const access = {
  title: 'API Gateway: control and manage access to REST APIs',
  url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html',
};
const plans = {
  title: 'API Gateway: usage plans and API keys',
  url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html',
};
const waf = {
  title: 'AWS WAF: web ACLs',
  url: 'https://docs.aws.amazon.com/waf/latest/developerguide/web-acl.html',
};

const notApplicable = { notApplicable: 'it speaks of a change, not of a setting' } as const;
const fix = { serverless: notApplicable, cloudformation: notApplicable } as const;

function info(name: string, step: StepId, severity: Severity, title: string, attack: string): ChangeInfo {
  const docs = [step === 'firewall' ? waf : step === 'usage-plans' ? plans : access];
  const owasp = [step === 'usage-plans' ? 'API4:2023' : step === 'firewall' ? 'API8:2023' : 'API2:2023'];
  return { id: `exposure/${name}`, step, severity, title, attack, fix, docs, mappings: { fsbp: [], owasp, cwe: [] } };
}

const opened = 'Whoever knows the address of the API calls the route from the moment that this change is deployed.';
const limits =
  'A client that is malicious, broken or merely popular may send more than before; the others and the bill feel it.';

/** What `check --since` may report, by the name of the change. */
export const changeInfos: readonly ChangeInfo[] = [
  info('route-opened', 'authorization', 'error', 'Change opens a route to everyone', opened),
  info(
    'open-route-reaches-more',
    'authorization',
    'error',
    'Change lets an open route reach more',
    'The route was open; what its function may do with its role has grown, and everyone may make it do that.',
  ),
  info(
    'open-route-reaches-unknown',
    'authorization',
    'warning',
    'Change lets an open route reach what the files do not show',
    'The route was open; what its function may do now stands in a role or policy that nobody can judge here.',
  ),
  info(
    'route-falls-to-wider-one',
    'authorization',
    'error',
    'Change lets a wider route answer for a closed one',
    'The closed route is gone, and a wider one that asks nobody answers its requests.',
  ),
  info(
    'authorization-weakened',
    'authorization',
    'warning',
    'Change weakens the authorization of a route',
    'What stood before the route asked more of a caller than what stands there now.',
  ),
  info(
    'weak-route-added',
    'authorization',
    'warning',
    'Change adds a weakly protected route',
    'The new route asks little of a caller, or the files do not decide what it asks.',
  ),
  info(
    'authorizer-changed',
    'authorization',
    'warning',
    'Change lets another authorizer decide',
    'Who holds credentials for the new authorizer gets in; they may be others than before.',
  ),
  info(
    'authorizer-trusts-others',
    'authorization',
    'warning',
    'Change makes an authorizer believe somebody else',
    'Who gets tokens from the new issuer or user pool, or convinces the new function, gets in.',
  ),
  info(
    'scopes-widened',
    'authorization',
    'warning',
    'Change lets tokens with other scopes in',
    'A token that was issued for something else now passes.',
  ),
  info('key-no-longer-required', 'usage-plans', 'warning', 'Change drops the API key of a route', limits),
  info('throttle-removed', 'usage-plans', 'warning', 'Change removes the throttle of a route', limits),
  info('throttle-raised', 'usage-plans', 'warning', 'Change raises the throttle of a route', limits),
  info('plan-removed', 'usage-plans', 'warning', 'Change removes a usage plan', limits),
  ...(['quota', 'rate', 'burst'] as const).flatMap((limit) => [
    info(`${limit}-removed`, 'usage-plans', 'warning', `Change removes the ${limit} of a plan`, limits),
    info(`${limit}-raised`, 'usage-plans', 'warning', `Change raises the ${limit} of a plan`, limits),
    info(`${limit}-undecided`, 'usage-plans', 'warning', `Change leaves the ${limit} of a plan undecided`, limits),
    info(`${limit}-set`, 'usage-plans', 'note', `Change sets the ${limit} of a plan`, 'Nothing: this closes.'),
    info(`${limit}-lowered`, 'usage-plans', 'note', `Change lowers the ${limit} of a plan`, 'Nothing: this closes.'),
  ]),
  info(
    'firewall-removed',
    'firewall',
    'error',
    'Change takes the firewall away',
    'Requests that the web ACL refused reach the functions.',
  ),
  info(
    'web-acl-allows-by-default',
    'firewall',
    'error',
    'Change makes a web ACL allow by default',
    'Everything passes that no rule names.',
  ),
  info(
    'web-acl-rule-removed',
    'firewall',
    'warning',
    'Change removes a rule of a web ACL',
    'Requests that the rule refused pass.',
  ),
  info(
    'web-acl-rule-disarmed',
    'firewall',
    'warning',
    'Change makes a rule of a web ACL only count',
    'Requests that the rule refused pass and are counted.',
  ),
  info(
    'web-acl-rule-narrowed',
    'firewall',
    'warning',
    'Change makes a rule of a web ACL refuse less',
    'Requests that the rule refused pass: its limit is higher, it looks at fewer requests, or parts of its group only count.',
  ),
  info('route-closed', 'authorization', 'note', 'Change closes a route', 'Nothing: this closes.'),
  info('open-route-removed', 'authorization', 'note', 'Change removes an open route', 'Nothing: this closes.'),
];
