import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type StepId, stepIds } from '../src/project/index.ts';
import { assess, steps } from '../src/steps/index.ts';
import { readFiles } from './support/read.ts';

// Services as careful teams write them, in every format: nothing at warning or above may be said of them. They are not written for the
// rules: where a rule was right the service was changed, where it was wrong the rule.

interface Quiet {
  /** Routes by kind of API, so that a service is not quiet because nothing of it was read. */
  readonly routes: Readonly<Record<string, number>>;
  /** Gates with a note beside them that leaves a question. */
  readonly halfOpen?: readonly StepId[];
  /** Rules about which the service has decided in its files. */
  readonly decided?: readonly string[];
}

/** AWS WAF refuses the API; all who are let in are known to the gateway, so it is a note. */
const knownCallers: Pick<Quiet, 'halfOpen'> = { halfOpen: ['firewall'] };
const withoutWebAcl = ['firewall/http-api-cannot-have-web-acl'];

const services: Readonly<Record<string, Quiet>> = {
  'serverless/bookings/serverless.yml': { routes: { rest: 5 } },
  'serverless/catalogue/serverless.yml': { routes: { http: 3 }, decided: withoutWebAcl },
  'serverless/chat/serverless.yml': { routes: { websocket: 4 }, ...knownCallers },
  'serverless/ledger/serverless.yml': { routes: { rest: 2 } },
  'serverless/payments/serverless.yml': { routes: { rest: 2 }, decided: ['authorization/route-may-be-open'] },
  'serverless/portal/serverless.yml': { routes: { rest: 3 } },
  'serverless/workers/serverless.yml': { routes: {} },
  'sam/backoffice/template.yaml': { routes: { rest: 2 } },
  'sam/feedback/template.yaml': { routes: { rest: 2 }, decided: ['authorization/route-is-open'] },
  'sam/inventory/template.yaml': { routes: { http: 2 }, ...knownCallers },
  'sam/partners/template.yaml': { routes: { http: 1 }, ...knownCallers },
  'sam/recipes/template.yaml': { routes: { rest: 6 } },
  'sam/reports/template.yaml': { routes: { url: 1 } },
  'sam/thumbnails/template.yaml': { routes: {} },
  'cloudformation/exports/template.yaml': { routes: { http: 2 }, ...knownCallers },
  'cloudformation/fleet/template.json': { routes: { rest: 1 } },
  'cloudformation/invoices/template.yaml': { routes: { http: 2, alb: 1 }, decided: withoutWebAcl },
  'cloudformation/platform/template.yaml': { routes: { rest: 1 } },
  'cloudformation/surveys/template.yaml': { routes: { rest: 3 } },
  'cloudformation/tickets/template.yaml': { routes: { rest: 5 } },
  'cloudformation/wiki/template.yaml': { routes: { alb: 1 } },
  'cdk/cdk.out/database.template.json': { routes: { rest: 1 } },
  'cdk/cdk.out/intern.template.json': { routes: { rest: 2 }, decided: ['authorization/route-may-be-open'] },
  'cdk/cdk.out/ledger.template.json': { routes: { rest: 2 } },
  'cdk/cdk.out/live.template.json': { routes: { http: 1 } },
  'cdk/cdk.out/site.template.json': { routes: { http: 1 }, ...knownCallers },
  'cdk/cdk.out/todos.template.json': { routes: { rest: 6 } },
  'cdk/cdk.out/web.template.json': { routes: { alb: 1 }, decided: ['authorization/route-may-be-open'] },
  'cdk/cdk.out/workers.template.json': { routes: {} },
};

const root = join(import.meta.dirname, 'fixtures', 'quiet');
/** Decisions of the fixtures with an end hold until after it. */
const today = '2026-11-22';

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function check(path: string) {
  const [format = '', name = ''] = path.split('/');
  const folder = join(root, format, name);
  const files = filesBelow(folder).map((file) => [relative(folder, file), readFileSync(file, 'utf8')] as const);
  const { project, errors } = readFiles(Object.fromEntries(files), { entry: relative(folder, join(root, path)) });
  if (!project) throw new Error(`${path} was not read`);
  return { errors, ...assess(project, steps, { today }) };
}

it('names every service', () => {
  const entries = filesBelow(root)
    .map((file) => relative(root, file).replaceAll('\\', '/'))
    .filter((file) => /^[^/]+\/[^/]+\/(?:serverless\.yml|template\.(?:yaml|json)|\w+\.template\.json)$/.test(file));
  expect(entries.sort()).toEqual(Object.keys(services).sort());
});

describe.each(Object.entries(services))('%s', (path, { routes, halfOpen = [], decided = [] }) => {
  const { report, findings, errors } = check(path);

  it('is read completely', () => {
    expect(errors.map(({ message }) => message)).toEqual([]);
    expect(report.unread).toEqual([]);
    const counts: Record<string, number> = {};
    for (const api of report.apis) counts[api.kind] = (counts[api.kind] ?? 0) + api.routes.length;
    expect(counts).toEqual(routes);
  });

  it('gives no rule a reason to warn', () => {
    const loud = findings.filter(({ severity, suppressed }) => severity !== 'note' && !suppressed);
    expect(loud.map(({ rule, location, message }) => `${rule} ${location.line}: ${message}`)).toEqual([]);
    const suppressed = findings.filter((finding) => finding.suppressed);
    expect([...new Set(suppressed.map(({ rule }) => rule))]).toEqual(decided);
  });

  it('has every gate closed', () => {
    const states = stepIds.map((step) => [step, report.gates[step]]);
    expect(states).toEqual(stepIds.map((step) => [step, halfOpen.includes(step) ? 'half-open' : 'closed']));
  });
});
