export { assessAcross } from './across.ts';
export { allRules, steps } from './all.ts';
export { unusedApprovals } from './deciding/approvals.ts';
export { isAboutDecisions } from './decision-rule.ts';
export { assess, compare } from './run.ts';
