import { createReadStream, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeCsv } from '../data.ts';
import { timeGet } from '../http.ts';
import { memoryMb, Stack } from '../stack.ts';
import { median, type Row } from '../table.ts';
import { connect, memoryOf } from './load.ts';

const ROWS = 1_000_000;

/** Q0 (and what comes by the way, L2 and L4): a million rows in, and query's copy of them built from the store. */
export async function copy(rounds = 5): Promise<Row[]> {
  const stack = new Stack();
  stack.up();
  try {
    const csv = join(stack.folder, 'million.csv');
    await writeCsv(csv, ROWS);
    const bytes = statSync(csv).size;
    const started = performance.now();
    await upload(csv, `${stack.ingest}/v1/datasets/million?key=id`);
    const seconds = (performance.now() - started) / 1000;
    const ingest = memoryMb(stack.running('ingest'));
    const redis = connect(stack.redisUrl);
    const stored = await memoryOf(redis, '{million}');
    redis.disconnect();
    const { times, megabytes } = await buildCopies(stack, rounds);
    return [
      {
        id: 'Q0',
        what: "query's copy of 1,000,000 rows",
        ours: `${median(times).toFixed(0)} ms, RSS ${megabytes} MB`,
        peer: '500 ms, 200 MB: the limit',
        ratio: median(times) / 500,
        want: '<= 1x of the limit',
      },
      {
        id: 'L2',
        what: `load ${(bytes / 1e6).toFixed(0)} MB of CSV, keyed`,
        ours: `${(ROWS / seconds / 1000).toFixed(0)}k rows/s, peak RSS ${ingest.peak} MB`,
        peer: '100k rows/s, 200 MB: the limit',
        ratio: ROWS / seconds / 100_000,
        want: '>= 1x of the limit',
      },
      {
        id: 'L4',
        what: 'store memory for it',
        ours: `${(stored / 1e6).toFixed(1)} MB`,
        peer: `${(bytes / 1e6).toFixed(1)} MB: the CSV`,
        ratio: stored / bytes,
        want: '<= 0.6x',
      },
    ];
  } finally {
    stack.down();
  }
}

const upload = (path: string, url: string) =>
  new Promise<void>((resolve, reject) => {
    const sent = request(
      url,
      { method: 'PUT', headers: { 'content-type': 'text/csv', 'content-length': statSync(path).size } },
      (answer) => {
        answer
          .resume()
          .on('end', () => (answer.statusCode === 201 ? resolve() : reject(new Error(`loading returned ${answer.statusCode}`))));
      },
    );
    createReadStream(path).pipe(sent).on('error', reject);
  });

/** Kills query, lets the supervisor restart it, and measures its first and its second response from that data set. */
async function buildCopies(stack: Stack, rounds: number): Promise<{ times: number[]; megabytes: number }> {
  const times: number[] = [];
  let megabytes = 0;
  for (let round = 0; round < rounds; round++) {
    const before = stack.running('query');
    process.kill(before, 'SIGKILL');
    while (stack.pid('query') === before || stack.pid('query') === undefined || !(await isReady(stack.query))) await sleep(50);
    const first = await timeGet(`${stack.query}/v1/datasets/million/records/999999`);
    const second = await timeGet(`${stack.query}/v1/datasets/million/records/999998`);
    times.push(first.ms - second.ms);
    megabytes = memoryMb(stack.running('query')).now;
  }
  return { times, megabytes };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    (answer) => answer.ok,
    () => false,
  );
