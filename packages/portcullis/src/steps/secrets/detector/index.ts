export { looksRandom } from './entropy.ts';
export { judge } from './judge.ts';
export { classifyName, classifyPath, isConnectionName, isPointerName, type NameVerdict } from './key-names.ts';
export { findProvider } from './providers.ts';
export { isAddress, isReference } from './shapes.ts';
export type { Verdict } from './verdict.ts';
