export * from './dataset.ts';
export * from './ids.ts';
export * from './job.ts';
export * from './problem.ts';
export * from './suggest.ts';
export * from './time.ts';
export * from './where.ts';
