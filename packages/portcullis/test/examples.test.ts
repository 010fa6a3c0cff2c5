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
  'authorization/authorizer-is-undefined':
    'a stack that refers to a missing resource does not deploy, and the example does',
  'authorization/authorization-is-unknown': 'everything about its authorization is written down',
  'authorization/resource-policy-is-open': 'no resource policy; the routes are open without one',
  'authorization/setting-has-no-effect': 'its misplaced setting is a usage plan',
  'usage-plans/http-api-cannot-have-keys': 'its HTTP API asks for no key',
  'usage-plans/private-route-without-plan': 'the framework makes a plan as soon as there is a key under provider',
  'usage-plans/plan-without-private-route': 'DELETE /orders/{id} is private',
  'usage-plans/plan-bound-to-no-stage': 'the plan that the framework makes is bound to its stage',
  'usage-plans/one-key-for-all-clients': 'it has two keys',
  'usage-plans/limits-are-unknown': 'no limit comes from elsewhere',
  'firewall/association-is-undecided': 'its web ACL has no association at all',
  'firewall/web-acl-has-no-rules': 'its web ACL has a rule',
  'firewall/allow-before-managed-groups': 'its web ACL has no allow rule',
  'firewall/web-acl-scope-mismatch': 'its web ACL is REGIONAL',
  'firewall/waf-classic-is-retired': 'its web ACL is of the present generation',
  'firewall/setting-has-no-effect': 'it uses no plugin for web ACLs',
  'secrets/ssm-secure-where-refused': 'a stack with such a reference does not deploy',
  'secrets/no-echo-missing': 'its parameter has NoEcho, and a default that undoes it',
  'deployment-bucket/setting-has-no-effect': 'it names no bucket, so nothing about one is ignored',
  'deployment-bucket/no-tls-only-policy': 'the bucket that the framework makes has that policy',
  'deployment-bucket/kms-without-key': 'it chooses no encryption',
  'deployment-bucket/public-access-not-blocked': 'it leaves public access as S3 sets it',
  'deployment-bucket/customer-key-in-file': 'it chooses no encryption',
  'deployment-bucket/old-deployments-kept': 'it keeps as many as the framework does',
  'deployment-bucket/bucket-not-versioned': 'the bucket belongs to the framework',
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
