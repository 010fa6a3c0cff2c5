import { type Finding, type Report, type Severity, severities } from '../contract/index.ts';
import { inRepository } from './in-repository.ts';
import { stringify } from './json.ts';
import type { RenderOptions, RuleInfo } from './options.ts';

/** Version of GitLab's report schema, https://gitlab.com/gitlab-org/security-products/security-report-schemas */
const VERSION = '15.2.1';
const severityNames: Readonly<Record<Severity, string>> = { error: 'High', warning: 'Medium', note: 'Info' };

/** GitLab refuses a whole report for one field that is too long. */
const LONGEST_NAME = 255;
const LONGEST_SOLUTION = 7000;

/** A SAST report for GitLab (`artifacts: reports: sast`). What is suppressed is left out, so that GitLab shows it as resolved. */
export function* renderGitlab(report: Report, { base, rules, times, version }: RenderOptions): Generator<string> {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const self = { id: 'portcullis', name: 'Portcullis', version, vendor: { name: 'Portcullis' } };
  yield stringify({
    version: VERSION,
    scan: {
      analyzer: self,
      scanner: self,
      type: 'sast',
      start_time: withoutZone(times.began),
      end_time: withoutZone(times.ended),
      status: report.errors.length === 0 ? 'success' : 'failure',
      messages: report.errors.map(({ code, message, file, location }) => ({
        level: 'error',
        value: [location ? `${inRepository(location.file, base)}:${location.line}` : file, code, message]
          .filter((part) => part !== null)
          .join(': '),
      })),
    },
    vulnerabilities: report.findings
      .filter(({ suppressed }) => !suppressed)
      .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
      .map((finding) => vulnerability(finding, known.get(finding.rule), base)),
  });
}

/** The schema wants UTC without its letter. */
function withoutZone(time: string): string {
  return time.slice(0, 19);
}

function vulnerability(finding: Finding, rule: RuleInfo | undefined, base: string) {
  const { location, message, path, question, fix, fingerprint, severity } = finding;
  const place = {
    file: inRepository(location.file, base),
    start_line: location.line,
    end_line: Math.max(location.line, location.endLine),
  };
  const solution = fix === undefined ? undefined : cut(fix.trimEnd(), LONGEST_SOLUTION);
  return {
    id: fingerprint,
    name: cut(rule?.title ?? message, LONGEST_NAME),
    description: [
      message,
      ...(path?.length ? [`Path: ${path.join(' -> ')}`] : []),
      ...(question === undefined ? [] : [`To answer: ${question}`]),
      ...(rule ? [rule.attack] : []),
    ].join('\n\n'),
    severity: severityNames[severity],
    ...(solution === undefined || solution === '' ? {} : { solution }),
    identifiers: [
      { type: 'portcullis_rule', name: finding.rule, value: finding.rule },
      ...(rule?.mappings.cwe ?? []).map((id) => {
        const value = id.replace('CWE-', '');
        return { type: 'cwe', name: id, value, url: `https://cwe.mitre.org/data/definitions/${value}.html` };
      }),
      ...(rule?.mappings.owasp ?? []).map((id) => ({ type: 'owasp', name: `OWASP API Security ${id}`, value: id })),
    ],
    links: (rule?.docs ?? []).map(({ title, url }) => ({ name: cut(title, LONGEST_NAME), url })),
    location: place,
    // GitLab recognises a finding by this when its line has moved.
    tracking: {
      type: 'source',
      items: [{ ...place, signatures: [{ algorithm: 'scope_offset', value: fingerprint }] }],
    },
  };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
