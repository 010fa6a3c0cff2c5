import { type Exposure, type Finding, type ProjectChange, type Severity, severities } from '../contract/index.ts';
import { byRoute } from './by-route.ts';
import { spokenOf } from './routes.ts';

/**
 * What opened beside routes and limits: a secret in plain text, a bucket, a way around the API. A finding is new when its fingerprint is, or
 * when it got worse; in a project whose file moved, when nothing was said in these words before. Notes are no exposure; warnings are one only
 * where something was there before that is weaker now.
 */
export function changesOfFindings(
  then: Exposure,
  now: Exposure,
  routes: readonly ProjectChange[],
): readonly ProjectChange[] {
  const before = new Map(then.findings.map((finding) => [keyOf(finding), finding]));
  const words = then.file === now.file ? new Set<string>() : new Set(then.findings.map(wordsOf));
  const spoken = spokenOf(routes);
  const changes: ProjectChange[] = [];
  const steps = new Set(routes.map(({ step }) => step));
  const isNew = then.routes.length === 0 && then.findings.length === 0;
  for (const finding of now.findings) {
    if (finding.severity === 'note' || finding.suppressed?.by === 'baseline' || told(finding, now) || spoken(finding))
      continue;
    if (
      finding.severity === 'warning' &&
      (isNew || untidy.test(finding.rule) || (limiting.has(finding.step) && steps.has(finding.step)))
    )
      continue;
    const earlier = before.get(keyOf(finding));
    if (earlier && !isWorse(finding, earlier)) continue;
    if (!earlier && words.has(wordsOf(finding))) continue;
    changes.push(changeOf(finding));
  }
  return changes;
}

const keyOf = ({ fingerprint }: Finding) => fingerprint;
const wordsOf = ({ rule, message }: Finding) => `${rule}\n${message}`;

/** Settings that do nothing, and decisions that are not in order: nobody gets in by them. */
const untidy =
  /\/(?:setting-has-no-effect|plan-without-private-route|authorizer-is-unused|key-without-plan|web-acl-is-associated-with-nothing|decision-[a-z-]+)$/;

/** Steps whose warnings repeat for the whole API what a change of a route or plan says already. */
const limiting: ReadonlySet<string> = new Set(['usage-plans', 'firewall']);

function told({ rule, route }: Finding, { routes }: Exposure): boolean {
  return byRoute(rule) && routes.some(({ id }) => id === route);
}

function isWorse(finding: Finding, earlier: Finding): boolean {
  const rank = (severity: Severity) => severities.indexOf(severity);
  return rank(finding.severity) < rank(earlier.severity) && !finding.suppressed;
}

function changeOf(finding: Finding): ProjectChange {
  const { rule, step, severity, message, location, path, suppressed } = finding;
  const reason = suppressed?.reason;
  return {
    kind: severity === 'error' ? 'opens' : 'weakens',
    change: 'finding',
    step,
    severity: reason === undefined ? severity : 'note',
    message: `adds: ${message.replace(/\.$/, '')}${reason === undefined ? '' : ` (decided in the file: ${reason})`}`,
    subject: finding.fingerprint,
    location,
    ...(path ? { path } : {}),
    before: null,
    after: severity,
    rule,
    ...(reason === undefined ? {} : { decided: reason }),
  };
}
