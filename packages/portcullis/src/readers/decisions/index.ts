import {
  type Decision,
  type Decisions,
  InputError,
  type RefusedDecision,
  type SourceFile,
} from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import { type Comment, commentLines, yamlComments } from './comments.ts';
import { readComment } from './grammar.ts';
import { decisionsInMaps } from './maps.ts';
import { type Outline, outlineDocument, outlineProgram, pieceAt } from './outline.ts';
import { placeComment } from './placement.ts';

export { readApprovals } from './approvals.ts';

const programs = /\.[cm]?[jt]sx?$/;

/** Folders of dependencies: who writes there does not decide for the project. */
const dependencies = /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendor|site-packages|\.?venv)\//;

/** More in one file are no decisions. */
const MOST_DECISIONS = 2000;

/**
 * What people decided in the files of a project, in comments and in `Metadata`. A file that does not hold the word costs a search of its
 * text; one that does is parsed once more. Undefined when there is nothing.
 */
export function findDecisions(files: readonly SourceFile[]): Decisions | undefined {
  const made: Decision[] = [];
  const refused: RefusedDecision[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file.path)) continue;
    seen.add(file.path);
    if (!/portcullis/i.test(file.text)) continue;
    const found = decisionsIn(file);
    made.push(...found.made);
    refused.push(...found.refused);
  }
  return made.length + refused.length === 0 ? undefined : { made, refused };
}

function decisionsIn(file: SourceFile): Decisions {
  if (file.path.endsWith('.py')) return { made: [], refused: inPython(file) };
  const { outline, comments, isProgram } = open(file) ?? {};
  if (!outline || !comments) return { made: [], refused: [] };
  const found = [
    ...comments.flatMap((comment) => fromComment(outline, comment, isProgram === true)),
    ...decisionsInMaps(outline),
  ];
  const made = found.flatMap((one) => one.made ?? []);
  const refused = found.flatMap((one) => one.refused ?? []);
  if (made.length + refused.length > MOST_DECISIONS) {
    const problem = `the file holds more than ${MOST_DECISIONS} decisions`;
    const [first] = [...made, ...refused];
    if (first)
      return {
        made: [],
        refused: [{ span: first.span, kind: 'unknown', rules: [], problem, instead: 'Close the gates' }],
      };
  }
  if (!dependencies.test(file.path)) return { made, refused };
  const problem = 'it stands in a dependency, which does not decide for the project';
  const instead = 'Decide in a file of the project';
  return { made: [], refused: made.map(({ span, kind, rules }) => ({ span, kind, rules, problem, instead })) };
}

interface Opened {
  readonly outline: Outline;
  readonly comments: readonly Comment[];
  readonly isProgram: boolean;
}

/** Undefined for what the readers could not parse either: they have said so. */
function open(file: SourceFile): Opened | undefined {
  if (programs.test(file.path)) {
    const outline = outlineProgram(file);
    if (!outline) return undefined;
    const comments = outline.comments.flatMap(({ start, end }) => commentLines(file.text, start, end));
    return { outline, comments, isProgram: true };
  }
  try {
    const outline = outlineDocument(file, parseDocument(file));
    const isJson = /^\s*[[{]/.test(file.text.slice(0, 4096)) && file.path.toLowerCase().endsWith('.json');
    return { outline, comments: isJson ? [] : yamlComments(file.text), isProgram: false };
  } catch (error) {
    if (error instanceof InputError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Lines that are meant as decisions. What of them stands in a text is not known here. */
function inPython(file: SourceFile): readonly RefusedDecision[] {
  const lines = [...file.text.matchAll(/#[ \t]*portcullis[ \t]*:[^\n]*/gi)].slice(0, 20);
  return lines.map(({ index, 0: text }) => ({
    span: { file, start: index, end: index + text.length },
    kind: 'unknown',
    rules: [],
    problem: 'comments of Python files are not read',
    instead: 'Decide where the function is declared',
  }));
}

function fromComment(
  outline: Outline,
  comment: Comment,
  isProgram: boolean,
): readonly { readonly made?: Decision; readonly refused?: RefusedDecision }[] {
  const said = readComment(comment.text);
  if (!said || isQuoted(outline, comment)) return [];
  const span = { file: outline.file, start: comment.start, end: comment.end };
  if ('refusal' in said) return [{ refused: { span, ...said.refusal } }];
  const { words } = said;
  const covers = placeComment(outline, comment, words.kind, isProgram);
  if ('problem' in covers) return [{ refused: { span, kind: words.kind, rules: words.rules, ...covers } }];
  const { start, end, place } = covers;
  return [{ made: { ...words, span, covers: { file: outline.file, start, end }, route: undefined, place } }];
}

/** Quotes whose lines are not indented: the parser repairs them, and its lexer takes what is in them for something else. */
function isQuoted(outline: Outline, { start }: Comment): boolean {
  const { kind, valueStart, end } = pieceAt(outline, start);
  return kind === 'scalar' && valueStart < start && start < end && /["']/.test(outline.file.text[valueStart] ?? '');
}
