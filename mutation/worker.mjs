import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { evaluable } from './bundle.mjs';

const { root, texts, mutants, part } = workerData;
const require = createRequire(import.meta.url);
const folder = `${root}/packages/portcullis/src/steps`;

/** What the switches in the instrumented text look at. */
globalThis.__stryker__ = {};
const switches = globalThis.__stryker__;

const { readCases, readFiles } = evaluable(texts.readers, require)();
const evaluate = evaluable(texts.steps, require);

/** A step that runs one rule and takes no inventory. Decisions are judged by what all rules say. */
function asked(bundled, id) {
  if (id.endsWith('/decision-has-no-effect')) return bundled.steps;
  const step = bundled.steps.find((one) => one.rules.some((rule) => rule.id === id));
  const { routeGates, sensitive, ...rest } = step;
  return [{ ...rest, applies: () => true, rules: step.rules.filter((rule) => rule.id === id) }];
}

function readAll(ids) {
  return ids.flatMap((id) =>
    readCases(`${folder}/${id.replace('/', '/check/')}.cases.yml`).map((entry) => ({
      id,
      entry,
      projects: (entry.projects ?? [undefined]).map((file) => {
        const { project } = readFiles(entry.files, {
          stage: entry.stage,
          ...(file === undefined ? {} : { entry: file }),
        });
        if (!project) throw new Error(`${id}, ${entry.name}: was not read`);
        return project;
      }),
    })),
  );
}

function problems(bundled, { id, entry, projects }) {
  const rule = bundled.allRules.find((one) => one.id === id);
  if (!rule) return [`there is no rule ${id}`];
  return bundled.problemsOf(rule, entry, projects, asked(bundled, id));
}

switches.mutantCoverage = { static: {}, perTest: {} };
const intact = evaluate();
const cases = readAll(intact.allRules.map((rule) => rule.id));
const broken = [];
for (const [index, one] of cases.entries()) {
  switches.currentTestId = String(index);
  const found = attempt(() => problems(intact, one));
  if (found.length > 0)
    broken.push({ index: String(index), text: `${one.id}: ${one.entry.name}: ${found.join('; ')}` });
}
switches.currentTestId = undefined;
const coverage = switches.mutantCoverage;
// A case that fails anyway says nothing about a mutant.
for (const { index } of broken) delete coverage.perTest[index];
const whole = new Set(cases.keys());
for (const { index } of broken) whole.delete(Number(index));

function attempt(judging) {
  try {
    return judging();
  } catch (error) {
    return [String(error)];
  }
}

/** Mutant to cases and how often each came by. */
const covering = new Map();
for (const [index, hits] of Object.entries(coverage.perTest)) {
  const { id } = cases[Number(index)];
  for (const [mutant, count] of Object.entries(hits)) {
    const known = covering.get(mutant) ?? [];
    known.push({ index: Number(index), count, id });
    covering.set(mutant, known);
  }
}

const stepOf = (file) => file.slice(folder.length + 1).split('/')[0];
const ruleOf = (file) => /\/steps\/([^/]+)\/check\/([^/]+)\.ts$/.exec(file)?.slice(1).join('/');

/** The cases that may tell a mutant from the original: its own rule's first, small ones first. */
function candidates({ id, file }) {
  const own = ruleOf(file);
  const about = (one) => !one.id.endsWith('/decision-has-no-effect') || one.id === own;
  const found = (covering.get(id) ?? []).filter(about);
  if (coverage.static[id] !== undefined) {
    const known = new Set(found.map(({ index }) => index));
    for (const [index, one] of cases.entries())
      if (
        whole.has(index) &&
        !known.has(index) &&
        about(one) &&
        (own ? one.id === own : one.id.startsWith(`${stepOf(file)}/`))
      )
        found.push({ index, count: 1000, id: one.id });
  }
  return found.sort((a, b) => Number(b.id === own) - Number(a.id === own) || a.count - b.count);
}

function judge(mutant) {
  const found = candidates(mutant);
  if (found.length === 0) return { status: 'no coverage' };
  switches.activeMutant = mutant.id;
  switches.mutantCoverage = { static: {}, perTest: {} };
  try {
    switches.hitCount = 0;
    switches.hitLimit = 1_000_000;
    const bundled = evaluate();
    for (const { index, count } of found) {
      switches.hitCount = 0;
      switches.hitLimit = count * 100 + 1000;
      if (problems(bundled, cases[index]).length > 0)
        return { status: 'killed', by: `${cases[index].id}: ${cases[index].entry.name}` };
    }
    return { status: 'survived', cases: found.length };
  } catch {
    return { status: 'killed', by: 'an error' };
  } finally {
    switches.activeMutant = undefined;
  }
}

parentPort.postMessage({ ready: whole.size, broken: broken.map(({ text }) => text) });
for (const mutant of mutants) {
  if (mutant.ignored || Number(mutant.id) % part.of !== part.index) continue;
  parentPort.postMessage({ begun: mutant });
  parentPort.postMessage({ id: mutant.id, ...judge(mutant) });
}
