import { ReliableQueue } from '@almanac/hotqueue';
import { send } from '../http.ts';
import { type Peer, startBareFastify } from '../peers/index.ts';
import { Stack } from '../stack.ts';
import { median, type Row, ratioOf } from '../table.ts';
import { postingOthers, requestsPerSecond } from '../wrk.ts';
import { connect } from './load.ts';

const inputs = { dataset: 'dots', type: 'scatter', x: 'x', y: 'y' };
const REPEATS = 200;
/** Rounds that are not counted: a service's code is at its speed after some tens of thousands of requests, and so is its peer's. */
const WARM_UP = 3;
const LIMIT_MS = 20;

/** J1, P3: how many jobs are accepted in a second, and how soon a job that was done before is answered. */
export async function jobs(rounds = 5): Promise<Row[]> {
  const stack = new Stack();
  stack.up([], { QUEUE_LIMIT: '100000000' });
  const bare = await startBareFastify();
  try {
    const csv = `id,x,y\n${Array.from({ length: 1000 }, (_, i) => `${i},${i % 37},${i % 91}`).join('\n')}\n`;
    await send('PUT', `${stack.url}/v1/datasets/dots`, csv, { 'content-type': 'text/csv' });
    return [...(await again(stack)), ...(await accepted(stack, bare, rounds))];
  } finally {
    bare.end();
    stack.down();
  }
}

/** Different jobs, each validated, stored and queued. The queue is paused, so none is drawn meanwhile. */
async function accepted(stack: Stack, bare: Peer, rounds: number): Promise<Row[]> {
  const redis = connect(stack.redisUrl);
  await redis.select(1);
  await new ReliableQueue(redis, 'plot').pause();
  const body = (round: string) => ({ process: 'plot', inputs: { ...inputs, title: `${round} @` } });
  const figures = { direct: [] as number[], through: [] as number[], hello: [] as number[] };
  for (let round = 0; round < WARM_UP + rounds; round++) {
    const seen = {
      direct: requestsPerSecond(stack.jobs, { script: postingOthers('/v1/jobs', body(`direct ${round}`)) }),
      through: requestsPerSecond(stack.url, { script: postingOthers('/v1/jobs', body(`through ${round}`)) }),
      hello: requestsPerSecond(bare.url, { script: postingOthers('/hello', body(`hello ${round}`)) }),
    };
    if (round >= WARM_UP) for (const side of ['direct', 'through', 'hello'] as const) figures[side].push(seen[side]);
  }
  redis.disconnect();
  const row = (ours: number[], where: string): Row => ({
    id: 'J1',
    what: `POST /v1/jobs, each another, ${where}`,
    ours: `${median(ours).toFixed(0)} req/s`,
    peer: `${median(figures.hello).toFixed(0)} req/s: bare Fastify, the same body`,
    ...ratioOf(ours, figures.hello),
  });
  return [{ ...row(figures.direct, 'at jobs'), want: '>= 0.35x' }, row(figures.through, 'through the gateway')];
}

/** From the request to the response with the result's links, for a job that equals an earlier one. */
async function again(stack: Stack): Promise<Row[]> {
  const body = JSON.stringify({ process: 'plot', inputs });
  const ask = (url: string) => send('POST', `${url}/v1/jobs`, body, { 'content-type': 'application/json', prefer: 'wait=30' });
  await ask(stack.url);
  const rows: Row[] = [];
  for (const [url, where] of [
    [stack.jobs, 'at jobs'],
    [stack.url, 'through the gateway'],
  ] as const) {
    const times: number[] = [];
    for (let i = 0; i < REPEATS; i++) {
      const started = performance.now();
      const job = await ask(url);
      times.push(performance.now() - started);
      if (job.status !== 'complete' || job.cache !== 'hit') throw new Error(`not served from the stored result: ${JSON.stringify(job)}`);
    }
    rows.push({
      id: 'P3',
      what: `the same job again, p50, ${where}`,
      ours: `${median(times).toFixed(1)} ms`,
      peer: `${LIMIT_MS} ms: the limit`,
      ratio: median(times) / LIMIT_MS,
      want: '<= 1x of the limit',
    });
  }
  return rows;
}
