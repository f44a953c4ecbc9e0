// Shared by the tests of this library: a data set in memory, and requests to a profile's routes.
import { type Column, type Schema, textOf, tokenOf } from '@almanac/domain';
import type { Profile } from './profile.ts';
import { type Pass, passOver, type RecordSet } from './record-set.ts';
import type { RouteResponse } from './response.ts';
import type { ProfileRequest, ReadingRoute } from './route.ts';

/** Records as a source wrote them: texts of JSON objects, or values to be written as JSON. */
export function setOf(records: readonly (string | Record<string, unknown>)[], schema: Partial<Schema> = {}): RecordSet {
  const rows = records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record)));
  const names = [...new Set(rows.flatMap((row) => Object.keys(JSON.parse(row) as object)))];
  const columns: Column[] = schema.columns ?? names.map((name) => ({ name, type: 'string', asStored: true }));
  const kept = new Map<string, unknown>();
  return {
    id: 'tested',
    version: '1-0123456789abcdef',
    schema: { ...schema, columns },
    rows: rows.length,
    modified: '2024-02-22T00:00:00.000Z',
    texts: (from = 0, to = rows.length) => rows.slice(from, to),
    byKey: (key) =>
      schema.key === undefined ? rows[Number(key)] : rows.find((row) => textOf(tokenOf(row, schema.key as string) ?? '') === key),
    async computed<T>(name: string, begin: () => Pass<T>): Promise<T> {
      if (!kept.has(name)) kept.set(name, passOver(this, begin()));
      return kept.get(name) as T;
    },
    memoize<T>(name: string, make: () => T): T {
      if (!kept.has(name)) kept.set(name, make());
      return kept.get(name) as T;
    },
  };
}

/** Sends a request to one of a profile's routes, written as a client would: `/degrees/2?f=text`. */
export async function ask(profile: Profile, url: string, set: RecordSet, more: Partial<ProfileRequest> = {}): Promise<RouteResponse> {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  for (const route of profile.routes) {
    const params = route.service === 'query' ? paramsIn(route, pathname) : undefined;
    if (params === undefined) continue;
    const request: ProfileRequest = {
      params,
      query: Object.fromEntries(searchParams),
      set,
      now: new Date(0),
      edition: 'seed',
      place: async () => ({ text: 'over the Testing Sea', geo: { water: 'Testing Sea' } }),
      ...more,
    };
    return await (route as ReadingRoute).respond(request);
  }
  throw new Error(`${profile.id} has no route ${pathname}`);
}

function paramsIn({ path }: ReadingRoute, pathname: string): Record<string, string> | undefined {
  const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
  const found = pattern.exec(pathname);
  return found === null ? undefined : Object.fromEntries(Object.entries(found.groups ?? {}).map(([k, v]) => [k, decodeURIComponent(v)]));
}

/** The JSON of a route's response. */
export async function jsonOf<T = Record<string, unknown>>(response: Promise<RouteResponse>): Promise<T> {
  const given = await response;
  if (given.kind === 'list') return JSON.parse(JSON.stringify(given.items.slice(given.from, given.to))) as T;
  if (given.kind !== 'json') throw new Error(`not JSON but ${given.kind}`);
  return JSON.parse(given.text.toString()) as T;
}
