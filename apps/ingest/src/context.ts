import type { FairPlaces } from '@almanac/service';
import type { Redis } from 'ioredis';
import type { BodyLimits } from './body/read-body.ts';

/** What the routes work with. */
export interface Context {
  redis: Redis;
  limits: BodyLimits;
  /** bounds how many loads run at once */
  /** loads that run at once */
  places: FairPlaces;
  /** where profiles load from in place of their own addresses */
  sources: ReadonlyMap<string, string>;
}
