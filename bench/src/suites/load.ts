import { Redis } from 'ioredis';
import { genesJson } from '../data.ts';
import { send, timeGet } from '../http.ts';
import { loadPlainly } from '../peers/plain-load.ts';
import { Stack } from '../stack.ts';
import { median, type Row, ratioOf } from '../table.ts';

/** L1, L3: genes as JSON until they can be read, and the memory they then take. */
export async function load(rounds = 5): Promise<Row[]> {
  const stack = new Stack();
  const genes = genesJson();
  console.log(`genes: ${genes.keys.length} records, ${(genes.body.length / 1e6).toFixed(1)} MB of JSON, ${genes.source}`);
  stack.up();
  const redis = connect(stack.redisUrl);
  try {
    const ours: number[] = [];
    const peer: number[] = [];
    for (let i = 0; i <= rounds; i++) {
      const [mine, theirs] = [await loadOurs(stack, genes.body), await loadPlainly(redis, genes.body, 'hgnc_id')];
      if (i === 0) continue; // the first round warms both
      ours.push(mine);
      peer.push(theirs);
    }
    const bytes = await memoryOf(redis, '{genes}');
    return [
      {
        id: 'L1',
        what: 'load genes (JSON) until readable',
        ours: `${median(ours).toFixed(0)} ms`,
        peer: `${median(peer).toFixed(0)} ms: JSON.parse + pipelined HSET`,
        ...ratioOf(ours, peer),
        want: '<= 1x',
      },
      {
        id: 'L3',
        what: 'store memory for genes',
        ours: `${(bytes / 1e6).toFixed(1)} MB`,
        peer: `${(genes.body.length / 1e6).toFixed(1)} MB: the JSON`,
        ratio: bytes / genes.body.length,
        want: '<= 0.25x',
      },
    ];
  } finally {
    redis.disconnect();
    stack.down();
  }
}

async function loadOurs(stack: Stack, body: Buffer): Promise<number> {
  const started = performance.now();
  await send('PUT', `${stack.ingest}/v1/datasets/genes?key=hgnc_id`, body, { 'content-type': 'application/json' });
  await timeGet(`${stack.query}/v1/datasets/genes/records?limit=1`);
  return performance.now() - started;
}

export const connect = (url: string): Redis => (url.startsWith('unix:') ? new Redis({ path: url.slice(5) }) : new Redis(url));

export async function memoryOf(redis: Redis, tag: string): Promise<number> {
  let bytes = 0;
  for (const key of await redis.keys('ds:*'))
    if (key.includes(tag) && (await redis.pttl(key)) === -1) bytes += (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0;
  return bytes;
}
