import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Failure } from './failure.ts';

/** The checkout. */
export const root = join(import.meta.dirname, '../../..');

/** What was installed for the checkout, and may be deleted at any time. */
const installed = join(root, '.almanac');

/** What one installation keeps: its data, logs, sockets and state. `.almanac`, or ALMANAC_HOME for a second one beside it. */
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

/** A path as a person in this folder would type it. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near === '' ? '.' : near;
}

/** The longest path a Unix socket can have: sun_path is 108 bytes on Linux and 104 on macOS, a closing zero included. */
const SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/**
 * The folder for Unix sockets: `run` beside the state. Where that is too deep for a socket's path, a folder under the system's temporary
 * one, named after the home so that every call finds the same, and refused when somebody else made it.
 */
export function socketFolder(base = home(), longestName = 'renderer-99.sock'): string {
  const near = join(base, 'run');
  const isNear = Buffer.byteLength(join(near, longestName)) <= SOCKET_PATH_BYTES;
  const folder = isNear ? near : join(tmpdir(), `almanac-${createHash('sha256').update(base).digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  if (!isNear && process.getuid !== undefined && uid !== process.getuid()) {
    throw new Failure(
      `${folder} belongs to another user, and ${near} is too long a path for a Unix socket: set ALMANAC_HOME to a shorter path`,
    );
  }
  return folder;
}
