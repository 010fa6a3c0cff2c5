import { type Finding, type Rule, type Step, severities } from '../../src/contract/index.ts';
import type { Project } from '../../src/project/index.ts';
import { fingerprintOf } from '../../src/steps/finding.ts';
import { assess, assessAcross } from '../../src/steps/index.ts';
import type { Expected, RuleCase } from './cases.ts';

/**
 * What is wrong with what a rule says of a case, a sentence each; empty when the case holds. Both the tests of the rules and the
 * mutation of their files ask here, so that what kills a mutant is what fails a test.
 * @param projects what the case's files were read as: its `projects`, or the first file alone
 * @param asked the steps that run; findings of other rules do not count
 */
export function problemsOf(
  rule: Rule,
  entry: Pick<RuleCase, 'fires' | 'never'>,
  projects: readonly Project[],
  asked: readonly Step[],
): readonly string[] {
  const own = findingsOf(projects, asked).filter((finding) => finding.rule === rule.id);
  return [
    ...places(own, entry.fires),
    ...own.flatMap((finding) => malformed(finding, entry.never)),
    ...fingerprints(rule, own, projects),
  ];
}

/** Findings of several projects, and of the comparison between them. */
function findingsOf(projects: readonly Project[], asked: readonly Step[]): readonly Finding[] {
  const assessments = projects.map((project) => assess(project, asked));
  const findings = assessments.flatMap((one) => one.findings);
  if (projects.length < 2) return findings;
  const mentions = assessments.flatMap((one) => one.mentions);
  return [...findings, ...assessAcross(mentions, asked)];
}

const placeOf = ({ location }: Finding) => `${location.file}:${location.line}`;

function places(own: readonly Finding[], fires: readonly Expected[]): readonly string[] {
  const problems: string[] = [];
  const left = [...own];
  // Those with more to ask choose first.
  for (const expected of fires.toSorted((a, b) => weight(b) - weight(a))) {
    const here = left.filter((finding) => placeOf(finding) === expected.place);
    const found = here.find((finding) => isAs(finding, expected));
    if (found) left.splice(left.indexOf(found), 1);
    else if (here.length === 0) problems.push(`${expected.place}: nothing is found`);
    else problems.push(`${expected.place}: none is ${described(expected)}: ${here.map(saidBy).join(' | ')}`);
  }
  // What was found on an expected place, but otherwise than expected, is a problem already.
  const asked = new Set(fires.map(({ place }) => place));
  for (const finding of left)
    if (problems.length === 0 || !asked.has(placeOf(finding)))
      problems.push(`${placeOf(finding)}: unexpected: ${saidBy(finding)}`);
  return problems;
}

function weight({ severity, state, words }: Expected): number {
  return words.length + (severity ? 1 : 0) + (state ? 1 : 0);
}

function isAs(finding: Finding, { severity, state, words }: Expected): boolean {
  if (severity !== undefined && finding.severity !== severity) return false;
  if (state !== undefined && finding.state !== state) return false;
  const text = wordsOf(finding);
  return words.every((piece) => text.includes(piece));
}

function described({ severity, state, words }: Expected): string {
  return [severity, state, ...words.map((piece) => JSON.stringify(piece))].filter((one) => one !== undefined).join(' ');
}

function saidBy(finding: Finding): string {
  return `${finding.severity} ${finding.state} ${wordsOf(finding)}`;
}

/** Everything that a finding says: message, question, path, related places, route, fix. */
function wordsOf({ message, question, path, related, route, fix }: Finding): string {
  const beside = (related ?? []).map((one) => `${one.message} (${one.location.file}:${one.location.line})`);
  return [message, question, path?.join(' | '), ...beside, route, fix].filter((one) => one !== undefined).join('\n');
}

const gateStates = ['open', 'half-open', 'closed', 'unknown'];

/** What must hold for every finding of every rule. */
function malformed(finding: Finding, never: readonly string[]): readonly string[] {
  const problems: string[] = [];
  const wrong = (what: string) => problems.push(`${placeOf(finding)}: ${what}: ${saidBy(finding)}`);
  if (!finding.rule.startsWith(`${finding.step}/`)) wrong('of another step');
  if (!severities.includes(finding.severity)) wrong('no severity');
  if (!gateStates.includes(finding.state)) wrong('no state');
  const { message } = finding;
  if (message.length < 12 || /^\W*$/.test(message)) wrong('no message');
  if (/^[\s,;:]|\s(?:[\s,;]|\.(?:\s|$))|\[object |\bundefined\b/.test(message)) wrong('a sentence with a hole');
  for (const { message: beside } of finding.related ?? []) if (beside === '') wrong('a related place without words');
  if (finding.path?.some((part) => part === '')) wrong('an empty part of a path');
  const text = wordsOf(finding);
  for (const words of never) if (text.includes(words)) wrong(`holds ${JSON.stringify(words)}`);
  return problems;
}

function fingerprints(rule: Rule, own: readonly Finding[], projects: readonly Project[]): readonly string[] {
  const problems: string[] = [];
  const prints = new Set(own.map((finding) => finding.fingerprint));
  if (prints.size !== own.length) problems.push('two findings have the same fingerprint');
  for (const { home, file } of projects)
    if (prints.has(fingerprintOf(rule.id, home ?? file.path, ''))) problems.push('a finding has no subject');
  return problems;
}
