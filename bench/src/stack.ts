import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const PORT = Number(process.env.BENCH_PORT ?? 5700);

/** The part of `./almanac up`'s state file that the benchmarks use. */
interface State {
  url: string;
  store: { url: string };
  services: { name: string; process?: { pid: number } }[];
}

/** The product exactly as `./almanac up` runs it, on ports and data of its own. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), 'almanac-bench-'));
  readonly url = `http://127.0.0.1:${PORT}`;
  readonly ingest = `http://127.0.0.1:${PORT + 1}`;
  readonly query = `http://127.0.0.1:${PORT + 2}`;
  readonly jobs = `http://127.0.0.1:${PORT + 3}`;

  /** Starts everything. Returns the seconds until every service was ready. Removes the folder if that fails. */
  up(options: readonly string[] = [], env: NodeJS.ProcessEnv = {}): number {
    try {
      const started = performance.now();
      almanac(['up', '--detach', '--no-samples', '--port', String(PORT), '--data-dir', this.folder, ...options], {
        // Services are measured without the gateway as well.
        API_ON_TCP: 'true',
        ...env,
      });
      const seconds = (performance.now() - started) / 1000;
      if (this.#state.url !== this.url)
        throw new Error(`another Almanac of this checkout runs at ${this.#state.url}: stop it by ./almanac down`);
      return seconds;
    } catch (error) {
      this.#removeFolder();
      throw error;
    }
  }

  down(): void {
    try {
      almanac(['down']);
    } finally {
      this.#removeFolder();
    }
  }

  #removeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #state(): State {
    return JSON.parse(readFileSync(join(root, '.almanac/run/state.json'), 'utf8')) as State;
  }

  get redisUrl(): string {
    return this.#state.store.url;
  }

  /** Every process that runs now, the store among them. */
  get processes(): { name: string; pid: number }[] {
    return this.#state.services.flatMap(({ name, process }) => (process === undefined ? [] : [{ name, pid: process.pid }]));
  }

  /** The process that serves under this name now, or undefined while it is down. */
  pid(service: string): number | undefined {
    return this.processes.find(({ name }) => name === service)?.pid;
  }

  running(service: string): number {
    const pid = this.pid(service);
    if (pid === undefined) throw new Error(`${service} does not run`);
    return pid;
  }
}

function almanac(args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(join(root, 'almanac'), args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
}

/** CPU seconds a process has used so far, user and system (Linux, /proc). */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory of a process in MB: now, at its peak, and now with what it shares divided among those who share it. */
export function memoryMb(pid: number): { now: number; peak: number; proportional: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (text: string, name: string) => Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024);
  return { now: of(status, 'VmRSS'), peak: of(status, 'VmHWM'), proportional: of(rollup, 'Pss') };
}

/** The processes a process started itself. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
