export { type Comparable, comparable, comparesAsNumber } from './comparable.ts';
export * from './earth/index.ts';
export { summariseNumbers, summariseTexts, summariseTimes } from './summarise.ts';
export { type ColumnTest, compileTests } from './where.ts';
