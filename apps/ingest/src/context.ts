import type { Redis } from 'ioredis';
import type { BodyLimits } from './body/read-body.ts';

/** What the routes work with. */
export interface Context {
  redis: Redis;
  limits: BodyLimits;
  /** where profiles load from in place of their own addresses */
  sources: ReadonlyMap<string, string>;
}
