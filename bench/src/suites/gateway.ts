import { genesJson } from '../data.ts';
import { send } from '../http.ts';
import { startBareFastify } from '../peers/index.ts';
import { cpuSeconds, Stack } from '../stack.ts';
import { median, type Row, ratioOf } from '../table.ts';
import { inTurn, posting, requestsPerSecond } from '../wrk.ts';

const page = '/v1/datasets/genes/records?limit=100&offset=1000';

/** Q5, Q5b, Q5c, Q5d: what the public door costs. */
export async function gateway(rounds = 7): Promise<Row[]> {
  const stack = new Stack();
  const genes = genesJson();
  stack.up();
  const bare = await startBareFastify();
  try {
    await send('PUT', `${stack.ingest}/v1/datasets/genes?key=hgnc_id`, genes.body, { 'content-type': 'application/json' });
    const records = inTurn(genes.keys.slice(0, 5000).map((key) => `/v1/datasets/genes/records/${encodeURIComponent(key)}`));
    const submit = posting('/v1/jobs', { process: 'plot', inputs: { dataset: 'genes', type: 'bar', x: 'locus_group' } });
    return [
      compare('Q5', 'record, through / directly', stack.url, stack.query, records, rounds, '>= 0.6x'),
      await cpuPerRequest(stack, bare, records, rounds),
      compare('Q5c', 'POST /v1/jobs, through / directly', stack.url, stack.jobs, submit, rounds, '>= 0.45x'),
      compare('Q5d', 'page of 100, through / directly', stack.url, stack.query, inTurn([page]), rounds, '>= 0.25x'),
    ];
  } finally {
    bare.end();
    stack.down();
  }
}

function compare(id: string, what: string, through: string, direct: string, script: string, rounds: number, want: string): Row {
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const [a, b] = [requestsPerSecond(through, { script }), requestsPerSecond(direct, { script })];
    if (round > 0) {
      ours.push(a);
      peer.push(b);
    }
  }
  return {
    id,
    what,
    ours: `${median(ours).toFixed(0)} req/s`,
    peer: `${median(peer).toFixed(0)} req/s: the service itself`,
    ...ratioOf(ours, peer),
    want,
  };
}

async function cpuPerRequest(stack: Stack, bare: { url: string; pid: number }, script: string, rounds: number): Promise<Row> {
  const microseconds = (pid: number, url: string, load: { script: string }): number => {
    const before = cpuSeconds(pid);
    const rate = requestsPerSecond(url, { seconds: 2, ...load });
    return ((cpuSeconds(pid) - before) * 1e6) / (rate * 2);
  };
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(microseconds(stack.running('gateway'), stack.url, { script }));
    peer.push(microseconds(bare.pid, bare.url, { script: inTurn(['/hello']) }));
  }
  return {
    id: 'Q5b',
    what: "the gateway's CPU a request",
    ours: `${median(ours).toFixed(0)} us`,
    peer: `${median(peer).toFixed(0)} us: bare Fastify hello`,
    ...ratioOf(ours, peer),
    want: '<= 1.5x',
  };
}
