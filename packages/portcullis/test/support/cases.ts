import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type GateState, type Severity, severities } from '../../src/contract/index.ts';
import type { Format } from '../../src/project/index.ts';

/** What one finding must be. */
export interface Expected {
  /** `file:line`. */
  readonly place: string;
  readonly severity: Severity | undefined;
  readonly state: GateState | undefined;
  /** Pieces that the finding's own words hold: message, question, path, related places, route, fix. */
  readonly words: readonly string[];
}

/** One project and the lines on which one rule must speak; on every other line it must stay silent. */
export interface RuleCase {
  readonly name: string;
  readonly format: Format;
  /** The first file is the one that is checked. */
  readonly files: Readonly<Record<string, string>>;
  /** One for each finding; on all other places the rule must be silent. */
  readonly fires: readonly Expected[];
  /** Words that no finding of the rule may hold. */
  readonly never: readonly string[];
  readonly stage: string | undefined;
  /** Files that are checked in one run, for rules that compare projects; the first file alone when absent. */
  readonly projects: readonly string[] | undefined;
}

/**
 * `<fires>`, or with what the finding must be: `<fires warning>`, `<fires note half-open>`, `<fires error: is open ... POST /orders>`,
 * where `...` stands between pieces that the finding's words hold.
 */
const marker = /<fires([ :][^<>]*)?>/g;

/** What the markers of a line say. Throws when one is not closed or holds `<` or `>`: it would be read in part, or not at all. */
function marks(line: string, place: string): readonly string[] {
  const found = [...line.matchAll(marker)].map(([, said = '']) => said);
  const rest = line.replaceAll(marker, '');
  if (/<fires\b/.test(rest) || (found.length > 0 && /^[^#]*>\s*$/.test(rest.slice(rest.lastIndexOf('#') + 1))))
    throw new Error(`${place}: a marker holds < or >, or has no end`);
  return found;
}

const states: ReadonlySet<string> = new Set<GateState>(['open', 'half-open', 'closed', 'unknown']);

function expectation(place: string, text: string): Expected {
  const colon = text.indexOf(':');
  const kinds = (colon === -1 ? text : text.slice(0, colon)).split(' ').filter((word) => word !== '');
  const severity = severities.find((one) => kinds.includes(one));
  const state = kinds.find((word): word is GateState => states.has(word));
  const other = kinds.filter((word) => word !== severity && word !== state);
  if (other.length > 0) throw new Error(`${place}: ${other.join(' ')} is neither a severity nor a state`);
  const words = colon === -1 ? [] : text.slice(colon + 1).split('...');
  return { place, severity, state, words: words.map((piece) => piece.trim()).filter((piece) => piece !== '') };
}

/** An entry of `fires`: a line, or a line and what a marker would say: `5 warning: takes a password`. */
function listed(file: string, entry: unknown): Expected {
  const [line = '', ...rest] = String(entry).split(' ');
  return expectation(`${file}:${line}`, rest.join(' '));
}

/** `{{split:sk_li|ve_x}}` keeps a token out of the repository in one piece, so that push protection has nothing to find. */
function joinSplit(text: string): string {
  return text.replaceAll(/\{\{split:([^|}]*)\|([^}]*)\}\}/g, '$1$2');
}

/** Reads `<rule>.cases.yml`. Throws when the file is missing or a case is malformed: a case that is not run is not a test. */
export function readCases(path: string): readonly RuleCase[] {
  if (!existsSync(path)) throw new Error(`${path} is missing: every rule has its cases beside it`);
  const raw = parse(readFileSync(path, 'utf8')) as unknown;
  if (!Array.isArray(raw)) throw new Error(`${path} is not a list of cases`);
  return raw.map((entry: unknown, index): RuleCase => {
    const { name, format, files, fires, never, stage, projects, ...rest } = entry as Record<string, unknown>;
    const problem = (what: string) => new Error(`${path}, case ${index + 1} (${String(name)}): ${what}`);
    if (typeof name !== 'string') throw problem('has no name');
    if (format !== 'serverless' && format !== 'cloudformation' && format !== 'sam')
      throw problem('format is none of serverless, sam, cloudformation');
    if (typeof files !== 'object' || files === null || Object.keys(files).length === 0) throw problem('has no files');
    if (Object.keys(rest).length > 0) throw problem(`unknown keys ${Object.keys(rest).join(', ')}`);
    const texts = Object.fromEntries(
      Object.entries(files as Record<string, unknown>).map(([file, text]) => [file, joinSplit(String(text))]),
    );
    const marked = Object.entries(texts).flatMap(([file, text]) =>
      text
        .split('\n')
        .flatMap((line, number) =>
          marks(line, `${path}, ${String(name)}: ${file}:${number + 1}`).map((said) =>
            expectation(`${file}:${number + 1}`, said),
          ),
        ),
    );
    const named = Object.entries((fires ?? {}) as Record<string, unknown[]>).flatMap(([file, lines]) =>
      lines.map((entry) => listed(file, entry)),
    );
    return {
      name,
      format,
      files: texts,
      fires: [...marked, ...named],
      never: Array.isArray(never) ? never.map(String) : [],
      stage: typeof stage === 'string' ? stage : undefined,
      projects: Array.isArray(projects) ? projects.map(String) : undefined,
    };
  });
}
