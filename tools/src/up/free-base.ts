import { isFree } from '../system/ports.ts';

/** Ports an `up` of a test may take, from its base on: five services, and further renderers. */
const PORTS = 12;
/** Systems give outgoing connections ports from 32768 (Linux) or 49152 (macOS) on: a port up there can be taken by anybody at any moment. */
const [FIRST, LAST] = [20_000, 32_767];
const SLOTS = Math.floor((LAST - FIRST) / PORTS);

/** The first of twelve free ports in a row, and not those of another test that runs beside this one. */
export async function freeBase(): Promise<number> {
  for (let i = 0; i < SLOTS; i++) {
    const base = FIRST + ((process.pid + i * 97) % SLOTS) * PORTS;
    const ports = Array.from({ length: PORTS }, (_, offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
  throw new Error(`no ${PORTS} free ports in a row between ${FIRST} and ${LAST}`);
}
