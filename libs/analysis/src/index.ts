export * from './comparable.ts';
export * from './earth/index.ts';
export * from './summarise.ts';
export * from './where.ts';
