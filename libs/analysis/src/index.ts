export * from './where.ts';
