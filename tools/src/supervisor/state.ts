import { mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { places } from '../system/places.ts';
import { endProcess, isAlive, type ProcessId } from '../system/processes.ts';

/** One process that `up` supervises. */
export interface ServiceState {
  name: string;
  /** absent while it is down */
  process?: ProcessId;
  /** when it last started, RFC 3339 */
  since: string;
  restarts: number;
  port?: number;
  socket?: string;
}

/** A store that `up` started: its program, its data folder, and the command line. */
export interface OwnStore {
  program: string;
  dataDir: string;
  /** the arguments of ./almanac, and the working directory */
  args: string[];
  cwd: string;
}

/** What runs in this checkout: written by `up`, read by every other command. */
export interface State {
  schema: 1;
  phase: 'starting' | 'ready' | 'stopping';
  supervisor: ProcessId;
  since: string;
  url: string;
  /** address and server of the store */
  store: { url: string; server: string; own?: OwnStore };
  /** in the order in which they stop; the store is last */
  services: ServiceState[];
}

export function readState(path = places.state()): State | undefined {
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as State;
    return state.schema === 1 ? state : undefined;
  } catch {
    return undefined; // no file, or an invalid one: nothing runs
  }
}

/** Replaces the file atomically: a reader sees the old state or the new one. */
export function writeState(state: State, path = places.state()): void {
  mkdirSync(dirname(path), { recursive: true });
  const next = `${path}.${process.pid}.tmp`;
  writeFileSync(next, JSON.stringify(state, undefined, 2));
  renameSync(next, path);
}

/** Returns the state of the running instance, or undefined if nothing runs, or only processes that a killed supervisor left behind. */
export function running(path = places.state()): State | undefined {
  const state = readState(path);
  return state !== undefined && isAlive(state.supervisor) ? state : undefined;
}

/** Stops the processes that a killed supervisor left behind, in order, and removes the state. Returns the names of the services. */
export async function cleanLeftovers(path = places.state()): Promise<string[]> {
  const state = readState(path);
  if (state === undefined || isAlive(state.supervisor)) return [];
  const left = state.services.filter((service) => service.process !== undefined && isAlive(service.process));
  for (const { process: id } of left) await endProcess(id as ProcessId);
  forget(state, path);
  return left.map(({ name }) => name);
}

/** Removes the state file and the sockets that it names. */
export function forget(state: State, path = places.state()): void {
  const sockets = state.services.flatMap(({ socket }) => socket ?? []);
  for (const socket of sockets) rmSync(socket, { force: true });
  for (const folder of new Set(sockets.map((socket) => dirname(socket)))) if (folder !== dirname(path)) removeEmpty(folder);
  rmSync(path, { force: true });
}

/** Removes the folder that is used if the path of the usual one is too long for sockets. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // something else is in it
  }
}
