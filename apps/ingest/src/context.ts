import type { Redis } from 'ioredis';
import type { BodyLimits } from './body/read-body.ts';
import type { LoadPlaces } from './load/load-places.ts';

/** What the routes work with. */
export interface Context {
  redis: Redis;
  limits: BodyLimits;
  /** bounds how many loads run at once */
  places: LoadPlaces;
  /** where profiles load from in place of their own addresses */
  sources: ReadonlyMap<string, string>;
}
