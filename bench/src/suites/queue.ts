import { startTestRedis } from '@almanac/testkit';
import { backlog } from '../queues/backlog.ts';
import { Bench, type Scenario } from '../queues/bench.ts';
import { cancelling, delayed, pickUp } from '../queues/latency.ts';
import { add, bulk, drains, inFlight } from '../queues/throughput.ts';
import type { Row } from '../table.ts';

/** In the order in which they are measured and shown. */
const scenarios: Record<string, Scenario> = {
  bulk,
  drain: drains,
  add,
  flight: inFlight,
  pickup: pickUp,
  delayed,
  cancel: cancelling,
  backlog,
};

/**
 * J2, J3: what the queue does in a second, how soon it begins, what it costs, with every reliability feature on and the store writing its
 * log. Flags: --appendfsync=off|everysec|always (everysec), --million (a backlog of 1,000,000 too), --only=drain,bulk (scenarios by name).
 */
export async function queue(rounds = 5, flags: ReadonlyMap<string, string> = new Map()): Promise<Row[]> {
  const sync = flags.get('appendfsync') ?? 'everysec';
  const only = flags.get('only')?.split(',');
  const options = sync === 'off' ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', sync];
  const store = await startTestRedis(options);
  const bench = new Bench(store, options, rounds, flags.has('million'));
  const rows: Row[] = [];
  try {
    for (const [name, scenario] of Object.entries(scenarios)) {
      if (only === undefined || only.includes(name)) rows.push(...(await scenario(bench)));
    }
  } finally {
    await store.end();
  }
  return rows;
}
