import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Failure } from './failure.ts';

/** The checkout. */
export const root = join(import.meta.dirname, '../../..');

/** Programs and packages installed for the checkout. The folder may be deleted at any time. */
const installed = join(root, '.almanac');

/** The folder for data, logs, sockets and state: `.almanac`, or ALMANAC_HOME for a second instance. */
export const home = (env: NodeJS.ProcessEnv = process.env): string => env.ALMANAC_HOME || installed;

export const places = {
  state: () => join(home(), 'run', 'state.json'),
  data: () => join(home(), 'data'),
  backups: () => join(home(), 'backups'),
  logs: () => join(home(), 'logs'),
  plots: () => join(home(), 'plots'),
  samples: () => join(home(), 'samples'),
  cache: () => join(installed, 'cache'),
  images: () => join(installed, 'images'),
  wheel: () => join(installed, 'valkey'),
};

/** Returns a path as a user would type it in the working directory. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near === '' ? '.' : near;
}

/** The longest path of a Unix socket: sun_path has 108 bytes on Linux and 104 on macOS, including a terminating zero. */
const SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/**
 * Returns the folder for Unix sockets: `run` beside the state. If that path is too long for a socket, a folder in the system's temporary
 * folder whose name is a hash of the home, so that each call returns the same. Throws a Failure if another user owns it.
 */
export function socketFolder(base = home(), longestName = 'renderer-99.sock'): string {
  const near = join(base, 'run');
  const isNear = Buffer.byteLength(join(near, longestName)) <= SOCKET_PATH_BYTES;
  const folder = isNear ? near : join(tmpdir(), `almanac-${createHash('sha256').update(base).digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  if (!isNear && process.getuid !== undefined && uid !== process.getuid()) {
    throw new Failure(
      `${folder} belongs to another user, and the path ${near} is too long for a Unix socket: set ALMANAC_HOME to a shorter path`,
    );
  }
  return folder;
}
