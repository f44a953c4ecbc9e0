import type { DatasetReader } from '@almanac/store';
import type { Redis } from 'ioredis';
import type { ColumnCache } from './columns/column-cache.ts';
import type { Searches } from './searches.ts';

/** What the routes work with. */
export interface Context {
  redis: Redis;
  reader: DatasetReader;
  columns: ColumnCache;
  searches: Searches;
}
