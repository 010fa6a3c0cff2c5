import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readCases } from '../../../test/support/cases.ts';
import { readFiles } from '../../../test/support/read.ts';
import { assess } from '../run.ts';
import { firewall } from './index.ts';

const folder = fileURLToPath(new URL('./check/', import.meta.url));
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.cases.yml'))
  .flatMap((name) => readCases(`${folder}${name}`).map((entry) => [`${name}: ${entry.name}`, entry] as const));

const worst = ['open', 'unknown', 'half-open', 'closed'] as const;

describe('an HTTP API', () => {
  it.each([
    ['open', ''],
    ['half-open', 'httpApi: { disableDefaultEndpoint: true }'],
    ['open', 'httpApi: { disableDefaultEndpoint: false }'],
  ])('is %s with %s', (state, setting) => {
    const text = `service: orders
provider:
  name: aws
  ${setting}
functions: { list: { handler: a.b, events: [{ httpApi: GET /orders }] } }`;
    const { project } = readFiles({ 'serverless.yml': text });
    if (!project) throw new Error('nothing was read');
    const { report } = assess(project, [firewall]);
    expect(report.apis[0]?.routes[0]?.gates.firewall.state).toBe(state);
    expect(report.gates.firewall).toBe(state);
  });
});

describe('the gate of the step and the gates of the routes agree', () => {
  it('has cases to look at', () => {
    expect(cases.length).toBeGreaterThan(80);
  });

  it.each(cases)('%s', (_name, { files, stage }) => {
    const { project } = readFiles(files, { stage });
    if (!project) throw new Error('nothing was read');
    const { report, findings } = assess(project, [firewall]);
    const routes = report.apis.flatMap((api) => api.routes.map((route) => route.gates.firewall.state));
    // No route stands wider open than the step says, so that whoever reads only the five gates misses nothing.
    for (const state of routes) {
      expect(worst.indexOf(report.gates.firewall)).toBeLessThanOrEqual(worst.indexOf(state));
    }
    // A decision about nothing is a mistake in any project.
    const own = findings.filter(({ rule }) => rule !== 'firewall/decision-has-no-effect');
    if (report.notApplicable.includes('firewall')) expect(own).toEqual([]);
  });
});
