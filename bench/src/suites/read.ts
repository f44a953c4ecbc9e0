import { genesJson } from '../data.ts';
import { send, timeGet } from '../http.ts';
import { startBareFastify } from '../peers/index.ts';
import { Stack } from '../stack.ts';
import { median, type Row, ratioOf } from '../table.ts';
import { inTurn, requestsPerSecond } from '../wrk.ts';

const page = '/v1/datasets/genes/records?limit=100&offset=1000';

/** Q1, Q2, Q3: a record by key, the whole set, a page of 100; at the service and through the gateway, beside bare Fastify. */
export async function read(rounds = 7): Promise<Row[]> {
  const stack = new Stack();
  const genes = genesJson();
  stack.up();
  const bare = await startBareFastify();
  try {
    await send('PUT', `${stack.ingest}/v1/datasets/genes?key=hgnc_id`, genes.body, { 'content-type': 'application/json' });
    for (const [name, path] of [
      ['page', page],
      ['whole', '/v1/datasets/genes.json'],
    ] as const) {
      await send('PUT', `${bare.url}/kept/${name}`, Buffer.from(await (await fetch(stack.query + path)).arrayBuffer()));
    }
    const keys = genes.keys.map((key) => `/v1/datasets/genes/records/${encodeURIComponent(key)}`);
    return [
      ...underLoad(
        'Q1',
        'record by key, 43,882 keys in turn',
        stack,
        inTurn(keys),
        `${bare.url}/hello`,
        'bare Fastify hello',
        rounds,
        '>= 0.9x',
      ),
      ...underLoad(
        'Q3',
        'page of 100 records',
        stack,
        inTurn([page]),
        `${bare.url}/kept/page`,
        'bare Fastify, the same bytes',
        rounds,
        '>= 0.9x',
      ),
      ...(await wholeSet(stack, bare.url, rounds)),
    ];
  } finally {
    bare.end();
    stack.down();
  }
}

function underLoad(
  id: string,
  what: string,
  stack: Stack,
  script: string,
  peerUrl: string,
  peer: string,
  rounds: number,
  want: string,
): Row[] {
  const sides = [stack.query, stack.url, peerUrl];
  const figures: number[][] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    const seen = sides.map((url, i) => requestsPerSecond(url, { script: i < 2 ? script : inTurn([new URL(peerUrl).pathname]) }));
    if (round > 0) for (const [i, value] of seen.entries()) figures[i]?.push(value);
  }
  const [direct, through, limit] = figures as [number[], number[], number[]];
  const row = (ours: number[], where: string): Row => ({
    id,
    what: `${what}, ${where}`,
    ours: `${(median(ours) / 1000).toFixed(1)}k req/s`,
    peer: `${(median(limit) / 1000).toFixed(1)}k req/s: ${peer}`,
    ...ratioOf(ours, limit),
    ...(where === 'at query' ? { want } : {}),
  });
  return [row(direct, 'at query'), row(through, 'through the gateway')];
}

/** The ratio is of speeds, so that more is better as in the other rows. */
async function wholeSet(stack: Stack, bareUrl: string, rounds: number): Promise<Row[]> {
  const figures: Record<'direct' | 'through' | 'buffer', number[]> = { direct: [], through: [], buffer: [] };
  let bytes = 0;
  for (let round = 0; round <= 2 * rounds; round++) {
    const [direct, through, buffer] = [
      await timeGet(`${stack.query}/v1/datasets/genes.json`),
      await timeGet(`${stack.url}/v1/datasets/genes.json`),
      await timeGet(`${bareUrl}/kept/whole`),
    ];
    bytes = direct.bytes;
    if (round === 0) continue;
    figures.direct.push(direct.ms);
    figures.through.push(through.ms);
    figures.buffer.push(buffer.ms);
  }
  const row = (ours: number[], where: string): Row => ({
    id: 'Q2',
    what: `all genes, ${(bytes / 1e6).toFixed(1)} MB, ${where}`,
    ours: `${median(ours).toFixed(1)} ms`,
    peer: `${median(figures.buffer).toFixed(1)} ms: bare Fastify, one buffer`,
    ...ratioOf(figures.buffer, ours),
    ...(where === 'at query' ? { want: '>= 0.9x' } : {}),
  });
  return [row(figures.direct, 'at query'), row(figures.through, 'through the gateway')];
}
