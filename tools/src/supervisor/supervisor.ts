import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../system/failure.ts';
import type { BackOff, ServiceSpec } from './service.ts';
import { Service } from './service.ts';
import type { ServiceState } from './state.ts';

export interface SupervisorEvents {
  /** a service wrote a line */
  line(name: string, line: string): void;
  /** a service started or ended */
  change(): void;
}

/** How long a service may take to stop before it is killed, in milliseconds. */
const GRACE_MS = 15_000;
/** A service that ends this often before it is ready is considered broken. */
const HOPELESS_STARTS = 3;

/** Keeps a list of services alive. Starts them together and stops them in the order of `stages`. */
export class Supervisor {
  readonly services: readonly Service[];
  #stages: readonly (readonly string[])[];
  #lastLines = new Map<string, string[]>();
  #isHurried = false;

  /** `stages`: names of services. The services of a stage stop together, one stage after another. */
  constructor(specs: readonly ServiceSpec[], stages: readonly (readonly string[])[], events: SupervisorEvents, backOff?: BackOff) {
    this.#stages = stages;
    this.services = specs.map(
      (spec) =>
        new Service(
          spec,
          {
            line: (service, line) => {
              this.#remember(service.spec.name, line);
              events.line(service.spec.name, line);
            },
            change: () => events.change(),
          },
          backOff,
        ),
    );
  }

  get states(): ServiceState[] {
    const order = this.#stages.flat();
    return this.services.map(({ state }) => state).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  }

  get pids(): number[] {
    return this.services.flatMap(({ state }) => (state.process === undefined ? [] : [state.process.pid]));
  }

  start(): void {
    for (const service of this.services) service.start();
  }

  service(name: string): Service | undefined {
    return this.services.find(({ spec }) => spec.name === name);
  }

  /** Resolves when all are ready at the same time. Throws a ServiceFailure if one keeps failing or the time is over. */
  async ready(onProgress: (waiting: readonly string[]) => void, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const states = await Promise.all(this.services.map(async (service) => ({ service, ready: await service.isReady() })));
      const waiting = states.filter(({ ready }) => !ready).map(({ service }) => service);
      if (waiting.length === 0) return;
      onProgress(waiting.map(({ spec }) => spec.name));
      const hopeless =
        waiting.find(({ failedStarts }) => failedStarts >= HOPELESS_STARTS) ?? (Date.now() > deadline ? waiting[0] : undefined);
      if (hopeless !== undefined) throw this.#didNotStart(hopeless, timeoutMs);
      await sleep(40);
    }
  }

  /** Stops all services, stage by stage. */
  async stop(onStage: (names: readonly string[]) => void = () => {}): Promise<void> {
    for (const stage of this.#stages) {
      const members = this.services.filter(({ spec }) => stage.includes(spec.name));
      if (members.some(({ isUp }) => isUp)) onStage(members.map(({ spec }) => spec.name));
      await Promise.all(members.map((service) => service.stop(this.#isHurried && stage !== this.#stages.at(-1) ? 0 : GRACE_MS)));
    }
  }

  /** Kills what still runs, except the store, which must write its data to disk. */
  hurry(): void {
    this.#isHurried = true;
    const last = this.#stages.at(-1) ?? [];
    for (const service of this.services) if (!last.includes(service.spec.name)) service.kill();
  }

  lastLines(name: string): readonly string[] {
    return this.#lastLines.get(name) ?? [];
  }

  #remember(name: string, line: string): void {
    const lines = this.#lastLines.get(name) ?? [];
    lines.push(line);
    if (lines.length > 100) lines.shift();
    this.#lastLines.set(name, lines);
  }

  #didNotStart({ spec, failedStarts }: Service, timeoutMs: number): Failure {
    const how =
      failedStarts >= HOPELESS_STARTS ? `ended ${failedStarts} times while starting` : `was not ready after ${timeoutMs / 1000} s`;
    return new ServiceFailure(spec.name, how, lastRun(this.lastLines(spec.name)));
  }
}

/** Returns the lines of the last run of a service: a line of the supervisor ends each run before. */
function lastRun(lines: readonly string[]): readonly string[] {
  const own = lines.filter((line, i) => i < lines.length - 1 || !isOwn(line));
  return own.slice(own.findLastIndex(isOwn) + 1);
}

const isOwn = (line: string): boolean => line.includes('"msg":"process ended; restarting"');

/** A service that does not start, with its last lines. */
export class ServiceFailure extends Failure {
  readonly service: string;
  readonly lines: readonly string[];

  constructor(service: string, how: string, lines: readonly string[]) {
    super(`${service} ${how}`);
    this.service = service;
    this.lines = lines;
  }
}
