import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Format, type Project, type StepId, stepIds } from '../src/project/index.ts';
import { allRules, assess, steps } from '../src/steps/index.ts';
import { type RuleCase, readCases } from './support/cases.ts';
import { readFiles } from './support/read.ts';
import { problemsOf } from './support/verdict.ts';

const folder = fileURLToPath(new URL('../src/steps/', import.meta.url));
/** A SAM template is checked as the CloudFormation that it becomes; a rule needs cases of its own there only where it has a snippet of its own. */
const formats: readonly Format[] = ['serverless', 'cloudformation'];

describe('the steps', () => {
  it('are the five, in order, with at least five rules each', () => {
    expect(steps.map((step) => step.id)).toEqual(stepIds);
    for (const step of steps) expect.soft(step.rules.length, step.id).toBeGreaterThanOrEqual(5);
    expect(allRules.length).toBeGreaterThanOrEqual(30);
  });

  it.each(steps.map((step) => [step.id, step] as const))('%s has no empty part', (_id, step) => {
    for (const part of [step.provision, step.gate, step.probes]) {
      const [[kind, text] = []] = Object.entries(part);
      expect(['available', 'notApplicable', 'notYet']).toContain(kind);
      expect(typeof text === 'string' ? text.length : 1).toBeGreaterThan(0);
    }
    expect(step.title.length * step.question.length).toBeGreaterThan(0);
  });

  it.each(stepIds)('%s lists every rule file of its folder', (id) => {
    const files = readdirSync(`${folder}${id}/check`).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    const listed = steps.find((step) => step.id === id)?.rules.map((rule) => `${rule.id.split('/')[1]}.ts`) ?? [];
    expect(listed.toSorted()).toEqual(files.toSorted());
  });
});

/** The files of a case as the projects that are checked in one run. */
function projectsOf({ files, stage, projects }: RuleCase): readonly Project[] {
  return (projects ?? [undefined]).map((entry) => {
    const { project } = readFiles(files, { stage, ...(entry === undefined ? {} : { entry }) });
    if (!project) throw new Error(`${entry ?? 'nothing'} was not read`);
    return project;
  });
}

const casesOf = (rule: (typeof allRules)[number]) =>
  readCases(`${folder}${rule.step}/check/${rule.id.split('/')[1]}.cases.yml`);

it('no gate looks better than a route behind it, in any case of any rule', () => {
  const worstFirst = ['open', 'unknown', 'half-open', 'closed'];
  const wrong: string[] = [];
  let compared = 0;
  for (const rule of allRules) {
    for (const { name, files, stage } of casesOf(rule)) {
      const { project } = readFiles(files, { stage });
      if (!project) continue;
      const { report, findings } = assess(project, steps);
      // A gate is as closed as people decided that it is.
      if (findings.some(({ suppressed }) => suppressed)) continue;
      for (const { kind, routes } of report.apis) {
        for (const { method, path, gates } of routes) {
          const states = {
            authorization: gates.authorization.state,
            firewall: gates.firewall.state,
            // A load balancer has neither keys nor throttles: there the step does not apply.
            ...(kind === 'alb' ? {} : { 'usage-plans': gates.plan.state }),
          };
          for (const [step, state] of Object.entries(states)) {
            compared += 1;
            const gate = report.gates[step as StepId];
            if (worstFirst.indexOf(gate) > worstFirst.indexOf(state))
              wrong.push(`${rule.id}, ${name}: ${step} is ${gate}, ${method} ${path} is ${state}`);
          }
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(500);
});

describe.each(allRules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const cases = casesOf(rule);

  it('says what it is, what it costs and how to close it', () => {
    expect(id).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
    expect(id.startsWith(`${rule.step}/`)).toBe(true);
    expect(rule.title).not.toMatch(/\.$/);
    expect(rule.attack.length).toBeGreaterThan(80);
    expect(rule.docs.length).toBeGreaterThan(0);
    for (const { url } of rule.docs) expect(new URL(url).protocol).toBe('https:');
    for (const control of rule.mappings.fsbp) expect(control).toMatch(/^[A-Za-z0-9]+\.\d+$/);
    for (const risk of rule.mappings.owasp) expect(risk).toMatch(/^API(10|[1-9]):2023$/);
    for (const weakness of rule.mappings.cwe) expect(weakness).toMatch(/^CWE-\d+$/);
    expect(rule.mappings.owasp.length + rule.mappings.cwe.length).toBeGreaterThan(0);
  });

  it('has cases that fire and cases that stay silent in each format where it applies', () => {
    for (const format of formats) {
      const own = cases.filter((entry) => entry.format === format);
      if (typeof rule.fix[format] !== 'string') {
        expect(
          own.filter((entry) => entry.fires.length > 0).map((entry) => entry.name),
          `${format} is said not to apply`,
        ).toEqual([]);
        continue;
      }
      expect
        .soft(own.filter((entry) => entry.fires.length > 0).length, `firing ${format} cases`)
        .toBeGreaterThanOrEqual(1);
      expect
        .soft(own.filter((entry) => entry.fires.length === 0).length, `silent ${format} cases`)
        .toBeGreaterThanOrEqual(1);
    }
    expect.soft(cases.filter((entry) => entry.fires.length > 0).length, 'firing cases').toBeGreaterThanOrEqual(2);
    expect.soft(cases.filter((entry) => entry.fires.length === 0).length, 'silent cases').toBeGreaterThanOrEqual(3);
  });

  it.each(cases.map((entry) => [`${entry.format}: ${entry.name}`, entry] as const))('%s', (_name, entry: RuleCase) => {
    const { project, errors } = readFiles(entry.files, { stage: entry.stage });
    expect(errors.map((error) => `${error.code}: ${error.message}`)).toEqual([]);
    if (!project) throw new Error('nothing was read');
    expect(project.format).toBe(entry.format);
    expect(problemsOf(rule, entry, entry.projects ? projectsOf(entry) : [project], steps)).toEqual([]);
  });
});
