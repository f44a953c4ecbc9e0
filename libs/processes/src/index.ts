export * from './content-hash.ts';
export * from './invalid-input.ts';
export { datasetIn } from './members.ts';
export * from './plot.ts';
export * from './plot-inputs.ts';
export * from './process.ts';
export * from './registry.ts';
export * from './validate-plot-inputs.ts';
