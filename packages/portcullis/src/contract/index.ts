export * from './across.ts';
export * from './deciding.ts';
export * from './exposure.ts';
export * from './finding.ts';
export * from './report.ts';
export * from './rule.ts';
export * from './step.ts';
