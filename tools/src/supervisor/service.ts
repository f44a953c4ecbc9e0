import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { identify } from '../system/processes.ts';
import type { ServiceState } from './state.ts';

/** One process to run, and its addresses. */
export interface ServiceSpec {
  name: string;
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  port?: number;
  socket?: string;
  /** folders whose changes restart it in `dev` */
  watch?: readonly string[];
  /** whether it can serve; polled during the start */
  isReady(): Promise<boolean>;
}

/** Delays between restarts, in milliseconds. */
export interface BackOff {
  first: number;
  most: number;
  /** a process that ran this long restarts after `first` */
  steady: number;
}
export const usualBackOff: BackOff = { first: 100, most: 5_000, steady: 30_000 };

export interface ServiceEvents {
  line(service: Service, line: string): void;
  /** it started, ended, or will be restarted */
  change(service: Service): void;
}

/** Keeps one process alive: restarts it after it ends, with growing delays, until it is stopped. */
export class Service {
  readonly spec: ServiceSpec;
  readonly state: ServiceState;
  /** how many times it ended before it was ready */
  failedStarts = 0;
  #events: ServiceEvents;
  #backOff: BackOff;
  #delay: number;
  #child: ChildProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #shouldRun = false;
  #startedAt = 0;
  #wasReady = false;

  constructor(spec: ServiceSpec, events: ServiceEvents, backOff = usualBackOff) {
    this.spec = spec;
    this.#events = events;
    this.#backOff = backOff;
    this.#delay = backOff.first;
    this.state = {
      name: spec.name,
      since: new Date().toISOString(),
      restarts: 0,
      ...(spec.port === undefined ? {} : { port: spec.port }),
      ...(spec.socket === undefined ? {} : { socket: spec.socket }),
    };
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** Whether it reports that it is ready; an error counts as no. */
  async isReady(): Promise<boolean> {
    const ready = this.isUp && (await this.spec.isReady().catch(() => false));
    if (ready) this.#wasReady = true;
    return ready;
  }

  start(): void {
    this.#shouldRun = true;
    this.#spawn();
  }

  /** Stops it with SIGTERM, and kills it after `graceMs`. Resolves when the process and its children have ended. */
  async stop(graceMs: number): Promise<void> {
    this.#shouldRun = false;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    const impatience = setTimeout(() => this.kill(), graceMs);
    await gone;
    clearTimeout(impatience);
  }

  /** Kills it without a restart. */
  kill(): void {
    this.#shouldRun = false;
    clearTimeout(this.#timer);
    const pid = this.#child?.pid;
    if (pid !== undefined) killGroup(pid);
  }

  /** Stops it and starts it again at once, after a file has changed. */
  async restart(graceMs: number): Promise<void> {
    await this.stop(graceMs);
    this.#delay = this.#backOff.first;
    this.state.restarts++;
    this.start();
  }

  #spawn(): void {
    const { command, args, cwd, env } = this.spec;
    // Its own process group: Ctrl-C at the terminal reaches only the supervisor, which stops the services in order.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#startedAt = Date.now();
    this.#wasReady = false;
    this.state.since = new Date().toISOString();
    if (child.pid !== undefined) this.state.process = identify(child.pid);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => this.#events.line(this, line));
    child.once('error', (error) => this.#ended(child, error.message));
    child.once('exit', (code, signal) => this.#ended(child, signal === null ? `exit code ${code}` : signal));
    this.#events.change(this);
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    delete this.state.process;
    if (child.pid !== undefined) killGroup(child.pid);
    if (this.#shouldRun) this.#startLater(how);
    this.#events.change(this);
  }

  #startLater(how: string): void {
    if (!this.#wasReady) this.failedStarts++;
    if (Date.now() - this.#startedAt >= this.#backOff.steady) this.#delay = this.#backOff.first;
    const delay = this.#delay;
    this.#delay = Math.min(this.#backOff.most, delay * 2);
    this.state.restarts++;
    this.#events.line(
      this,
      JSON.stringify({ time: new Date().toISOString(), level: 'warn', msg: 'process ended; restarting', reason: how, afterMs: delay }),
    );
    this.#timer = setTimeout(() => this.#spawn(), delay);
  }
}

/** Kills the rest of a process group: a drawing child must not outlive its renderer. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nothing is left
  }
}
