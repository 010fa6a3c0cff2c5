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
const silentOnOrders: Readonly<Record<string, string>> = {};

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
    const routes = report.apis.flatMap((api) => api.routes).filter((route) => route.method !== 'OPTIONS');
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
