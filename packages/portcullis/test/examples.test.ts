import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../src/contract/index.ts';
import { allRules, assess, steps } from '../src/steps/index.ts';
import { readFiles } from './support/read.ts';

const text = (path: string) =>
  readFileSync(fileURLToPath(new URL(`../../../examples/${path}`, import.meta.url)), 'utf8');

function check(path: string): {
  findings: readonly Finding[];
  report: ReturnType<typeof assess>['report'];
  errors: readonly string[];
} {
  const { project, errors } = readFiles({ [path.split('/').at(-1) ?? path]: text(path) });
  if (!project) throw new Error(`${path}: ${errors.map((error) => error.message).join('; ')}`);
  return { ...assess(project, steps), errors: errors.map((error) => error.message) };
}

/** Rules that cannot fire on one realistic serverless.yml, each with the reason. */
const silentOnOrders: Readonly<Record<string, string>> = {
  'authorization/decision-has-no-effect': 'nothing is decided in its files',
  'usage-plans/decision-has-no-effect': 'nothing is decided in its files',
  'firewall/decision-has-no-effect': 'nothing is decided in its files',
  'secrets/decision-has-no-effect': 'nothing is decided in its files',
  'deployment-bucket/decision-has-no-effect': 'nothing is decided in its files',
  'authorization/authorizer-is-undefined':
    'a stack that refers to a missing resource does not deploy, and the example does',
  'authorization/authorization-is-unknown': 'everything about its authorization is written down',
  'authorization/security-scheme-is-not-enforced': 'no API of it is described by an OpenAPI document',
  'authorization/resource-policy-is-open': 'no resource policy; the routes are open without one',
  'authorization/setting-has-no-effect': 'its misplaced setting is a usage plan',
  'authorization/token-is-not-verified': 'no code of it reads a token',
  'authorization/cached-policy-covers-every-route': 'it has no Lambda authorizer',
  'authorization/cached-answer-misses-route-key': 'it has no Lambda authorizer',
  'authorization/authorizer-cache-misses-input': 'it has no Lambda authorizer',
  'authorization/authorizer-matches-path-loosely': 'it has no Lambda authorizer',
  'authorization/handler-trusts-absent-authorizer': 'no code of it reads the user of a request',
  'authorization/authorizer-logs-token': 'it has no Lambda authorizer',
  'authorization/cached-policy-covers-one-method': 'it has no Lambda authorizer',
  'authorization/authorizer-is-not-throttled': 'it has no Lambda authorizer',
  'authorization/open-route-bypasses-authorizer': 'no route takes every path',
  'authorization/cors-shares-credentials-with-every-origin': 'no CORS settings',
  'authorization/user-pool-admits-everyone': 'the authorizer of its pool is attached to no route',
  'authorization/role-attribute-is-client-writable': 'its pool has no attributes of its own',
  'authorization/identity-pool-serves-guests': 'no identity pool',
  'authorization/write-route-asks-for-no-scope': 'the authorizer of its pool is attached to no route',
  'authorization/default-endpoint-bypasses-mutual-tls': 'no custom domain',
  'authorization/default-endpoint-bypasses-cloudfront': 'no distribution',
  'authorization/old-tls-is-accepted': 'no custom domain',
  'authorization/deployment-is-stale': 'the framework makes its deployment anew each time',
  'authorization/deployment-does-not-wait': 'the framework makes its deployment',
  'authorization/cached-response-ignores-caller': 'no cache',
  'authorization/cache-is-not-encrypted': 'no cache',
  'authorization/whole-requests-are-logged': 'it keeps no logs of its API',
  'usage-plans/http-api-cannot-have-keys': 'its HTTP API asks for no key',
  'usage-plans/private-route-without-plan': 'the framework makes a plan as soon as there is a key under provider',
  'usage-plans/plan-without-private-route': 'DELETE /orders/{id} is private',
  'usage-plans/plan-bound-to-no-stage': 'the plan that the framework makes is bound to its stage',
  'usage-plans/one-key-for-all-clients': 'it has two keys',
  'usage-plans/limits-are-unknown': 'no limit comes from elsewhere',
  'usage-plans/throttle-for-unknown-route': 'it has no throttle for a single route',
  'usage-plans/key-in-two-plans': 'the framework makes one plan',
  'usage-plans/key-source-is-authorizer': 'its keys come in the header',
  'usage-plans/key-is-disabled': 'both keys are enabled',
  'usage-plans/limit-refuses-everyone': 'no limit of its own is in effect, let alone one of zero',
  'firewall/association-is-undecided': 'its web ACL has no association at all',
  'firewall/web-acl-has-no-rules': 'its web ACL has a rule',
  'firewall/allow-before-managed-groups': 'its web ACL has no allow rule',
  'firewall/web-acl-scope-mismatch': 'its web ACL is REGIONAL',
  'firewall/waf-classic-is-retired': 'its web ACL is of the present generation',
  'firewall/setting-has-no-effect': 'it uses no plugin for web ACLs',
  'firewall/allow-before-block-rules': 'its web ACL has no allow rule',
  'firewall/large-bodies-pass': 'its web ACL only counts, so it inspects nothing',
  'firewall/known-exploits-are-not-blocked': 'its web ACL only counts, which web-acl-only-counts says',
  'firewall/web-acl-logs-credentials': 'its web ACL writes no log',
  'firewall/web-acl-fails-open': 'its load balancer has no web ACL to do without',
  'firewall/listener-accepts-old-tls': 'its listener speaks plain HTTP, which is worse',
  'firewall/sender-proof-is-weak': 'its load balancer asks for no proof at all',
  'firewall/vpc-link-to-public-load-balancer': 'its API reaches the load balancer by the public address',
  'firewall/container-reachable-past-load-balancer':
    'its tasks have public addresses and the default group of their VPC, which admits nobody',
  'firewall/load-balancer-group-is-wide': 'the group of its load balancer opens the port of the listener only',
  'firewall/database-port-is-open': 'its data lies in DynamoDB, which has no security group',
  'secrets/ssm-secure-where-refused': 'a stack with such a reference does not deploy',
  'secrets/no-echo-missing': 'its parameter has NoEcho, and a default that undoes it',
  'secrets/key-policy-is-open': 'it has no key of its own',
  'secrets/key-does-not-rotate': 'it has no key of its own',
  'secrets/environment-key-without-decrypt': 'its environment is encrypted with the default key',
  'secrets/secret-key-without-decrypt': 'it has no secret in Secrets Manager',
  'secrets/secret-policy-is-open': 'it has no secret in Secrets Manager',
  'secrets/secret-is-not-rotated': 'it has no secret in Secrets Manager',
  'secrets/rotation-before-attachment': 'it has no secret in Secrets Manager',
  'secrets/rotation-without-tls': 'it has no secret in Secrets Manager',
  'secrets/secret-files-are-packed': 'its folder holds no such file',
  'secrets/database-is-public': 'its data lies in DynamoDB',
  'secrets/database-is-not-encrypted': 'its data lies in DynamoDB',
  'secrets/database-accepts-plain-connections': 'its data lies in DynamoDB',
  'secrets/database-password-is-a-parameter': 'its data lies in DynamoDB',
  'deployment-bucket/setting-has-no-effect': 'it names no bucket, so nothing about one is ignored',
  'deployment-bucket/no-tls-only-policy': 'the bucket that the framework makes has that policy',
  'deployment-bucket/kms-without-key': 'it chooses no encryption',
  'deployment-bucket/public-access-not-blocked': 'it leaves public access as S3 sets it',
  'deployment-bucket/customer-key-in-file': 'it chooses no encryption',
  'deployment-bucket/old-deployments-kept': 'it keeps as many as the framework does',
  'deployment-bucket/bucket-not-versioned': 'the bucket belongs to the framework',
  'deployment-bucket/bucket-without-isolation': 'the bucket is for this service alone',
  'deployment-bucket/buckets-differ': 'one service alone differs from nobody',
};

describe('examples/orders', () => {
  const { findings, report, errors } = check('orders/serverless.yml');
  const fired = new Set(findings.map((finding) => finding.rule));

  it('is read without a word of complaint', () => {
    expect(errors).toEqual([]);
    expect(report.unread).toEqual([]);
  });

  it.each(allRules.map((rule) => rule.id))('%s fires, or names a reason not to', (id) => {
    if (id in silentOnOrders) expect(fired.has(id), `${id} fires after all: drop its reason`).toBe(false);
    else expect(fired.has(id)).toBe(true);
  });

  it('shows what the open routes reach', () => {
    const route = report.apis
      .flatMap((api) => api.routes)
      .find((entry) => entry.method === 'POST' && entry.path === '/orders');
    expect(route?.function).toBe('createOrder');
    expect(route?.gates.authorization.state).toBe('open');
    expect(route?.reaches).toContainEqual({ resource: 'OrdersTable', type: 'AWS::DynamoDB::Table', access: 'write' });
  });

  it('leaves no gate closed', () => {
    expect(Object.values(report.gates)).not.toContain('closed');
  });
});

describe.each(['orders-guarded/serverless.yml', 'orders-guarded/deployment-bucket.yml'])('examples/%s', (path) => {
  const { findings, report, errors } = check(path);

  it('gives no rule anything to say', () => {
    expect(errors).toEqual([]);
    expect(report.unread).toEqual([]);
    expect(findings.map((finding) => `${finding.rule} ${finding.location.line}: ${finding.message}`)).toEqual([]);
  });

  it('has every gate closed, and every route behind authorizer, key, plan and firewall', () => {
    expect(Object.values(report.gates)).toEqual(['closed', 'closed', 'closed', 'closed', 'closed']);
    const routes = report.apis
      .flatMap((api) => api.routes)
      .filter((route) => route.method !== 'OPTIONS' && route.gates.authorization.kind !== 'network');
    expect(routes.length).toBe(path.endsWith('serverless.yml') ? 5 : 0);
    for (const { method, path: name, gates } of routes) {
      expect
        .soft({
          method,
          name,
          authorization: gates.authorization.state,
          plan: gates.plan.state,
          firewall: gates.firewall.state,
          key: gates.key.required,
        })
        .toEqual({
          method,
          name,
          authorization: 'closed',
          plan: 'closed',
          firewall: 'closed',
          key: true,
        });
    }
  });
});
