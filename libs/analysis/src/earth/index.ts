export { ascendingNodeNear } from './ascending-node.ts';
export { type EarthOrientation, earthOrientationAt, unknownEarthOrientation } from './earth-orientation.ts';
export { type Ephemeris, ephemerisOf, type State, stateAt } from './ephemeris.ts';
export { closestEpoch } from './epochs.ts';
export { interpolate } from './interpolate.ts';
export { type Location, locationOf } from './location.ts';
export { type PublishedNode, publishedNodes } from './node-comments.ts';
export { norm, type Vector } from './vector.ts';
