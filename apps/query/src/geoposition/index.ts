/** Names a place on Earth without any network. */
export { Geopositions } from './geopositions.ts';
