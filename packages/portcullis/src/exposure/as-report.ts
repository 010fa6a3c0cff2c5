import { createHash } from 'node:crypto';
import {
  type ChangeKind,
  type ExposureReport,
  type Finding,
  type GateState,
  type Report,
  severities,
} from '../contract/index.ts';

const states: Readonly<Record<ChangeKind, GateState>> = { opens: 'open', weakens: 'half-open', closes: 'closed' };

/**
 * The changes in the form of findings, which every format of `check` can print.
 * @param subject what the sentences begin with: `This change`
 */
export function changesAsReport(
  { changes, errors }: Pick<ExposureReport, 'changes' | 'errors'>,
  subject: string,
): Report {
  const findings = changes.map((change, index): Finding => {
    const { kind, step, severity, message, location, path, rule, project } = change;
    const identity = ['exposure', change.change, project, change.subject].join('\n');
    return {
      // What a rule found new is explained by the rule.
      rule: change.change === 'finding' && rule !== undefined ? rule : `exposure/${change.change}`,
      step,
      severity,
      state: states[kind],
      message: `${subject} ${message}.`,
      location,
      ...(path ? { path } : {}),
      rank: -index,
      fingerprint: createHash('sha256').update(identity).digest('hex').slice(0, 32),
    };
  });
  const bySeverity = (a: Finding, b: Finding) => severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return { version: 1, projects: [], errors, findings: findings.toSorted(bySeverity) };
}
