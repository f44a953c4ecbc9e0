import { isAbsolute, resolve } from 'node:path';
import { defaultStoreBytes, storeBytes } from '../store/store-memory.ts';
import { usageError } from '../system/failure.ts';
import type { Options, ParsedArgs } from '../system/options.ts';
import { places } from '../system/places.ts';

export const upOptions = {
  detach: { short: 'd', help: 'runs in the background and returns when everything is ready; stop it with ./almanac down' },
  port: { value: 'N', short: 'p', help: 'port of the gateway (5000); the other services use the next four ports' },
  'no-samples': { help: 'does not load the sample data sets' },
  profile: {
    value: 'NAME',
    help: 'course application to start as: iss, meteorites, genes, turbidity, degrees or mars; without samples',
  },
  source: { value: 'FILE', help: 'file or URL that --profile loads its data from, instead of its own source' },
  edition: { value: 'EDITION', help: 'course edition whose response formats are used: seed (the default) or 2024' },
  renderers: { value: 'N', help: 'number of renderers that draw in parallel (1)' },
  'redis-url': { value: 'URL', help: 'store to use instead of starting one (redis://, rediss:// or unix:); also REDIS_URL' },
  'store-memory': {
    value: 'SIZE',
    help: 'memory limit of the store, e.g. 2gb (half of the memory of the machine); writes beyond it are refused; also ALMANAC_STORE_MEMORY',
  },
  'data-dir': { value: 'FOLDER', help: 'folder for the data of the store (.almanac/data)' },
  json: { help: 'writes the log as JSON, one object per line; everything else goes to standard error' },
} satisfies Options;

export interface UpSettings {
  port: number;
  hasSamples: boolean;
  course: CourseChoice;
  renderers: number;
  redisUrl: string | undefined;
  dataDir: string;
  /** the maxmemory of a store that `up` starts */
  storeBytes: number;
  isJson: boolean;
  isDetached: boolean;
  /** restarts services whose files change */
  isWatching: boolean;
}

/** Which course application the services start as. */
export interface CourseChoice {
  profile: string | undefined;
  /** an absolute path, or a URL */
  source: string | undefined;
  edition: string | undefined;
}

export function upSettings(args: ParsedArgs, env: NodeJS.ProcessEnv = process.env): UpSettings {
  const folder = args.text('data-dir') ?? places.data();
  return {
    port: args.integer('port', 1, 65531) ?? 5000,
    hasSamples: !args.has('no-samples') && args.text('profile') === undefined,
    course: courseChoice(args),
    renderers: args.integer('renderers', 1, 64) ?? 1,
    redisUrl: args.text('redis-url') ?? (env.REDIS_URL || undefined),
    dataDir: isAbsolute(folder) ? folder : resolve(folder),
    storeBytes: storeBytesIn(args, env),
    isJson: args.has('json'),
    isDetached: args.has('detach'),
    isWatching: false,
  };
}

function storeBytesIn(args: ParsedArgs, env: NodeJS.ProcessEnv): number {
  const [option, variable] = [args.text('store-memory'), env.ALMANAC_STORE_MEMORY || undefined];
  if (option !== undefined) return storeBytes(option, '--store-memory');
  return variable === undefined ? defaultStoreBytes() : storeBytes(variable, 'ALMANAC_STORE_MEMORY');
}

function courseChoice(args: ParsedArgs): CourseChoice {
  const [profile, source, edition] = [args.text('profile'), args.text('source'), args.text('edition')];
  if (source !== undefined && profile === undefined) throw usageError('--source needs --profile: it is the source of a profile');
  if (edition !== undefined && !['seed', '2024'].includes(edition)) throw usageError(`--edition ${edition}: must be 'seed' or '2024'`);
  const isAddress = source !== undefined && /^(https?|file):/.test(source);
  return { profile, source: source === undefined || isAddress ? source : resolve(source), edition };
}
