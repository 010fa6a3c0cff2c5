import { dirname } from 'node:path';
import {
  type Entry,
  entries,
  InputError,
  type MapNode,
  type Node,
  type SourceFile,
  textOf,
} from '../../project/index.ts';
import { parseDocument } from '../document/index.ts';
import type { ReadContext } from '../options.ts';
import { isProgram, Programs } from '../program/index.ts';
import { type Framework, frameworkOf } from './framework.ts';
import { Evaluator, Expander } from './variables/index.ts';

export interface LoadedService extends Framework {
  /** The whole service with every variable resolved; what the files do not decide is an unknown or text node. */
  readonly root: MapNode;
  /** As parsed. */
  readonly raw: Node;
  /** `--stage`, else `provider.stage`, else `dev`; undefined when `provider.stage` is not decided. */
  readonly stage: string | undefined;
  /** Every file that was read for it, the service file first. */
  readonly files: readonly SourceFile[];
  /** What was wrong without making the rest worthless; the values concerned are unknown. */
  readonly errors: readonly InputError[];
}

/** More errors of one service than this say nothing new. */
const MAX_ERRORS = 100;

/** Reads a service with everything that it includes. Throws InputError only when nothing can be made of the file. */
export function loadService(file: SourceFile, absolutePath: string, context: ReadContext): LoadedService {
  const errors: InputError[] = [];
  const report = (error: InputError): void => {
    if (errors.length < MAX_ERRORS && !errors.some((known) => isSame(known, error))) errors.push(error);
  };
  const problems: InputError[] = [];
  const directory = dirname(absolutePath);
  const programs = new Programs(directory, context);
  const raw = isProgram(absolutePath) ? programs.service(file, absolutePath) : parseDocument(file, problems);
  for (const problem of problems) report(problem);
  if (raw.kind !== 'map') throw notAMap(raw);

  const { framework, major } = frameworkOf(raw, directory, context);
  const dotenvAlways = framework === 'serverless' && major !== undefined && major >= 4;
  const evaluator = new Evaluator({
    root: raw,
    file,
    path: absolutePath,
    directory,
    context,
    programs,
    dotenvAlways,
    report,
  });
  // Before the rest, because `provider.region: ${opt:region}` asks for itself.
  evaluator.region();
  const stage = textOf(evaluator.stage());
  const root = expandService(raw, stage, evaluator, errors);
  return { root, raw, stage, files: [...new Set([...evaluator.files, ...programs.files])], errors, framework, major };
}

/**
 * The framework leaves the parameters of other stages alone: they come last, so that they cannot take the blame for a shared value, and
 * what is wrong with them is not reported.
 */
function expandService(raw: MapNode, stage: string | undefined, evaluator: Evaluator, errors: InputError[]): MapNode {
  const expander = new Expander(evaluator);
  const resolved = new Map<string, Node>();
  const sections = raw.entries.filter(({ key }) => key === 'params' || key === 'stages');
  for (const entry of raw.entries) {
    if (!sections.includes(entry)) resolved.set(entry.key, expander.expand(entry.value));
  }
  for (const { key, value } of sections) {
    for (const section of entries(evaluator.shallow(value)))
      if (section.key === stage || section.key === 'default') expander.expand(section.value);
    const before = errors.length;
    resolved.set(key, expander.expand(value));
    errors.length = before;
  }
  const isUntouched = raw.entries.every(({ key, value }) => resolved.get(key) === value);
  if (isUntouched) return raw;
  return {
    ...raw,
    entries: raw.entries.map((entry): Entry => ({ ...entry, value: resolved.get(entry.key) ?? entry.value })),
  };
}

/** A file that many variables ask for is one mistake. */
function isSame(one: InputError, other: InputError): boolean {
  const [a, b] = [one.details, other.details];
  if (a.code !== b.code || a.found !== b.found) return false;
  return a.code === 'FILE_MISSING' || (a.span?.start === b.span?.start && a.span?.file === b.span?.file);
}

function notAMap(raw: Node): InputError {
  const found =
    raw.kind === 'list' ? 'a list' : raw.kind === 'scalar' && raw.value === null ? 'nothing' : 'a single value';
  return new InputError({
    code: 'WRONG_TYPE',
    found: `the service file holds ${found}`,
    expected: 'a map with `service`, `provider` and `functions`',
    span: raw.span,
    next: 'Check whether this is the file that you meant.',
  });
}
