export * from './addresses.ts';
export * from './errors.ts';
export * from './fact.ts';
export * from './model.ts';
export * from './node.ts';
export * from './ports.ts';
export * from './reach.ts';
export * from './source.ts';
