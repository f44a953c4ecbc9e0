import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

/** The server binary: what ./almanac chose, else the first of redis-server and valkey-server on the PATH. */
export function storeBinary(): string {
  const named = process.env.ALMANAC_STORE_SERVER;
  if (named !== undefined && named !== '') return named;
  const found = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (found === undefined)
    throw new Error('no redis-server or valkey-server on the PATH: run the tests by ./almanac test, which brings one');
  return found;
}

/** A real store of a test's own: started empty, on a port of its own, ended with everything it wrote. */
export class TestRedis {
  readonly port: number;
  readonly folder: string;
  #options: readonly string[];
  #server: ChildProcess | undefined;
  #clients: Redis[] = [];

  constructor(port: number, options: readonly string[]) {
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), 'almanac-redis-'));
    this.#options = options;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#server?.pid as number;
  }

  /** Starts the server (again, on the same data). Resolves when it answers. */
  async start(): Promise<void> {
    const server = spawn(
      storeBinary(),
      ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '', ...this.#options],
      { stdio: 'ignore' },
    );
    this.#server = server;
    const probe = new Redis(this.port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null });
    probe.on('error', () => {});
    try {
      await probe.connect().catch(() => {});
      const gone = new Promise<never>((_, reject) =>
        server.once('exit', (code) => reject(new Error(`the store ended with code ${code} while starting on port ${this.port}`))),
      );
      gone.catch(() => {});
      await Promise.race([probe.ping(), gone]);
    } finally {
      probe.disconnect();
    }
  }

  /** Stops the server by the signal: SIGTERM in order, SIGKILL as a crash. Its files stay, for start(). */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill(signal);
    await gone;
  }

  /** A connection to one of its databases, closed with the server. */
  connect(db = 0): Redis {
    const client = new Redis(this.port, '127.0.0.1', { db, protocol: 2, maxRetriesPerRequest: 1 });
    client.on('error', () => {});
    this.#clients.push(client);
    return client;
  }

  /**
   * Ends it and forgets what it wrote. As a crash: in order it may refuse to ("Writing initial AOF, can't exit"), and the test would wait for
   * ever. A child of it that still writes a file may make the folder not empty once more.
   */
  async end(): Promise<void> {
    for (const client of this.#clients) client.disconnect();
    await this.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/**
 * Starts a store for one test file: `const store = await startTestRedis(); after(() => store.end());`
 * Nothing is written to disk unless `options` say so, e.g. `['--appendonly', 'yes']`.
 */
export async function startTestRedis(options: readonly string[] = []): Promise<TestRedis> {
  const redis = new TestRedis(await freePort(), options);
  await redis.start();
  return redis;
}
