import type { Deciding, Finding, Step } from '../../contract/index.ts';
import type { StepId } from '../../project/index.ts';
import { ruleName } from '../decision-rule.ts';
import { fingerprintOf, sentence } from '../finding.ts';
import { nameRule, stepOf } from './rules.ts';

/**
 * Entries of the approver file that agreed with nothing in the run: notes at their places.
 * @param approved indices of those that were made use of
 * @param looked whether the run looked at the project of the entry
 */
export function unusedApprovals(
  { approvals = [], today }: Deciding,
  approved: ReadonlySet<number>,
  ruleIds: readonly string[],
  asked: readonly Step[],
  looked: (file: string | undefined) => boolean,
): readonly Finding[] {
  return approvals.flatMap((approval, index): Finding | readonly [] => {
    if (approved.has(index) || !looked(approval.file)) return [];
    const named = approval.rule === 'public' ? undefined : nameRule(approval.rule, ruleIds);
    const step: StepId = (named && ('id' in named ? stepOf(named.id) : named.step)) ?? 'authorization';
    const rule = asked.find(({ id }) => id === step)?.rules.find(({ id }) => id.endsWith(`/${ruleName}`));
    if (!rule) return [];
    const { file, line, column, endColumn } = approval.place;
    const about = approval.route ?? approval.subject ?? approval.fingerprint ?? '';
    const why =
      approval.until !== undefined && approval.until < today
        ? `it held until ${approval.until}`
        : named && 'problem' in named
          ? named.problem
          : 'no decision in the files needs it';
    return {
      rule: rule.id,
      step,
      severity: 'note',
      state: 'closed',
      message: sentence(`The approval of ${approval.rule} ${about} by ${approval.by} has no effect: ${why}`),
      location: { file, line, column, endLine: line, endColumn },
      rank: 0,
      fingerprint: fingerprintOf(rule.id, 'approvers', `${index} ${approval.rule} ${about}`),
    };
  });
}
