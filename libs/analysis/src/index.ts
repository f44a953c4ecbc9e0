export * from './comparable.ts';
export * from './where.ts';
