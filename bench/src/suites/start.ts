import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf, cpuSeconds, memoryMb, Stack } from '../stack.ts';
import { median, type Row } from '../table.ts';

const IDLE_SECONDS = 20;

/** S1, S2: how long `./almanac up` takes to the first response, and its cost while idle. */
export async function start(rounds = 5): Promise<Row[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const stack = new Stack();
    times.push(stack.up());
    stack.down();
  }
  const stack = new Stack();
  stack.up();
  try {
    await sleep(5000);
    const processes = stack.processes;
    const before = processes.map(({ pid }) => cpuSeconds(pid));
    await sleep(IDLE_SECONDS * 1000);
    const used = processes.reduce((sum, { pid }, i) => sum + cpuSeconds(pid) - (before[i] as number), 0);
    const services = processes.filter(({ name }) => name !== 'store').flatMap(({ pid }) => [pid, ...childrenOf(pid)]);
    const megabytes = services.reduce((sum, pid) => sum + memoryMb(pid).now, 0);
    const shared = services.reduce((sum, pid) => sum + memoryMb(pid).now - memoryMb(pid).proportional, 0);
    const percent = (used / IDLE_SECONDS) * 100;
    return [
      {
        id: 'S1',
        what: './almanac up on an installed tree, to ready',
        ours: `${median(times).toFixed(1)} s (${Math.min(...times).toFixed(1)}-${Math.max(...times).toFixed(1)})`,
        peer: '6 s: the limit',
        ratio: median(times) / 6,
        want: '<= 1x of the limit',
      },
      {
        id: 'S2',
        what: `idle CPU, ${processes.length} processes`,
        ours: `${percent.toFixed(2)} % of a core`,
        peer: '1 %: the limit',
        ratio: percent,
        want: '<= 1x of the limit',
      },
      {
        id: 'S2',
        what: 'idle RSS, five services and the drawing children',
        ours: `${megabytes} MB (${shared} MB of it counted more than once)`,
        peer: '600 MB: the limit',
        ratio: megabytes / 600,
        want: '<= 1x of the limit',
      },
    ];
  } finally {
    stack.down();
  }
}
