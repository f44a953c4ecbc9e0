export { generic } from './generic/index.ts';
export * from './parameters.ts';
export type { DerivedColumn, KnownColumn, LoadCheck, Profile, Source } from './profile.ts';
export * from './record-set.ts';
export * from './registry.ts';
export * from './response.ts';
export * from './route.ts';
export * from './settings.ts';
