/** Names a place on Earth without any network. */
export type { Geo, Geoposition, NearestCity } from './geoposition.ts';
export { type GeopositionOptions, Geopositions } from './geopositions.ts';
