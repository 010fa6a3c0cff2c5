import type { Finding, PointLocation, Report, ReportError, Severity, Suppressed } from '../contract/index.ts';
import type { Location } from '../project/index.ts';
import { stringify } from './json.ts';
import type { RuleInfo } from './options.ts';
import { printable } from './text.ts';

/** Name under which GitHub and others look for the home of the schema; the same document as OASIS publishes. */
const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** GitHub sorts security results by this number: above 7.0 is high, from 4.0 medium, below low. */
const securitySeverity: Readonly<Record<Severity, string>> = { error: '8.0', warning: '5.5', note: '2.0' };

/** SARIF 2.1.0 (OASIS). One run; the rules are those that were applied, so that a rule without results is known to have passed. */
export function renderSarif(report: Report, rules: readonly RuleInfo[], version: string): string {
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  return stringify({
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Portcullis',
            ...(/^\d+\.\d+\.\d+/.test(version) ? { semanticVersion: version } : {}),
            version,
            rules: rules.map(descriptor),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder in which portcullis ran.' } } },
        invocations: [
          {
            executionSuccessful: report.errors.length === 0,
            toolExecutionNotifications: report.errors.map(notification),
          },
        ],
        results: report.findings.map((finding) => result(finding, indexes.get(finding.rule))),
      },
    ],
  });
}

function descriptor(rule: RuleInfo) {
  const fixes = Object.entries(rule.fix).flatMap(([format, fix]) => (typeof fix === 'string' ? [{ format, fix }] : []));
  const docs = rule.docs.map(({ title, url }) => ({ title, url }));
  return {
    id: rule.id,
    name: rule.id
      .split(/[/-]/)
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(''),
    shortDescription: { text: `${rule.title}.` },
    fullDescription: { text: rule.attack },
    ...(docs[0] ? { helpUri: docs[0].url } : {}),
    help: {
      text: [
        rule.attack,
        ...fixes.map(({ format, fix }) => `How to close it (${format}):\n\n${fix.trimEnd()}`),
        docs.map(({ title, url }) => `${title}: ${url}`).join('\n'),
      ].join('\n\n'),
      markdown: [
        rule.attack,
        ...fixes.map(({ format, fix }) => `**How to close it** (${format})\n\n${fenced(fix)}`),
        docs.map(({ title, url }) => `- [${title}](${url})`).join('\n'),
      ].join('\n\n'),
    },
    defaultConfiguration: { level: rule.severity },
    properties: {
      tags: [
        'security',
        rule.step,
        ...rule.mappings.cwe.map((id) => `external/cwe/${id.toLowerCase()}`),
        ...rule.mappings.owasp.map((id) => `owasp/${id}`),
        ...rule.mappings.fsbp.map((id) => `aws-fsbp/${id}`),
      ],
      precision: 'high',
      'problem.severity': rule.severity === 'note' ? 'recommendation' : rule.severity,
      'security-severity': securitySeverity[rule.severity],
    },
  };
}

/** A fence longer than any run of backticks in the snippet, so that the snippet cannot end it. */
function fenced(snippet: string): string {
  const longest = Math.max(2, ...[...snippet.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}yaml\n${snippet.trimEnd()}\n${fence}`;
}

function result(finding: Finding, ruleIndex: number | undefined) {
  const { rule, step, severity, state, message, location, route, path, question, fix, related } = finding;
  const sentences = [
    message,
    ...(path?.length ? [`Path: ${path.join(' -> ')}`] : []),
    ...(question ? [`To answer: ${question}`] : []),
  ];
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: severity,
    message: { text: sentences.map(plain).join('\n') },
    locations: [
      {
        physicalLocation: physical(location),
        ...(route === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: route, kind: 'resource' }] }),
      },
    ],
    ...(related?.length
      ? {
          relatedLocations: related.map((other, index) => ({
            id: index + 1,
            physicalLocation: physical(other.location),
            message: { text: plain(other.message) },
          })),
        }
      : {}),
    partialFingerprints: { 'portcullisFingerprint/v1': finding.fingerprint },
    ...(finding.suppressed ? { suppressions: [suppression(finding.suppressed)] } : {}),
    properties: { step, state, ...(path ? { path } : {}), ...(question ? { question } : {}), ...(fix ? { fix } : {}) },
  };
}

/** A decision in the source, or a finding that the baseline has (SARIF 2.1.0, 3.35). */
function suppression({ by, reason, until, location }: Suppressed) {
  return {
    kind: by === 'baseline' ? 'external' : 'inSource',
    justification: plain(until === undefined ? reason : `${reason} (until ${until})`),
    ...(location ? { location: { physicalLocation: physical(location) } } : {}),
  };
}

/**
 * Text of the user in a message: no control characters, and no `[text](target)`, which viewers make a link of (SARIF 2.1.0, 3.11.6); a
 * backslash before the bracket takes its meaning away.
 */
function plain(text: string): string {
  return printable(text).replaceAll('](', '\\](');
}

function physical({ file, line, column, endLine, endColumn }: Location) {
  return {
    artifactLocation: artifact(file),
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}

/** Relative files hang on %SRCROOT%; one that has nothing but the root in common with the working directory has an absolute URI (RFC 8089). */
function artifact(file: string) {
  const drive = /^[A-Za-z]:\//.test(file);
  const encoded = file.split('/').map(encodeSegment);
  if (drive) return { uri: `file:///${file.slice(0, 2)}/${encoded.slice(1).join('/')}` };
  if (file.startsWith('/')) return { uri: `file://${encoded.join('/')}` };
  return { uri: encoded.join('/'), uriBaseId: '%SRCROOT%' };
}

/** A file name may hold half of a surrogate pair, on which encodeURIComponent throws. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'));
}

function notification(error: ReportError) {
  const { code, message, file, location, next } = error;
  return {
    level: 'error',
    descriptor: { id: code },
    message: { text: plain(`${message}. ${next}`) },
    ...(place(file, location) ?? {}),
  };
}

function place(file: string | null, location: PointLocation | null) {
  if (location)
    return {
      locations: [
        {
          physicalLocation: {
            artifactLocation: artifact(location.file),
            region: { startLine: location.line, startColumn: location.column },
          },
        },
      ],
    };
  return file === null ? undefined : { locations: [{ physicalLocation: { artifactLocation: artifact(file) } }] };
}
