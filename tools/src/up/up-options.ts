import { isAbsolute, resolve } from 'node:path';
import type { Given, Options } from '../system/options.ts';
import { places } from '../system/places.ts';

export const upOptions = {
  detach: { short: 'd', about: 'returns when all is ready; ./almanac down ends it' },
  port: { value: 'N', short: 'p', about: 'port of the gateway (5000); the other services take the four after it' },
  'no-samples': { about: 'loads no sample data sets' },
  renderers: { value: 'N', about: 'how many renderers draw side by side (1)' },
  'redis-url': { value: 'URL', about: 'uses this store (redis://, rediss:// or unix:) instead of starting one; also REDIS_URL' },
  'data-dir': { value: 'FOLDER', about: 'where the store keeps its data (.almanac/data)' },
  json: { about: 'the log stream as the services write it, one JSON object a line; everything else goes to standard error' },
} satisfies Options;

export interface UpSettings {
  port: number;
  hasSamples: boolean;
  renderers: number;
  redisUrl: string | undefined;
  dataDir: string;
  isJson: boolean;
  isDetached: boolean;
  /** restart services whose files change */
  isWatching: boolean;
}

export function upSettings(given: Given, env: NodeJS.ProcessEnv = process.env): UpSettings {
  const folder = given.text('data-dir') ?? places.data();
  return {
    port: given.integer('port', 1, 65531) ?? 5000,
    hasSamples: !given.has('no-samples'),
    renderers: given.integer('renderers', 1, 64) ?? 1,
    redisUrl: given.text('redis-url') ?? (env.REDIS_URL || undefined),
    dataDir: isAbsolute(folder) ? folder : resolve(folder),
    isJson: given.has('json'),
    isDetached: given.has('detach'),
    isWatching: false,
  };
}
