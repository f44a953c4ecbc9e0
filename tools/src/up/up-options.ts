import { isAbsolute, resolve } from 'node:path';
import { defaultStoreBytes, storeBytes } from '../store/store-memory.ts';
import { usageError } from '../system/failure.ts';
import type { Options, ParsedArgs } from '../system/options.ts';
import { places } from '../system/places.ts';

export const upOptions = {
  detach: { short: 'd', help: 'returns when all is ready; ./almanac down ends it' },
  port: { value: 'N', short: 'p', help: 'port of the gateway (5000); the other services take the four after it' },
  'no-samples': { help: 'loads no sample data sets' },
  profile: {
    value: 'NAME',
    help: 'starts as one application of the course: iss, meteorites, genes, turbidity, degrees or mars; without samples',
  },
  source: { value: 'FILE', help: 'where --profile loads its data from, a file or an address, in place of its own' },
  edition: { value: 'YEAR', help: 'shapes of the course edition: seed (the default) or 2024' },
  renderers: { value: 'N', help: 'how many renderers draw side by side (1)' },
  'redis-url': { value: 'URL', help: 'uses this store (redis://, rediss:// or unix:) instead of starting one; also REDIS_URL' },
  'store-memory': {
    value: 'SIZE',
    help: 'memory the store may use, e.g. 2gb (half of the machine’s); a write beyond it is refused; also ALMANAC_STORE_MEMORY',
  },
  'data-dir': { value: 'FOLDER', help: 'where the store keeps its data (.almanac/data)' },
  json: { help: 'the log stream as the services write it, one JSON object a line; everything else goes to standard error' },
} satisfies Options;

export interface UpSettings {
  port: number;
  hasSamples: boolean;
  course: CourseChoice;
  renderers: number;
  redisUrl: string | undefined;
  dataDir: string;
  /** the maxmemory of a store that is started here */
  storeBytes: number;
  isJson: boolean;
  isDetached: boolean;
  /** restart services whose files change */
  isWatching: boolean;
}

/** What of the course the services are told. */
export interface CourseChoice {
  profile: string | undefined;
  /** a path from the root, or an address */
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
  if (source !== undefined && profile === undefined) throw usageError('--source says where a profile loads from: name it by --profile');
  if (edition !== undefined && !['seed', '2024'].includes(edition)) throw usageError(`--edition ${edition}: there are seed and 2024`);
  const isAddress = source !== undefined && /^(https?|file):/.test(source);
  return { profile, source: source === undefined || isAddress ? source : resolve(source), edition };
}
