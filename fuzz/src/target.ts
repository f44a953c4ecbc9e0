import { readFileSync } from 'node:fs';

/** One process of the instance under attack. */
export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** its HTTP port, for /metrics; absent for the store */
  readonly port?: number;
}

/** The running instance: the address of its gateway, and its processes. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly services: readonly ServiceProcess[];
}

interface StateFile {
  url: string;
  services: { name: string; port?: number; process?: { pid: number } }[];
}

/** Reads the state file of `./almanac up`. A service without a process is omitted. */
export function readTarget(stateFile: string): Target {
  const { url, services } = JSON.parse(readFileSync(stateFile, 'utf8')) as StateFile;
  const { hostname, port } = new URL(url);
  return {
    host: hostname,
    port: Number(port),
    services: services.flatMap(({ name, port: own, process }) =>
      process === undefined ? [] : [{ name, pid: process.pid, ...(own === undefined ? {} : { port: own }) }],
    ),
  };
}
