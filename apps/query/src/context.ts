import type { DatasetReader } from '@almanac/store';
import type { Redis } from 'ioredis';
import type { ColumnCache } from './columns/column-cache.ts';

/** What the routes work with. */
export interface Context {
  redis: Redis;
  reader: DatasetReader;
  columns: ColumnCache;
}
