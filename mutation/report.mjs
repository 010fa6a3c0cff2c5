import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';

const explained = new URL('./explained.yml', import.meta.url);
const begin = '<!-- scores: written by npm run test:mutation -- --write -->';
const close = '<!-- end of the scores -->';

const keyOf = ({ file, original, replacement }) => JSON.stringify([file, squeezed(original), squeezed(replacement)]);
/** Formatting does not make another mutant. */
const squeezed = (text) => String(text).replace(/\s+/g, ' ').trim();

/** Counts per step and in all. Ignored mutants are no part of the score; those that no case reaches are. */
export function scores(mutants) {
  const row = (name, list) => {
    const count = (status) => list.filter((one) => one.status === status).length;
    const [killed, survived, uncovered, ignored] = ['killed', 'survived', 'no coverage', 'ignored'].map(count);
    const counted = killed + survived + uncovered;
    return {
      name,
      mutants: list.length,
      killed,
      survived,
      uncovered,
      ignored,
      score: counted === 0 ? 100 : (killed / counted) * 100,
    };
  };
  const steps = [...new Set(mutants.map(({ file }) => file.split('/')[0]))].sort();
  return [
    ...steps.map((step) =>
      row(
        step,
        mutants.filter(({ file }) => file.startsWith(`${step}/`)),
      ),
    ),
    row('all', mutants),
  ];
}

export function table(rows) {
  return [
    '| Step | Mutants | Killed | Survived | No case reaches it | Ignored | Score |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(
      ({ name, mutants, killed, survived, uncovered, ignored, score }) =>
        `| ${name} | ${mutants} | ${killed} | ${survived} | ${uncovered} | ${ignored} | ${shown(score)} % |`,
    ),
  ].join('\n');
}

/** How many mutants are ignored, and why. */
export function ignored(mutants) {
  const counts = new Map();
  for (const { ignored: why } of mutants) if (why) counts.set(why, (counts.get(why) ?? 0) + 1);
  return `Ignored: ${[...counts].map(([why, count]) => `${why} ${count}`).join(', ')}.`;
}

/** Rounded down, so that 100 means all. */
const shown = (score) => (Math.floor(score * 10) / 10).toFixed(1);

function explanations() {
  return existsSync(explained) ? (parse(readFileSync(explained, 'utf8')) ?? []) : [];
}

export function withoutExplanation(survivors) {
  const known = new Set(explanations().map(keyOf));
  return survivors.filter((one) => !known.has(keyOf(one)));
}

/** Survivors without an explanation, and explanations without a survivor. */
export function judgeExplanations(survivors, missing, only, mutants) {
  const problems = [];
  const files = new Set(mutants.map(({ file }) => file));
  const known = new Map();
  for (const entry of explanations()) {
    if (typeof entry.why !== 'string' || entry.why.length < 20)
      problems.push(`explained.yml: ${entry.file}: no reason is given`);
    known.set(keyOf(entry), entry);
  }
  const found = new Set(survivors.map(keyOf));
  if (missing.length > 0)
    problems.push(`${missing.length} of ${survivors.length} survivors are explained nowhere (mutation/explained.yml).`);
  for (const [key, entry] of known)
    if (!found.has(key) && (!only || files.has(entry.file)))
      problems.push(
        `explained.yml: ${entry.file}: ${squeezed(entry.original)} -> ${squeezed(entry.replacement)}: no such survivor`,
      );
  return problems;
}

const page = (root) => `${root}/docs/mutation.md`;

/** Steps that score less than docs/mutation.md says. */
export function judgeScores(root, rows) {
  const text = readFileSync(page(root), 'utf8');
  return rows.flatMap(({ name, score }) => {
    const documented = text
      .split('\n')
      .find((line) => line.startsWith(`| ${name} |`))
      ?.split('|')
      .at(-2);
    const least = Number.parseFloat(documented ?? 'none');
    if (Number.isNaN(least)) return [`docs/mutation.md says no score of ${name}.`];
    return Number(shown(score)) < least
      ? [`${name} scores ${shown(score)} %, less than the ${least} % of docs/mutation.md.`]
      : [];
  });
}

/** The table and the explained survivors, between the marks of the page. */
export function writeDocs(root, mutants, survivors) {
  const text = readFileSync(page(root), 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(close)[1];
  if (after === undefined) throw new Error('docs/mutation.md has lost its marks');
  const known = new Map(explanations().map((entry) => [keyOf(entry), entry]));
  const different = [...new Map(survivors.map((one) => [keyOf(one), one])).values()];
  const lines = different.flatMap((one) => {
    const why = known.get(keyOf(one))?.why;
    return why ? [`- \`${one.file}\`: ${code(one.original)} becomes ${code(one.replacement)}: ${squeezed(why)}`] : [];
  });
  const open = withoutExplanation(survivors).length;
  const list = [...lines, ...(open > 0 ? [`${open} are not explained yet.`] : [])].join('\n') || 'None.';
  writeFileSync(
    page(root),
    `${before}${begin}\n\n${table(scores(mutants))}\n\n${ignored(mutants)}\n\n## Survivors\n\n${list}\n\n${close}${after}`,
  );
}

function code(text) {
  const line = squeezed(text);
  const short = line.length > 90 ? `${line.slice(0, 87)}...` : line;
  return short === '' ? 'nothing' : `\`\` ${short} \`\``;
}
