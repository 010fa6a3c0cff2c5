export { createRunner, type RunnerSettings } from './run.ts';
