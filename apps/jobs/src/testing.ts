import type { Evidence, Job, Problem } from '@almanac/domain';
import { JobQueue, JobWorker, type JobWorkerOptions, type Outcome } from '@almanac/job-queue';
import { type CourseEnv, courseSettings } from '@almanac/profiles';
import { type App, drain } from '@almanac/service';
import { ImageStore, ResultStore, StagedGeneration } from '@almanac/store';
import { startTestRedis, type TestRedis } from '@almanac/testkit';
import { Redis } from 'ioredis';
import { buildApp, type JobsOptions } from './app.ts';
import { Catalogue } from './submit/catalogue.ts';

export const evidence = (distinct: number, min: number, max: number): Evidence => ({
  present: 100,
  missing: 0,
  kinds: {},
  distinct,
  min,
  max,
  examples: [],
});

/** A data set of meteorites, small but real. Returns its version. */
export async function loadStones(redis: Redis, mass = 21): Promise<string> {
  const staged = new StagedGeneration(redis, 'stones', { key: 'id' });
  await staged.add(`{"id":1,"mass (g)":${mass},"recclass":"L5"}`, '1');
  await staged.add('{"id":2,"mass (g)":720,"recclass":"H6"}', '2');
  const { version } = await staged.commit({
    schema: {
      key: 'id',
      columns: [
        { name: 'id', type: 'integer', asStored: true },
        { name: 'mass (g)', type: 'number', unit: 'g', asStored: true },
        { name: 'recclass', type: 'string', asStored: true },
      ],
    },
    evidence: { id: evidence(2, 1, 2), 'mass (g)': evidence(2, 21, 720), recclass: evidence(2, 0, 0) },
    op: 'replace',
  });
  return version;
}

export interface Answer<T> {
  status: number;
  headers: Record<string, string | string[] | number | undefined>;
  bytes: Buffer;
  json: T;
}

/** The service over a store of its own, with a worker where a test starts one. */
export class TestJobs {
  readonly store: TestRedis;
  readonly app: App;
  readonly queue: JobQueue;
  readonly results: ResultStore;
  readonly resultsRedis: Redis;
  readonly data: Redis;
  readonly #workers: JobWorker[] = [];
  readonly #clients: Redis[];

  constructor(store: TestRedis, app: App, queue: JobQueue, [data, queueRedis, resultsRedis]: [Redis, Redis, Redis]) {
    this.store = store;
    this.app = app;
    this.queue = queue;
    this.results = new ResultStore(resultsRedis);
    this.resultsRedis = resultsRedis;
    this.data = data;
    this.#clients = [data, queueRedis, resultsRedis];
  }

  async ask<T = Problem>(
    method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    payload?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const body = payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) };
    const type = payload === undefined ? {} : { 'content-type': 'application/json' };
    const { statusCode, headers: answered, rawPayload } = await this.app.inject({ method, url, ...body, headers: { ...type, ...headers } });
    const isJson = /json/.test(String(answered['content-type'])) && rawPayload.length > 0;
    return {
      status: statusCode,
      headers: answered,
      bytes: rawPayload,
      json: (isJson ? JSON.parse(rawPayload.toString()) : undefined) as T,
    };
  }

  submit(inputs: Record<string, unknown>, rest: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer<Job>> {
    return this.ask<Job>('POST', '/v1/jobs', { process: 'plot', inputs: { dataset: 'stones', ...inputs }, ...rest }, headers);
  }

  /** A worker whose pictures are made up, saved as real ones are. */
  startWorker(handle: JobWorkerOptions['handle'] = (job, { token }) => this.draw(job, token)): JobWorker {
    const [redis, blocking] = [this.store.connect(1), this.store.connect(1)];
    const logger = { info: () => {}, warn: () => {}, error: () => {} };
    const worker = new JobWorker({ redis, blocking, queue: 'plot', logger, blockSeconds: 0.1, handle });
    this.#workers.push(worker);
    return worker.start();
  }

  async draw(job: Job, token: string): Promise<Outcome> {
    const results: Outcome['results'] = {};
    for (const name of job.outputs) {
      const bytes = Buffer.from(`${name} of ${job.dataset.version}`);
      await this.results.save(job.id, token, name, bytes);
      results[name] = { type: name === 'png' ? 'image/png' : 'image/svg+xml', bytes: bytes.length };
    }
    return { results, description: 'two stones', notes: [] };
  }

  async stopWorkers(): Promise<void> {
    for (const worker of this.#workers.splice(0)) await worker.stop(1000);
  }

  async end(): Promise<void> {
    await this.stopWorkers();
    // As a service stops: closing alone waits more than a minute for a connection that was opened and never used.
    await drain(this.app, 0);
    for (const client of this.#clients) client.disconnect();
    await this.store.end();
  }
}

export async function startJobs(course: CourseEnv = { COURSE_EDITION: 'seed' }, options: Partial<JobsOptions> = {}): Promise<TestJobs> {
  const store = await startTestRedis();
  const clients = [0, 1, 2].map((db) => connect(store.port, db)) as [Redis, Redis, Redis];
  await Promise.all(clients.map((client) => new Promise((resolve) => client.once('ready', resolve))));
  const [data, queueRedis, resultsRedis] = clients;
  const queue = new JobQueue(queueRedis, { queue: 'plot' });
  const app = await buildApp({
    jobs: queue,
    catalogue: new Catalogue(data),
    results: new ResultStore(resultsRedis),
    images: new ImageStore(resultsRedis),
    course: courseSettings(course),
    redis: queueRedis,
    ...options,
  });
  return new TestJobs(store, app, queue, clients);
}

/** A connection as the service makes them: a store that is away is an error at once. */
function connect(port: number, db: number): Redis {
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false, retryStrategy: () => 20 };
  return new Redis(port, '127.0.0.1', { db, protocol: 2, ...options }).on('error', () => {});
}
