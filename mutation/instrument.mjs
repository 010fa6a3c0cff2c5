import { readFileSync } from 'node:fs';
import { createInstrumenter } from '@stryker-mutator/instrumenter';
import { isWords, proseOf } from './words.mjs';

const silent = new Proxy({}, { get: (_target, name) => (String(name).startsWith('is') ? () => false : () => {}) });

/** As the injector of Stryker would: the instrumenter asks for its parts by name. */
function injector(values = { logger: silent }) {
  return {
    provideValue: (name, value) => injector({ ...values, [name]: value }),
    injectClass: (Class) => new Class(...Class.inject.map((name) => values[name])),
  };
}

const at = ({ start, end }) => `${start.line}:${start.column}-${end.line}:${end.column}`;

/**
 * Every mutant of the files in one go: each file's text with switches, and the mutants.
 * @param paths absolute paths of TypeScript files
 * @returns {Promise<{ contents: Map<string, string>, mutants: object[] }>} mutants with `id`, `file`, `start` and `end` (lines and
 * columns from 1), `mutator`, `original`, `replacement`, and `ignored` (a reason, or undefined)
 */
export async function instrument(paths) {
  const contents = new Map();
  const mutants = [];
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    const words = new Set();
    const ignorer = {
      shouldIgnore(node) {
        const prose = proseOf(node);
        // Inside a sentence there may be a decision, so only the text itself is left out.
        if (!prose && isWords(node)) words.add(at(node.node.loc));
        return prose;
      },
    };
    const instrumenter = createInstrumenter(injector());
    const options = { ignorers: [ignorer], excludedMutations: [], noHeader: false, plugins: null };
    const { files, mutants: found } = await instrumenter.instrument(
      [{ name: path, mutate: true, content: text }],
      options,
    );
    const lines = text.split('\n');
    // The collector counts from 0 in every file; the files are put together afterwards.
    const offset = mutants.length;
    contents.set(path, renumber(files[0].content, offset));
    for (const mutant of found) {
      const { start, end } = mutant.location;
      const place = at({ start: { ...start, line: start.line + 1 }, end: { ...end, line: end.line + 1 } });
      const isText = mutant.mutatorName === 'StringLiteral' && words.has(place);
      mutants.push({
        id: String(Number(mutant.id) + offset),
        file: path,
        start: { line: start.line + 1, column: start.column + 1 },
        end: { line: end.line + 1, column: end.column + 1 },
        mutator: mutant.mutatorName,
        original: slice(lines, start, end),
        replacement: mutant.replacement,
        ignored: mutant.status === 'Ignored' ? mutant.statusReason : isText ? 'words' : undefined,
      });
    }
  }
  return { contents, mutants };
}

function renumber(text, offset) {
  return text.replace(/stry(?:MutAct|Cov)_9fa48\((?:"\d+"(?:, )?)+\)/g, (call) =>
    call.replace(/"(\d+)"/g, (_all, id) => `"${Number(id) + offset}"`),
  );
}

function slice(lines, start, end) {
  if (start.line === end.line) return lines[start.line].slice(start.column, end.column);
  return [
    lines[start.line].slice(start.column),
    ...lines.slice(start.line + 1, end.line),
    lines[end.line].slice(0, end.column),
  ].join('\n');
}
