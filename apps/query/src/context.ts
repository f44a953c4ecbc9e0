import { callerOf } from '@almanac/service';
import type { DatasetReader } from '@almanac/store';
import type { FastifyRequest } from 'fastify';
import type { Redis } from 'ioredis';
import type { ColumnCache } from './columns/column-cache.ts';
import type { Searches, SearchRunner } from './searches.ts';

/** What the routes share. */
export interface Context {
  redis: Redis;
  reader: DatasetReader;
  columns: ColumnCache;
  searches: Searches;
}

/** The searches of a request's caller. */
export const searchesOf = ({ searches }: Pick<Context, 'searches'>, { raw }: FastifyRequest): SearchRunner => searches.of(callerOf(raw));
