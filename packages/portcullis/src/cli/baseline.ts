import { posix, relative, resolve, sep } from 'node:path';
import { type Finding, type GateState, type Severity, severities } from '../contract/index.ts';
import { InputError, stepIds } from '../project/index.ts';
import { count, printable } from '../report/index.ts';
import { isAboutDecisions } from '../steps/index.ts';
import { baseOf, rootOf } from './base.ts';
import type { Io } from './io.ts';

/** A finding that was there before. The fingerprint finds it again; the rest is for people, and shows when it got worse. */
interface BaselineEntry {
  readonly fingerprint: string;
  readonly rule: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly severity: Severity;
  readonly state: GateState;
  readonly message: string;
}

interface Baseline {
  readonly path: string;
  readonly entries: ReadonlyMap<string, BaselineEntry>;
}

const VERSION = 1;
const worstFirst: readonly GateState[] = ['open', 'unknown', 'half-open', 'closed'];

/** Reads `--baseline FILE`. Throws InputError when it is missing, of another version, or anything else than a baseline. */
export function readBaseline(given: string, io: Io): Baseline {
  const path = resolve(io.environment.directory, given);
  if (io.disk.kind(path) !== 'file')
    throw notABaseline(`there is no file ${given}`, 'Make it with --write-baseline, or leave --baseline out.');
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(io.disk.read(path)));
  } catch {
    throw notABaseline(`${given} holds no JSON`);
  }
  const version = isRecord(content) ? content['version'] : undefined;
  if (isRecord(content) && content['tool'] === 'portcullis' && typeof version === 'number' && version !== VERSION)
    throw notABaseline(`${given} is a baseline of version ${version}, and this is version ${VERSION}`);
  const list = isRecord(content) && content['tool'] === 'portcullis' ? content['findings'] : undefined;
  if (version !== VERSION || !Array.isArray(list)) throw notABaseline(`${given} is no baseline of Portcullis`);
  const entries = new Map<string, BaselineEntry>();
  for (const entry of list as readonly unknown[]) {
    if (!isEntry(entry)) throw notABaseline(`${given} has an entry that Portcullis did not write`);
    entries.set(entry.fingerprint, entry);
  }
  return { path, entries };
}

/** Marks what stands in the baseline, unless it has got worse since. What a decision in the file suppresses stays so. */
export function applyBaseline(findings: readonly Finding[], { entries }: Baseline): readonly Finding[] {
  return findings.map((finding) => {
    const entry = finding.suppressed ? undefined : entries.get(finding.fingerprint);
    if (!entry || isWorse(finding, entry) || isAboutDecisions(finding.rule)) return finding;
    return { ...finding, suppressed: { reason: 'it stands in the baseline', by: 'baseline' } };
  });
}

type Standing = Pick<Finding, 'severity' | 'state'>;

function isWorse(finding: Standing, entry: Standing): boolean {
  return (
    severities.indexOf(finding.severity) < severities.indexOf(entry.severity) ||
    worstFirst.indexOf(finding.state) < worstFirst.indexOf(entry.state)
  );
}

/** What was asked of this run: only there can something be found again. */
interface Asked {
  readonly paths: readonly string[];
  readonly steps: readonly string[];
}

/** Entries that the run did not find again, though it looked. */
export function fixedEntries(
  { entries }: Baseline,
  findings: readonly Finding[],
  asked: Asked,
  io: Io,
): readonly BaselineEntry[] {
  const found = new Set(findings.map(({ fingerprint }) => fingerprint));
  const root = rootOf(io);
  return [...entries.values()].filter(
    ({ fingerprint, rule, file }) =>
      !found.has(fingerprint) &&
      asked.steps.some((step) => rule.startsWith(`${step}/`)) &&
      asked.paths.some((path) => isInside(resolve(io.environment.directory, path), resolve(root, file))),
  );
}

/**
 * The text of a baseline: what the run found and no decision suppresses. With an earlier baseline, only what stands in that one is kept, so that it
 * shrinks and never grows; what the run did not look at stays.
 */
export function baselineText(
  findings: readonly Finding[],
  earlier: Baseline | undefined,
  asked: Asked,
  io: Io,
): { readonly text: string; readonly size: number } {
  const base = baseOf(io);
  const written = new Map<string, BaselineEntry>();
  const candidates = findings.filter(
    ({ suppressed, rule }) => suppressed?.by !== 'public' && suppressed?.by !== 'allow' && !isAboutDecisions(rule),
  );
  for (const { fingerprint, rule, location, severity, state, message } of candidates) {
    const known = earlier?.entries.get(fingerprint);
    if (earlier && !known) continue;
    const file = location.file.startsWith('/') ? location.file : posix.normalize(posix.join(base, location.file));
    const now: BaselineEntry = { fingerprint, rule, file, severity, state, message };
    // What got worse is new; its entry stays what it was.
    written.set(fingerprint, known && isWorse(now, known) ? known : now);
  }
  if (earlier) {
    const fixed = new Set(fixedEntries(earlier, findings, asked, io));
    for (const entry of earlier.entries.values())
      if (
        !written.has(entry.fingerprint) &&
        !fixed.has(entry) &&
        !findings.some((one) => one.fingerprint === entry.fingerprint)
      )
        written.set(entry.fingerprint, entry);
  }
  const sorted = [...written.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const text = `${JSON.stringify({ tool: 'portcullis', version: VERSION, findings: sorted }, undefined, 2)}\n`;
  return { text, size: sorted.length };
}

const sortKey = ({ file, rule, message, fingerprint }: BaselineEntry) => [file, rule, message, fingerprint].join('\0');

/** What happened with baselines, for the screen. */
export function baselineLines(
  fixed: readonly BaselineEntry[] | undefined,
  written: { readonly shown: string; readonly size: number } | undefined,
): string {
  const lines: string[] = [];
  if (fixed && fixed.length > 0) {
    const advice = written ? '' : ' Write the baseline anew with --write-baseline to keep it so.';
    lines.push(
      `${count(fixed.length, 'finding')} of the baseline ${fixed.length === 1 ? 'is' : 'are'} fixed.${advice}`,
    );
  }
  if (written) lines.push(`Baseline with ${count(written.size, 'finding')} written to ${printable(written.shown)}.`);
  return lines.map((line) => `${line}\n`).join('');
}

function isEntry(value: unknown): value is BaselineEntry {
  if (!isRecord(value)) return false;
  const { fingerprint, rule, file, severity, state, message } = value;
  return (
    typeof fingerprint === 'string' &&
    /^[0-9a-f]{32}$/.test(fingerprint) &&
    typeof rule === 'string' &&
    stepIds.some((step) => rule.startsWith(`${step}/`)) &&
    typeof file === 'string' &&
    typeof message === 'string' &&
    severities.some((known) => known === severity) &&
    worstFirst.some((known) => known === state)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path);
}

function notABaseline(found: string, next = 'Make the baseline anew with --write-baseline.'): InputError {
  return new InputError({ code: 'OPTION_INVALID', found, expected: `a baseline of version ${VERSION}`, next });
}
