import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@almanac/testkit';

export const services = ['gateway', 'ingest', 'query', 'jobs', 'renderer'] as const;
export type Service = (typeof services)[number];
type Process = Service | 'store';

const root = join(import.meta.dirname, '../..');

/** URL of a running system to test instead of starting one. It must be empty, and is left empty. */
export const outside = process.env.ALMANAC_URL?.replace(/\/$/, '') || undefined;

/** The skip reason of a test that needs its own processes: to end them, to bypass the gateway, or to configure them. */
export const needsOwn: string | false =
  outside === undefined ? false : `needs its own processes, but ALMANAC_URL is set to a running system`;

/** `test` for files in which every test needs its own processes. */
export const ownTest = ((name: string, ...rest: unknown[]) =>
  needsOwn === false ? (test as (...args: unknown[]) => unknown)(name, ...rest) : test(name, { skip: needsOwn })) as typeof test;

/** How the store is started, and the credentials of a service: the part of its address before the host. */
export interface StoreOptions {
  arguments?: readonly string[];
  login?: (service: Service) => string;
}

/** The whole product as on a user's machine: a real store and five processes, each with its own port, in a temporary folder. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), 'almanac-acceptance-'));
  readonly #env: Readonly<Record<string, string>>;
  readonly #checkouts: Partial<Record<Service, string>> = {};
  readonly #store: StoreOptions;
  readonly #ports = new Map<Process, number>();
  readonly #running = new Map<Process, ChildProcess>();

  constructor(env: Readonly<Record<string, string>> = {}, store: StoreOptions = {}) {
    this.#env = env;
    this.#store = store;
  }

  /** The public URL. */
  get url(): string {
    return outside ?? this.urlOf('gateway');
  }

  urlOf(service: Service): string {
    return `http://127.0.0.1:${this.#ports.get(service)}`;
  }

  get storePort(): number {
    return this.#ports.get('store') as number;
  }

  /** Starts everything and waits until all are ready. */
  async start(): Promise<this> {
    if (outside !== undefined) return await this.#findEmpty();
    for (const name of [...services, 'store'] as const) this.#ports.set(name, await freePort());
    for (const name of ['store', ...services] as const) this.launch(name);
    await this.ready();
    return this;
  }

  /** Requires an empty system: the tests must not mix with or delete the data of a user. */
  async #findEmpty(): Promise<this> {
    const sets = await dataSetsAt(this.url);
    if (sets.length > 0)
      throw new Error(`${this.url} holds data sets (${sets.join(', ')}): the tests delete what is there, and need an empty system`);
    return this;
  }

  launch(name: Process): void {
    const child = name === 'store' ? this.#spawnStore() : this.#spawnService(name);
    const log = createWriteStream(join(this.folder, `${name}.log`), { flags: 'a' });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log, { end: false });
    this.#running.set(name, child);
  }

  #spawnStore(): ChildProcess {
    const binary = process.env.ALMANAC_STORE_SERVER ?? 'redis-server';
    const options = [
      '--port',
      String(this.storePort),
      '--bind',
      '127.0.0.1',
      '--dir',
      this.folder,
      '--appendonly',
      'yes',
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
      ...(this.#store.arguments ?? []),
    ];
    return spawn(binary, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  #spawnService(service: Service): ChildProcess {
    const socket = (name: Service) => join(this.folder, `${name}.sock`);
    const checkout = this.#checkouts[service] ?? root;
    return spawn(process.execPath, ['src/main.ts'], {
      cwd: join(checkout, 'apps', service),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: String(this.#ports.get(service)),
        SOCKET: socket(service),
        REDIS_URL: `redis://${this.#store.login?.(service) ?? ''}127.0.0.1:${this.storePort}`,
        ALMANAC_INGEST_URL: `unix:${socket('ingest')}`,
        ALMANAC_QUERY_URL: `unix:${socket('query')}`,
        ALMANAC_JOBS_URL: `unix:${socket('jobs')}`,
        DRAIN_SECONDS: '0.2',
        NODE_COMPILE_CACHE: join(checkout, '.almanac/cache'),
        ...this.#env,
      },
    });
  }

  /** Runs a service from another checkout after its next start; undefined: from this one. */
  runFrom(service: Service, checkout: string | undefined): void {
    if (checkout === undefined) delete this.#checkouts[service];
    else this.#checkouts[service] = checkout;
  }

  /** Waits until /readyz of the named processes (default: all) returns 200. */
  async ready(names: readonly Service[] = services, withinMs = 90_000): Promise<void> {
    const until = Date.now() + withinMs;
    for (const name of names) {
      const log = `its log is ${join(this.folder, `${name}.log`)}`;
      for (;;) {
        // Checked first, because another process could respond on its port.
        if (!this.isRunning(name)) throw new Error(`${name} ended instead of starting; ${log}`);
        if (await this.#isReady(name)) break;
        if (Date.now() > until) throw new Error(`${name} was not ready within ${withinMs} ms; ${log}`);
        await sleep(50);
      }
    }
  }

  async #isReady(name: Service): Promise<boolean> {
    try {
      return (await fetch(`${this.urlOf(name)}/readyz`, { signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false;
    }
  }

  pidOf(name: Process): number {
    return this.#running.get(name)?.pid as number;
  }

  isRunning(name: Process): boolean {
    const child = this.#running.get(name);
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Sends a signal to one process and waits until it has ended. */
  async kill(name: Process, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#running.get(name);
    if (child === undefined || !this.isRunning(name)) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  async end(): Promise<void> {
    if (outside !== undefined)
      for (const id of await dataSetsAt(outside)) await fetch(`${outside}/v1/datasets/${id}`, { method: 'DELETE' });
    await Promise.all(services.map((name) => this.kill(name)));
    await this.kill('store');
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }
}

async function dataSetsAt(url: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/datasets?limit=1000`);
  if (!response.ok) throw new Error(`${url}/v1/datasets returned ${response.status}`);
  return ((await response.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
}
