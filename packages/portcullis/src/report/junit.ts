import { type Finding, type Report, type ReportError, severities } from '../contract/index.ts';
import type { RenderOptions, RuleInfo } from './options.ts';
import { count } from './text.ts';

/**
 * JUnit XML as CI systems read it: a suite for each step, in it a test case for each finding, and one that passes for each rule that found
 * nothing. A finding at or above `--fail-on` is a failure, one below passes with its text, a suppressed one is skipped with its reason.
 */
export function* renderJunit(report: Report, options: RenderOptions): Generator<string> {
  const suites = [
    ...options.steps.map((step) => stepSuite(step.id, report, options)),
    ...(report.errors.length === 0 ? [] : [errorSuite(report.errors)]),
  ];
  const sum = (key: 'tests' | 'failures' | 'errors' | 'skipped') =>
    suites.reduce((total, suite) => total + suite[key], 0);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites name="Portcullis" tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}" skipped="${sum('skipped')}">\n`;
  for (const { name, tests, failures, errors, skipped, cases } of suites) {
    yield `  <testsuite name="${name}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}" timestamp="${options.times.began.slice(0, 19)}">\n`;
    yield* cases;
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

interface Suite {
  readonly name: string;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly cases: readonly string[];
}

function stepSuite(step: string, report: Report, { rules, failOn }: RenderOptions): Suite {
  const findings = report.findings.filter((finding) => finding.step === step);
  const fails = ({ severity, suppressed }: Finding) =>
    !suppressed && failOn !== 'never' && severities.indexOf(severity) <= severities.indexOf(failOn);
  const found = new Set(findings.map(({ rule }) => rule));
  const silent = rules.filter((rule) => rule.step === step && !found.has(rule.id));
  return {
    name: step,
    tests: findings.length + silent.length,
    failures: findings.filter(fails).length,
    errors: 0,
    skipped: findings.filter(({ suppressed }) => suppressed).length,
    cases: [
      ...findings.map((finding) => findingCase(finding, fails(finding))),
      ...silent.map(
        (rule) => `    <testcase classname="${attribute(rule.id)}" name="${attribute(nothing(rule, report))}"/>\n`,
      ),
    ],
  };
}

function nothing({ title }: RuleInfo, { projects }: Report): string {
  return `${title}: nowhere in ${count(projects.length, 'project')}`;
}

function findingCase(finding: Finding, fails: boolean): string {
  const { rule, message, location, severity, suppressed } = finding;
  const place = `${location.file}:${location.line}:${location.column}`;
  const head = `    <testcase classname="${attribute(rule)}" name="${attribute(`${message} (${place})`)}" file="${attribute(location.file)}" line="${location.line}"`;
  if (suppressed)
    return `${head}>\n      <skipped message="${attribute(`${suppressed.by}: ${suppressed.reason}`)}"/>\n    </testcase>\n`;
  const details = text(describe(finding, place));
  return fails
    ? `${head}>\n      <failure type="${severity}" message="${attribute(message)}">${details}</failure>\n    </testcase>\n`
    : `${head}>\n      <system-out>${details}</system-out>\n    </testcase>\n`;
}

function describe({ severity, message, path, question, fix }: Finding, place: string): string {
  return [
    `${severity}: ${message}`,
    place,
    ...(path?.length ? [`path: ${path.join(' -> ')}`] : []),
    ...(question === undefined ? [] : [`to answer: ${question}`]),
    ...(fix === undefined ? [] : ['how to close it:', fix.trimEnd()]),
  ].join('\n');
}

function errorSuite(errors: readonly ReportError[]): Suite {
  return {
    name: 'input',
    tests: errors.length,
    failures: 0,
    errors: errors.length,
    skipped: 0,
    cases: errors.map(({ code, message, file, location, next }) => {
      const place = location ? `${location.file}:${location.line}:${location.column}` : (file ?? 'portcullis');
      return `    <testcase classname="input" name="${attribute(`${place} could not be checked`)}">\n      <error type="${attribute(code)}" message="${attribute(message)}">${text(next)}</error>\n    </testcase>\n`;
    }),
  };
}

// Characters that XML 1.0 does not allow, not even escaped (section 2.2), lone surrogates among them, and those that reorder or hide text.
const notXml =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what it is for
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/gu;

function text(value: string): string {
  return value.replace(notXml, '\ufffd').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(value: string): string {
  return text(value)
    .replaceAll('"', '&quot;')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
