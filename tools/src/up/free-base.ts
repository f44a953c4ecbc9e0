import { isFree } from '../system/ports.ts';

/** The number of ports that an `up` of a test may use: five services and more renderers. */
const PORTS = 12;
/** Outgoing connections use ports from 32768 (Linux) or 49152 (macOS): any process can take such a port at any time. */
const [FIRST, LAST] = [20_000, 32_767];
const SLOTS = Math.floor((LAST - FIRST) / PORTS);

/** Returns the first of twelve consecutive free ports, different from those of a test that runs in parallel. */
export async function freeBase(): Promise<number> {
  for (let i = 0; i < SLOTS; i++) {
    const base = FIRST + ((process.pid + i * 97) % SLOTS) * PORTS;
    const ports = Array.from({ length: PORTS }, (_, offset) => base + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return base;
  }
  throw new Error(`no ${PORTS} free ports in a row between ${FIRST} and ${LAST}`);
}
