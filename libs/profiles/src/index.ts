export { generic } from './generic/index.ts';
export { Count, DatasetParameter, datasetAsked, lastValues, pageOf, type QueryValues, shapeOf } from './parameters.ts';
export type { DerivedColumn, LoadCheck, Profile, Source } from './profile.ts';
export { emptySet, type Pass, type RecordSet } from './record-set.ts';
export { profileIds, profileNamed, profileOf, profileRoutes, profiles } from './registry.ts';
export type { RouteResponse } from './response.ts';
export type { Edition, MakingRoute, Place, ProfileRoute, ReadingRoute } from './route.ts';
export { CourseEnv, type CourseSettings, courseSettings, expectedProfile } from './settings.ts';
