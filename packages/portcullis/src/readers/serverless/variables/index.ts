export { Evaluator } from './evaluator.ts';
export { Expander } from './expand.ts';
