import { rmSync } from 'node:fs';
import { Client } from '../client/client.ts';
import { findStoreServer } from '../store/find-store.ts';
import { hidePassword } from '../store/hide-password.ts';
import { parseAddress, ping } from '../store/ping.ts';
import { LogFiles } from '../supervisor/log-files.ts';
import { levelOf, renderLine } from '../supervisor/log-lines.ts';
import { cleanLeftovers, forget, running, type State, writeState } from '../supervisor/state.ts';
import { ServiceFailure, Supervisor } from '../supervisor/supervisor.ts';
import { Failure, usageError } from '../system/failure.ts';
import { type Output, secondsSince } from '../system/output.ts';
import { places, shownPath, socketFolder } from '../system/places.ts';
import { freePorts, requireFreePorts } from '../system/ports.ts';
import { identify } from '../system/processes.ts';
import { announceCourse, courseVariables } from './course.ts';
import { claimDataFolder } from './data-folder.ts';
import { type LoadedSample, loadSamples } from './load-samples.ts';
import { apps, missingApps, type Plan, planServices, rendererNames, stopStages } from './plan.ts';
import { announce, describeRunning } from './report.ts';
import type { UpSettings } from './up-options.ts';
import { restartOnChange } from './watch.ts';

/** The time limit for the start. A large store reads its log first. */
const READY_MS = 120_000;

/** The environment of an `up`. */
export interface UpContext {
  out: Output;
  /** prints log lines after the start; absent: they are only written to files */
  log?: (text: string) => void;
  /** resolves at the first request to stop; each later request calls `again` */
  stopped(again: () => void): Promise<void>;
  /** called when everything is ready */
  onReady?: () => void;
}

/** Starts everything, waits for a request to stop, and stops everything in order. Returns the exit code. */
export async function up(settings: UpSettings, context: UpContext): Promise<number> {
  const { out } = context;
  const already = running();
  if (already !== undefined) {
    for (const line of describeRunning(already)) out.line(line);
    return 0;
  }
  const left = await cleanLeftovers();
  if (left.length > 0) out.line(`Stopped processes that a killed supervisor left behind: ${left.join(', ')}`);
  const missing = missingApps();
  if (missing.length > 0) throw new Failure(`This checkout has no apps/${missing.join(', apps/')}`);
  const plan = await makePlan(settings, out);
  const release = plan.server === undefined ? () => {} : claimDataFolder(settings.dataDir);
  try {
    return await new Run(settings, plan, context).toTheEnd();
  } finally {
    release();
  }
}

async function makePlan({ port, renderers, redisUrl, dataDir, storeBytes, course: choice }: UpSettings, out: Output): Promise<Plan> {
  const course = await courseVariables(choice);
  const fixed = apps.map((_, i) => port + i);
  await requireFreePorts(fixed, `./almanac up --port ${port >= 60_000 ? 5600 : port + 600}`);
  const ports = [...fixed, ...(await freePorts(port + apps.length, renderers - 1))];
  const sockets = socketFolder();
  if (redisUrl === undefined)
    return { ports, sockets, dataDir, storeBytes, course, storeUrl: `unix:${sockets}/store.sock`, server: await findStoreServer(out) };
  const address = parseAddress(redisUrl);
  if (address === undefined)
    throw usageError(`--redis-url ${hidePassword(redisUrl)}: must be redis://host:6379, rediss://host:6379 or unix:/path/to/socket`);
  const response = await ping(address, 3_000);
  if (response !== 'PONG' && !response.startsWith('LOADING'))
    throw new Failure(`The store at ${hidePassword(redisUrl)} is unreachable: ${response}`);
  return { ports, sockets, dataDir, storeBytes, course, storeUrl: redisUrl };
}

/** One run of the system, from the first process to the last. */
class Run {
  #settings: UpSettings;
  #context: UpContext;
  #files = new LogFiles(places.logs());
  #supervisor: Supervisor;
  #state: State;
  #hasAnnounced = false;
  #abort = new AbortController();
  #unwatch = () => {};

  constructor(settings: UpSettings, plan: Plan, context: UpContext) {
    this.#settings = settings;
    this.#context = context;
    this.#supervisor = new Supervisor(planServices(plan), stopStages(settings.renderers), {
      line: (name, line) => this.#log(name, line),
      change: () => this.#save(),
    });
    this.#state = {
      schema: 1,
      phase: 'starting',
      supervisor: identify(process.pid),
      since: new Date().toISOString(),
      url: `http://127.0.0.1:${plan.ports[0]}`,
      store: {
        url: hidePassword(plan.storeUrl),
        server: plan.server?.version ?? 'external',
        ...(plan.server === undefined
          ? {}
          : { own: { program: plan.server.path, dataDir: plan.dataDir, args: process.argv.slice(2), cwd: process.cwd() } }),
      },
      services: [],
    };
  }

  async toTheEnd(): Promise<number> {
    const stopped = this.#context.stopped(() => this.#hurry());
    const aborted = stopped.then(() => this.#abort.abort());
    try {
      await this.#start();
      await aborted;
      return 0;
    } catch (error) {
      if (this.#abort.signal.aborted) return 130;
      this.#explain(error);
      return 1;
    } finally {
      this.#unwatch();
      await this.#stop();
    }
  }

  async #start(): Promise<void> {
    const { out, onReady } = this.#context;
    const { url } = this.#state;
    // A socket that a killed run left behind would look like a listening store.
    for (const { spec } of this.#supervisor.services) if (spec.socket !== undefined) rmSync(spec.socket, { force: true });
    this.#supervisor.start();
    this.#save();
    await this.#supervisor.ready((waiting) => out.progress(`starting, waiting for ${waiting.join(', ')}`), READY_MS, this.#abort.signal);
    const client = new Client(url);
    await client.json('GET', '/v1/datasets');
    const firstResponse = secondsSince(0);
    out.progress(`ready at ${url} after ${firstResponse}`);
    const loaded = this.#settings.hasSamples ? await this.#samples(client) : [];
    this.#state.phase = 'ready';
    this.#save();
    const times = loaded.some(({ plot }) => plot !== undefined) ? { firstResponse, firstPlot: secondsSince(0) } : { firstResponse };
    const course = await announceCourse(this.#settings.course, url, client);
    // Before the announcement: a file that changes after it must cause a restart.
    if (this.#settings.isWatching) this.#unwatch = this.#watch();
    for (const line of announce(this.#state, loaded, times, this.#settings, course)) out.line(line);
    this.#hasAnnounced = true;
    onReady?.();
  }

  /** If the samples fail to load, the services run without them. */
  async #samples(client: Client): Promise<LoadedSample[]> {
    try {
      this.#context.out.progress('loading the sample data sets and drawing a plot of each');
      return await loadSamples(client, this.#settings.dataDir);
    } catch (error) {
      this.#context.out.line(`The sample data sets could not be loaded: ${(error as Error).message}`);
      return [];
    }
  }

  #watch(): () => void {
    return restartOnChange(this.#supervisor.services, (service, file) =>
      this.#log(service, JSON.stringify({ time: new Date().toISOString(), level: 'info', msg: 'file changed; restarting', file })),
    );
  }

  async #stop(): Promise<void> {
    this.#state.phase = 'stopping';
    this.#save();
    await this.#supervisor.stop((names) => this.#context.out.progress(`stopping ${names.join(', ')}`));
    this.#files.close();
    forget(this.#state);
    this.#context.out.line('Stopped.');
  }

  #hurry(): void {
    this.#context.out.line('Second signal: killing what still runs');
    this.#supervisor.hurry();
  }

  #save(): void {
    this.#state.services = this.#supervisor.states;
    writeState(this.#state);
  }

  #log(name: string, line: string): void {
    const { log } = this.#context;
    this.#files.write(name, line);
    if (log === undefined) return;
    if (this.#settings.isJson) log(line.startsWith('{') ? line : JSON.stringify({ level: 'info', service: name, msg: line }));
    // During the start, services only report that they wait for each other; #explain shows the log of a failure. Of the store, only warnings.
    else if (this.#hasAnnounced && (name !== 'store' || levelOf(line) === 'warn')) log(renderLine(name, line, this.#nameWidth));
  }

  get #nameWidth(): number {
    return Math.max(...['store', ...apps, ...rendererNames(this.#settings.renderers)].map((name) => name.length));
  }

  #explain(error: unknown): void {
    const { out } = this.#context;
    if (!(error instanceof Failure)) throw error;
    out.line(error.message);
    if (!(error instanceof ServiceFailure)) return;
    for (const line of error.lines.slice(0, 25)) out.line(renderLine(error.service, line, this.#nameWidth));
    out.line(`Full log: ${shownPath(places.logs())}/${error.service}.log`);
  }
}
