import { genesJson } from '../data.ts';
import { send } from '../http.ts';
import { startBareFastify } from '../peers/index.ts';
import { keepAnswer, type Reading, toTheLastByte, underLoad } from '../reading.ts';
import { Stack } from '../stack.ts';
import type { Row } from '../table.ts';

const page = '/v1/datasets/genes/records?limit=100&offset=1000';
const whole = '/v1/datasets/genes.json';

/** Q1, Q2, Q3: a record by key, the whole set, a page of 100; at the service and through the gateway, beside bare Fastify. */
export async function read(rounds = 7): Promise<Row[]> {
  const stack = new Stack();
  const genes = genesJson();
  stack.up();
  const bare = await startBareFastify();
  try {
    await send('PUT', `${stack.ingest}/v1/datasets/genes?key=hgnc_id`, genes.body, { 'content-type': 'application/json' });
    const records: Reading = {
      id: 'Q1',
      what: 'record by key, 43,882 keys in turn',
      paths: genes.keys.map((key) => `/v1/datasets/genes/records/${encodeURIComponent(key)}`),
      peer: { path: '/hello', what: 'bare Fastify hello' },
      want: '>= 0.9x',
    };
    const pages: Reading = {
      id: 'Q3',
      what: 'page of 100 records',
      paths: [page],
      peer: { path: await keepAnswer(bare, stack.query + page), what: 'bare Fastify, the same bytes' },
      want: '>= 0.9x',
    };
    const all: Reading<[string]> = {
      id: 'Q2',
      what: 'all genes',
      paths: [whole],
      peer: { path: await keepAnswer(bare, stack.query + whole), what: 'bare Fastify, one buffer' },
      want: '>= 0.9x',
    };
    return [
      ...underLoad(stack, bare, records, { rounds }),
      ...underLoad(stack, bare, pages, { rounds }),
      ...(await toTheLastByte(stack, bare, all, rounds)),
    ];
  } finally {
    bare.end();
    stack.down();
  }
}
