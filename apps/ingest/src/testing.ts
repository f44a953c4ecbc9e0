import { connect } from 'node:net';
import type { LoadReport, Problem } from '@almanac/domain';
import { type CourseEnv, courseSettings } from '@almanac/profiles';
import { createLogger } from '@almanac/service';
import { DatasetReader } from '@almanac/store';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { buildApp } from './app.ts';
import type { BodyLimits } from './body/read-body.ts';

export interface Answer {
  status: number;
  headers: Headers;
  report: LoadReport;
  problem: Problem;
}

/** The service on a port of its own before a store of its own. */
export class TestIngest {
  readonly store: TestRedis;
  readonly redis: Redis;
  readonly url: string;
  /** every line it logged */
  readonly log: readonly Record<string, unknown>[];
  readonly close: () => Promise<void>;

  constructor(store: TestRedis, redis: Redis, url: string, log: readonly Record<string, unknown>[], close: () => Promise<void>) {
    this.store = store;
    this.redis = redis;
    this.url = url;
    this.log = log;
    this.close = close;
  }

  async send(
    path: string,
    body: string | Uint8Array | ReadableStream | null,
    headers: Record<string, string> = {},
    method = 'PUT',
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers,
      // Bytes, for a text would bring a Content-Type of its own.
      body: typeof body === 'string' ? Buffer.from(body) : body,
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit);
    const text = await response.text();
    const parsed: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: response.status, headers: response.headers, report: parsed as LoadReport, problem: parsed as Problem };
  }

  /** The records of a data set as its readers get them. */
  async records(id: string): Promise<Record<string, unknown>[]> {
    const copy = await new DatasetReader(this.redis, { cacheBytes: 1 << 20 }).get(id);
    return JSON.parse(`[${copy.page(0, copy.rows).join(',\n')}]`) as Record<string, unknown>[];
  }

  /** Sends a request's head and first bytes on a bare connection, which can then stall or break off. */
  async open(head: readonly string[], bytes: string | Uint8Array = '') {
    const socket = connect(Number(new URL(this.url).port), '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.on('error', () => {});
    const ended = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
    socket.write(`${head.join('\r\n')}\r\nhost: test\r\n\r\n`);
    socket.write(bytes);
    return { socket, ended };
  }
}

export async function startIngest(
  limits: Partial<BodyLimits> = {},
  storeOptions: readonly string[] = [],
  { course = { COURSE_EDITION: 'seed' }, sources = new Map() }: { course?: CourseEnv; sources?: ReadonlyMap<string, string> } = {},
): Promise<TestIngest> {
  const store = await startTestRedis(storeOptions);
  const redis = new Redis(store.port, '127.0.0.1', {
    protocol: 2,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => 20,
  });
  redis.on('error', () => {});
  await new Promise((resolve) => redis.once('ready', resolve));
  const log: Record<string, unknown>[] = [];
  const logger = createLogger('ingest', 'info', {
    destination: { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const app = await buildApp({ redis, logger, limits, course: courseSettings(course), sources });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { port: number };
  return new TestIngest(store, redis, `http://127.0.0.1:${port}`, log, async () => {
    await app.close();
    redis.disconnect();
    await store.end();
  });
}
