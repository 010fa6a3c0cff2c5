// Mutation testing of the rules: `npm run test:mutation`. What it counts and how stands in docs/mutation.md.
//   --only TEXT   files whose path holds TEXT; neither scores nor stale explanations are judged then
//   --helpers     the modules that the rules share instead of the rules themselves; nothing is judged
//   --write       the table in docs/mutation.md is written
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { bundle } from './bundle.mjs';
import { compiling } from './compiling.mjs';
import { instrument } from './instrument.mjs';
import { ignored, judgeExplanations, judgeScores, scores, table, withoutExplanation, writeDocs } from './report.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const folder = `${root}/packages/portcullis/src/steps`;
const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    helpers: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    workers: { type: 'string', default: String(Math.min(4, availableParallelism())) },
  },
});

const started = performance.now();
const log = (text) => console.error(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${text}`);

const paths = filesOf(options).filter((path) => !options.only || path.includes(options.only));
if (paths.length === 0) fail('No file is asked for.');
const { contents, mutants } = await instrument(paths);
log(
  `${paths.length} files, ${mutants.length} mutants, ${mutants.filter(({ ignored }) => ignored).length} of them ignored`,
);
let broken = [];
const texts = await bundle(root, contents);
const results = await runAll(Number(options.workers));
for (const mutant of mutants) {
  mutant.file = mutant.file.slice(folder.length + 1);
  Object.assign(mutant, mutant.ignored ? { status: 'ignored' } : results.get(mutant.id));
}
const left = () => mutants.filter(({ status }) => status === 'survived' || status === 'no coverage');
log(`${left().length} left; those that do not compile are taken out`);
for (const mutant of compiling(root, folder, left()))
  Object.assign(mutant, { status: 'ignored', ignored: 'does not compile' });

const survivors = left();
const unexplained = options.helpers ? survivors : withoutExplanation(survivors);
mkdirSync(`${root}/.reports`, { recursive: true });
writeFileSync(
  `${root}/.reports/mutation${options.helpers ? '-helpers' : ''}${options.only ? `-${options.only.replace(/\W+/g, '-')}` : ''}.json`,
  `${JSON.stringify(
    mutants.filter(({ status }) => status !== 'ignored'),
    null,
    1,
  )}\n`,
);
const rows = scores(mutants);
for (const { file, start, mutator, original, replacement, status } of unexplained)
  console.log(
    `${file}:${start.line}:${start.column} ${status} ${mutator}: ${oneLine(original)} -> ${oneLine(replacement)}`,
  );
console.log(`\n${table(rows)}\n\n${ignored(mutants)}\n`);
log('done');

const problems = options.helpers ? [] : judgeExplanations(survivors, unexplained, options.only, mutants);
if (!options.only && !options.helpers) {
  if (options.write) writeDocs(root, mutants, survivors);
  else problems.push(...judgeScores(root, rows));
}
problems.push(...broken.map((text) => `Fails before anything is mutated: ${text.slice(0, 400)}`));
if (problems.length > 0) fail(problems.join('\n'));

function filesOf({ helpers }) {
  const isSource = (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('index.ts');
  const steps = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== 'deciding',
  );
  return steps.flatMap(({ name }) => {
    const inside = helpers ? `${folder}/${name}` : `${folder}/${name}/check`;
    return readdirSync(inside)
      .filter(isSource)
      .sort()
      .map((file) => `${inside}/${file}`);
  });
}

/** Every mutant's outcome by its id. */
async function runAll(count) {
  const outcomes = new Map();
  const part = (index) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
        workerData: { root, texts, mutants, part: { index, of: count } },
      });
      // The count of hits ends every loop that a mutant keeps going; what it does not see would hang for ever.
      let waiting;
      worker.on('message', (message) => {
        clearTimeout(waiting);
        if (message.begun) {
          const { file, start, original, replacement } = message.begun;
          const text = `${file}:${start.line}:${start.column} ${oneLine(original)} -> ${oneLine(replacement)}`;
          waiting = setTimeout(() => fail(`Does not end: ${text}`), 120_000);
          return;
        }
        if (message.ready) broken = message.broken;
        if (message.ready) return log(`${message.ready} cases pass without a mutant`);
        outcomes.set(message.id, message);
        if (outcomes.size % 1000 === 0) log(`${outcomes.size} judged`);
      });
      worker.on('error', reject);
      worker.on('exit', resolve);
    });
  await Promise.all(Array.from({ length: count }, (_, index) => part(index)));
  return outcomes;
}

function oneLine(text) {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 110 ? `${line.slice(0, 107)}...` : line;
}

function fail(text) {
  console.error(text);
  process.exit(1);
}
