import { findProgram, versionOutput } from '../system/run.ts';

/** A Redis or Valkey server program. */
export interface StoreServer {
  path: string;
  /** e.g. `Redis 7.0.15` or `Valkey 9.1.2` */
  version: string;
}

/** The queue needs BLMOVE, which came with Redis 6.2. */
const LEAST = [6, 2] as const;

/** Runs `--version`. Returns the server if it runs here and is new enough. */
export function examine(path: string): StoreServer | undefined {
  const text = versionOutput(path) ?? '';
  const [, kind, version] = /^(Redis|Valkey) server v=([\d.]+)/i.exec(text) ?? [];
  if (kind === undefined || version === undefined) return undefined;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isNewEnough = major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
  return isNewEnough ? { path, version: `${kind} ${version}` } : undefined;
}

/** Finds redis-server or valkey-server on the PATH, if new enough. */
export function onPath(path = process.env.PATH ?? ''): StoreServer | undefined {
  for (const name of ['redis-server', 'valkey-server']) {
    const found = findProgram(name, path);
    const server = found === undefined ? undefined : examine(found);
    if (server !== undefined) return server;
  }
  return undefined;
}
