export { lowerSam } from './lower.ts';
