// Shared by the tests of this app: a store of their own, the service over it, data loaded as ingest loads it.
import type { Column, Problem, Schema } from '@almanac/domain';
import { type CourseEnv, courseSettings } from '@almanac/profiles';
import { type App, renewWhenSilent } from '@almanac/service';
import { type Committed, StagedGeneration } from '@almanac/store';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { buildApp } from './app.ts';
import type { SearchLimits } from './searches.ts';

export const column = (name: string, type: Column['type'] = 'string', rest: Partial<Column> = {}): Column => ({
  name,
  type,
  asStored: true,
  ...rest,
});

export const stones: Schema = {
  key: 'id',
  columns: [
    column('id', 'integer'),
    column('name'),
    column('mass (g)', 'number', { title: 'mass', unit: 'g' }),
    column('seen', 'time'),
    column('fell', 'boolean'),
    column('geo', 'json'),
  ],
};

/** Rows of every type with gaps, quotes, commas, line ends and letters beyond ASCII; the same ones each time. */
export function stoneRows(count: number): string[] {
  let seed = 7;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed / 2_147_483_648;
  };
  const names = ['Aachen', 'Ensisheim "E"', 'a,b', 'Línea\r\ndos', '', 'Ōtsu', ' padded ', 'back\\slash\\', '},\n{'];
  return Array.from({ length: count }, (_, id) =>
    JSON.stringify({
      id,
      name: random() < 0.1 ? null : names[Math.floor(random() * names.length)],
      ...(random() < 0.2 ? {} : { 'mass (g)': random() < 0.1 ? null : Math.round(random() * 100) / 2 }),
      seen: random() < 0.1 ? null : new Date(Math.floor(random() * 40) * 86_400_000).toISOString(),
      fell: random() < 0.1 ? null : random() < 0.5,
      geo: random() < 0.5 ? null : { name: 'inner', list: [1, '}"]', { id: 5 }] },
    }),
  );
}

export async function load(redis: Redis, id: string, rows: readonly string[], schema: Schema = stones): Promise<Committed> {
  const staged = new StagedGeneration(redis, id, schema.key === undefined ? {} : { key: schema.key });
  for (const row of rows) await staged.add(row, schema.key === undefined ? undefined : String(JSON.parse(row)[schema.key]));
  return staged.commit({ schema, evidence: {}, op: 'replace' });
}

export interface Answer<T> {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  bytes: Buffer;
  text: string;
  json: T;
}

export class TestQuery {
  readonly store: TestRedis;
  readonly redis: Redis;
  readonly app: App;

  constructor(store: TestRedis, redis: Redis, app: App) {
    this.store = store;
    this.redis = redis;
    this.app = app;
  }

  async get<T = Problem & Page>(path: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET'): Promise<Answer<T>> {
    const { statusCode: status, headers: answered, rawPayload: bytes } = await this.app.inject({ method, url: path, headers });
    const text = bytes.toString();
    // Part of a file is no document.
    const isJson =
      status !== 206 && /json/.test(String(answered['content-type'])) && !/ndjson/.test(String(answered['content-type'])) && text !== '';
    return { status, headers: answered, bytes, text, json: (isJson ? JSON.parse(text) : undefined) as T };
  }

  async end(): Promise<void> {
    await this.app.close();
    this.redis.disconnect();
    await this.store.end();
  }
}

export interface Page {
  items: Record<string, unknown>[];
  numberReturned: number;
  numberMatched: number;
  version: string;
  links: { rel: string; href: string }[];
}

export async function startQuery(
  cacheBytes = 4 << 20,
  course: CourseEnv = { COURSE_EDITION: 'seed' },
  searchLimits: Partial<SearchLimits> = {},
): Promise<TestQuery> {
  const store = await startTestRedis();
  // As the service connects: a command that cannot be sent fails at once.
  const redis = new Redis(store.port, '127.0.0.1', {
    protocol: 2,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 20,
  });
  redis.on('error', () => {});
  renewWhenSilent(redis, 2_000);
  await new Promise((resolve) => redis.once('ready', resolve));
  const place = async () => ({ text: 'over the Testing Sea', geo: { water: 'Testing Sea' } });
  return new TestQuery(store, redis, await buildApp({ redis, cacheBytes, searchLimits, course: courseSettings(course), place }));
}
