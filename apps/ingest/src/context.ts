import type { Redis } from 'ioredis';
import type { BodyLimits } from './body/read-body.ts';

/** What the routes work with. */
export interface Context {
  redis: Redis;
  limits: BodyLimits;
}
