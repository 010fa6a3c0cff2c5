import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Format } from '../../src/project/index.ts';

/** One project and the lines on which one rule must speak; on every other line it must stay silent. */
export interface RuleCase {
  readonly name: string;
  readonly format: Format;
  /** The first file is the one that is checked. */
  readonly files: Readonly<Record<string, string>>;
  /** `file:line`, sorted. */
  readonly fires: readonly string[];
  readonly stage: string | undefined;
}

const marker = '<fires>';

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
    const { name, format, files, fires, stage, ...rest } = entry as Record<string, unknown>;
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
      text.split('\n').flatMap((line, number) => (line.includes(marker) ? [`${file}:${number + 1}`] : [])),
    );
    const listed = Object.entries((fires ?? {}) as Record<string, number[]>).flatMap(([file, lines]) =>
      lines.map((line) => `${file}:${line}`),
    );
    return {
      name,
      format,
      files: texts,
      fires: [...marked, ...listed].sort(),
      stage: typeof stage === 'string' ? stage : undefined,
    };
  });
}
