import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress, ping } from '../store/ping.ts';
import { defaultStoreBytes } from '../store/store-memory.ts';
import type { StoreServer } from '../store/store-server.ts';
import type { ServiceSpec } from '../supervisor/service.ts';
import { places, root } from '../system/places.ts';
import { isOk } from './is-ok.ts';
import { watchedFolders } from './watched-folders.ts';

/** The services in the order of their ports: gateway at --port, the others after it. */
export const apps = ['gateway', 'ingest', 'query', 'jobs', 'renderer'] as const;
export type AppName = (typeof apps)[number];

/**
 * The order of the stop: the gateway first, so that no new requests arrive; then the services that write and draw; then query, which they
 * read from; the store last.
 */
export const stopStages = (renderers: number): string[][] => [
  ['gateway'],
  ['ingest', 'jobs', ...rendererNames(renderers)],
  ['query'],
  ['store'],
];

export const rendererNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => (i === 0 ? 'renderer' : `renderer-${i + 1}`));

export interface Plan {
  /** the gateway's port and those of the four services after it, then those of further renderers */
  ports: readonly number[];
  sockets: string;
  /** the store's address for the services */
  storeUrl: string;
  dataDir: string;
  /** the maxmemory of a store that `up` starts */
  storeBytes: number;
  /** environment variables that select the course application */
  course: Readonly<Record<string, string>>;
  /** absent: the store runs elsewhere */
  server?: StoreServer;
}

/** Results may use a third of a store that `up` starts; then the oldest are deleted. At most the default of the jobs service. */
const resultsQuotaMb = (storeBytes: number): string => String(Math.min(1024, Math.floor(storeBytes / 3e6)));

/** The main file of an app. */
export const mainFile = (app: AppName): string => join(root, 'apps', app, 'src/main.ts');
export const missingApps = (): AppName[] => apps.filter((app) => !existsSync(mainFile(app)));

/**
 * glibc returns freed blocks of at least this size to the system. By default it raises the threshold up to 32 MB as large blocks are freed,
 * and keeps smaller ones: query held 220 MB with empty caches, and holds 130 MB with this setting. The images set it too.
 */
const MMAP_THRESHOLD = '65536';

/** Returns every process of one `up`: the store (unless it runs elsewhere), the five services, more renderers. */
export function planServices({ ports, sockets, storeUrl, dataDir, storeBytes, course, server }: Plan): ServiceSpec[] {
  const socketOf = (name: string) => join(sockets, `${name}.sock`);
  const shared: NodeJS.ProcessEnv = {
    ...withoutAddresses(process.env),
    ...course,
    HOST: '127.0.0.1',
    REDIS_URL: storeUrl,
    ...(server === undefined ? {} : { RESULTS_QUOTA_MB: process.env.RESULTS_QUOTA_MB ?? resultsQuotaMb(storeBytes) }),
    ALMANAC_INGEST_URL: `unix:${socketOf('ingest')}`,
    ALMANAC_QUERY_URL: `unix:${socketOf('query')}`,
    ALMANAC_JOBS_URL: `unix:${socketOf('jobs')}`,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? places.cache(),
    MALLOC_MMAP_THRESHOLD_: process.env.MALLOC_MMAP_THRESHOLD_ ?? MMAP_THRESHOLD,
  };
  const names = [...apps.slice(0, -1), ...rendererNames(ports.length - apps.length + 1)];
  const services = names.map((name, i): ServiceSpec => {
    const app = (name.startsWith('renderer') ? 'renderer' : name) as AppName;
    const port = ports[i] as number;
    const socket = socketOf(name);
    return {
      name,
      command: process.execPath,
      args: startArguments(app),
      cwd: join(root, 'apps', app),
      // Only the gateway needs time to drain; the other services stop after all services that call them have stopped.
      env: { ...shared, PORT: String(port), SOCKET: socket, DRAIN_SECONDS: process.env.DRAIN_SECONDS ?? (app === 'gateway' ? '0.2' : '0') },
      port,
      socket,
      watch: watchedFolders(app),
      isReady: () => isOk(`http://127.0.0.1:${port}/readyz`),
    };
  });
  return server === undefined ? services : [storeSpec(server, socketOf('store'), dataDir, storeBytes), ...services];
}

/** Returns the arguments for node from the start script of the service's package.json: `node [flags] src/main.ts`. */
export function startArguments(app: AppName): string[] {
  const file = join(root, 'apps', app, 'package.json');
  if (!existsSync(file)) return ['src/main.ts'];
  const { scripts } = JSON.parse(readFileSync(file, 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').slice(1);
}

/** Removes the addresses of another instance from the environment. Certificates stay: they are for --redis-url. */
function withoutAddresses(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(REDIS_(?!TLS_).*|PORT|SOCKET|HOST|ALMANAC_(INGEST|QUERY|JOBS)_URL)$/.test(name)),
  );
}

/**
 * The store listens only on a Unix socket: it needs no port, and other users of the machine cannot reach it. Its log is synced every second:
 * a crash of the machine loses at most one second, a crash of the process loses nothing. Above `maxBytes` it refuses writes and evicts nothing.
 */
export function storeSpec(server: StoreServer, socket: string, dataDir: string, maxBytes = defaultStoreBytes()): ServiceSpec {
  mkdirSync(dataDir, { recursive: true });
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: dataDir,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    maxmemory: String(maxBytes),
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
  };
  const address = parseAddress(`unix:${socket}`);
  return {
    name: 'store',
    command: server.path,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    cwd: dataDir,
    env: process.env,
    socket,
    isReady: async () => address !== undefined && (await ping(address)) === 'PONG',
  };
}
