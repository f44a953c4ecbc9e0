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
import { demandFree, freePorts } from '../system/ports.ts';
import { identify } from '../system/processes.ts';
import { announceCourse, courseVariables } from './course.ts';
import { claimDataFolder } from './data-folder.ts';
import { type LoadedSample, loadSamples } from './load-samples.ts';
import { apps, missingApps, type Plan, planServices, rendererNames, stopStages } from './plan.ts';
import { announce, describeRunning } from './report.ts';
import type { UpSettings } from './up-options.ts';
import { restartOnChange } from './watch.ts';

/** How long everything together may take to become ready. A large store reads its log first. */
const READY_MS = 120_000;

/** What `up` needs of the world around it. */
export interface Surroundings {
  out: Output;
  /** log lines once all is ready; absent: only the files get them */
  log?: (text: string) => void;
  /** resolves at the first request to stop; `again` is called at each later one */
  stopped(again: () => void): Promise<void>;
  /** called once all is ready, with the exit code of the start */
  onReady?: () => void;
}

/** Starts the whole system, stays with it until it is asked to stop, and ends it in order. Returns the exit code. */
export async function up(settings: UpSettings, around: Surroundings): Promise<number> {
  const { out } = around;
  const already = running();
  if (already !== undefined) {
    for (const line of describeRunning(already)) out.line(line);
    return 0;
  }
  const left = await cleanLeftovers();
  if (left.length > 0) out.line(`Ended what an earlier start left behind: ${left.join(', ')}`);
  const missing = missingApps();
  if (missing.length > 0) throw new Failure(`this checkout has no apps/${missing.join(', apps/')}`);
  const plan = await makePlan(settings, out);
  const release = plan.server === undefined ? () => {} : claimDataFolder(settings.dataDir);
  try {
    return await new Run(settings, plan, around).toTheEnd();
  } finally {
    release();
  }
}

async function makePlan({ port, renderers, redisUrl, dataDir, storeBytes, course: choice }: UpSettings, out: Output): Promise<Plan> {
  const course = await courseVariables(choice);
  const fixed = apps.map((_, i) => port + i);
  await demandFree(fixed, `./almanac up --port ${port >= 60_000 ? 5600 : port + 600}`);
  const ports = [...fixed, ...(await freePorts(port + apps.length, renderers - 1))];
  const sockets = socketFolder();
  if (redisUrl === undefined)
    return { ports, sockets, dataDir, storeBytes, course, storeUrl: `unix:${sockets}/store.sock`, server: await findStoreServer(out) };
  const address = parseAddress(redisUrl);
  if (address === undefined)
    throw usageError(`--redis-url ${hidePassword(redisUrl)}: write redis://host:6379, rediss://host:6379 or unix:/path/to/socket`);
  const answer = await ping(address, 3_000);
  if (answer !== 'PONG' && !answer.startsWith('LOADING'))
    throw new Failure(`The store at ${hidePassword(redisUrl)} does not answer: ${answer}`);
  return { ports, sockets, dataDir, storeBytes, course, storeUrl: redisUrl };
}

/** One run of the system, from the first process to the last. */
class Run {
  #settings: UpSettings;
  #around: Surroundings;
  #files = new LogFiles(places.logs());
  #supervisor: Supervisor;
  #state: State;
  #hasAnnounced = false;
  #abort = new AbortController();
  #unwatch = () => {};

  constructor(settings: UpSettings, plan: Plan, around: Surroundings) {
    this.#settings = settings;
    this.#around = around;
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
        server: plan.server?.about ?? 'not started here',
        ...(plan.server === undefined
          ? {}
          : { own: { program: plan.server.path, dataDir: plan.dataDir, args: process.argv.slice(2), cwd: process.cwd() } }),
      },
      services: [],
    };
  }

  async toTheEnd(): Promise<number> {
    const stopped = this.#around.stopped(() => this.#hurry());
    const wanted = stopped.then(() => this.#abort.abort());
    try {
      await this.#start();
      await wanted;
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
    const { out, onReady } = this.#around;
    const { url } = this.#state;
    // Sockets of a run that was killed would be taken for a store that listens.
    for (const { spec } of this.#supervisor.services) if (spec.socket !== undefined) rmSync(spec.socket, { force: true });
    this.#supervisor.start();
    this.#save();
    await this.#supervisor.ready((waiting) => out.progress(`starting ... waiting for ${waiting.join(', ')}`), READY_MS, this.#abort.signal);
    const client = new Client(url);
    await client.json('GET', '/v1/datasets');
    const firstAnswer = secondsSince(0);
    out.progress(`answering at ${url} after ${firstAnswer}`);
    const loaded = this.#settings.hasSamples ? await this.#samples(client) : [];
    this.#state.phase = 'ready';
    this.#save();
    const times = loaded.some(({ plot }) => plot !== undefined) ? { firstAnswer, firstPlot: secondsSince(0) } : { firstAnswer };
    const course = await announceCourse(this.#settings.course, url, client);
    // Before it is said: what is changed from then on counts.
    if (this.#settings.isWatching) this.#unwatch = this.#watch();
    for (const line of announce(this.#state, loaded, times, this.#settings, course)) out.line(line);
    this.#hasAnnounced = true;
    onReady?.();
  }

  /** Samples are a courtesy: when they fail, the services run all the same. */
  async #samples(client: Client): Promise<LoadedSample[]> {
    try {
      this.#around.out.progress('loading the sample data sets and drawing a plot of each');
      return await loadSamples(client, this.#settings.dataDir);
    } catch (error) {
      this.#around.out.line(`The sample data sets could not be loaded: ${(error as Error).message}`);
      return [];
    }
  }

  #watch(): () => void {
    return restartOnChange(this.#supervisor.services, (service, file) =>
      this.#log(service, JSON.stringify({ time: new Date().toISOString(), level: 'info', msg: `restarts: ${file} changed` })),
    );
  }

  async #stop(): Promise<void> {
    this.#state.phase = 'stopping';
    this.#save();
    await this.#supervisor.stop((names) => this.#around.out.progress(`stopping ${names.join(', ')}`));
    this.#files.close();
    forget(this.#state);
    this.#around.out.line('Stopped. Nothing is left running.');
  }

  #hurry(): void {
    this.#around.out.line('Hurrying: ending what still runs by force');
    this.#supervisor.hurry();
  }

  #save(): void {
    this.#state.services = this.#supervisor.states;
    writeState(this.#state);
  }

  #log(name: string, line: string): void {
    const { log } = this.#around;
    this.#files.write(name, line);
    if (log === undefined) return;
    if (this.#settings.isJson) log(line.startsWith('{') ? line : JSON.stringify({ level: 'info', service: name, msg: line }));
    // While things start they only wait for each other; a failure is explained at its end. The store talks about itself all the time.
    else if (this.#hasAnnounced && (name !== 'store' || levelOf(line) === 'warn')) log(renderLine(name, line, this.#nameWidth));
  }

  get #nameWidth(): number {
    return Math.max(...['store', ...apps, ...rendererNames(this.#settings.renderers)].map((name) => name.length));
  }

  #explain(error: unknown): void {
    const { out } = this.#around;
    if (!(error instanceof Failure)) throw error;
    out.line(error.message);
    if (!(error instanceof ServiceFailure)) return;
    for (const line of error.lines.slice(0, 25)) out.line(renderLine(error.service, line, this.#nameWidth));
    out.line(`All of its log: ${shownPath(places.logs())}/${error.service}.log`);
  }
}
