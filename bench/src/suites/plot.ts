import { send, timeGet } from '../http.ts';
import { startBareFastify } from '../peers/index.ts';
import { Stack } from '../stack.ts';
import { median, type Row } from '../table.ts';

/** What the course's own program takes for the same (Flask, a worker on a HotQueue, matplotlib), as the targets page gives it. */
const COURSE_STACK_MS = 432;

/** P2: from submitting to the last byte of the PNG, a scatter of 1,000 stored rows, every plot a different one. */
export async function plot(rounds = 40): Promise<Row[]> {
  const stack = new Stack();
  stack.up();
  const bare = await startBareFastify();
  try {
    const csv = `id,x,y\n${Array.from({ length: 1000 }, (_, i) => `${i},${Math.sin(i * 12.9898) * 50},${Math.cos(i * 78.233) * 50}`).join('\n')}\n`;
    await send('PUT', `${stack.url}/v1/datasets/dots`, csv, { 'content-type': 'text/csv' });
    for (let i = 0; i < 5; i++) await submitToPng(stack.url, `warm ${i}`);
    const ours: number[] = [];
    const hello: number[] = [];
    for (let i = 0; i < rounds; i++) {
      ours.push(await submitToPng(stack.url, `plot ${i}`));
      hello.push((await timeGet(`${bare.url}/hello`)).ms);
    }
    const p50 = median(ours);
    return [
      {
        id: 'P2',
        what: 'submit to PNG, 1,000 rows, through the gateway, p50',
        ours: `${p50.toFixed(1)} ms`,
        peer: `${COURSE_STACK_MS} ms: the course stack, measured earlier on such a machine`,
        ratio: p50 / COURSE_STACK_MS,
        want: '<= 0.25x',
      },
      {
        id: 'P2',
        what: 'the same beside bare Fastify, one GET',
        ours: `${p50.toFixed(1)} ms`,
        peer: `${median(hello).toFixed(2)} ms`,
        ratio: p50 / median(hello),
      },
    ];
  } finally {
    bare.end();
    stack.down();
  }
}

async function submitToPng(url: string, title: string): Promise<number> {
  const started = performance.now();
  const body = JSON.stringify({ process: 'plot', inputs: { dataset: 'dots', type: 'scatter', x: 'x', y: 'y', title } });
  const job = await send('POST', `${url}/v1/jobs`, body, { 'content-type': 'application/json', prefer: 'wait=30' });
  const { png } = job.results as { png: { href: string } };
  await timeGet(new URL(png.href, url).href);
  return performance.now() - started;
}
