import type { FairPlaces } from '@almanac/service';
import type { Redis } from 'ioredis';
import type { BodyLimits } from './body/read-body.ts';

/** Dependencies of the routes. */
export interface Context {
  redis: Redis;
  limits: BodyLimits;
  /** bounds how many loads run at once */
  places: FairPlaces;
  /** files and URLs that replace the sources of profiles */
  sources: ReadonlyMap<string, string>;
}
