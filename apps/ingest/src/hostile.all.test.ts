import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startIngestProcess } from './testing-process.ts';

const MB = 1e6;
const ingest = await startIngestProcess();
after(() => ingest.close());

const csv = 'text/csv';
const json = 'application/json';

/** Bodies that ended the process, stopped it or took its memory: small when packed, full size as they are. */
const attacks: Record<string, [body: string, contentType: string]> = {
  quotes: [`a,b\n"${'""'.repeat(8_380_000)}",1\n`, csv],
  objects: [`[{"a":[${'{},'.repeat(5_580_000)}{}]}]`, json],
  lines: [`{"a":[${'[],'.repeat(5_580_000)}[]]}\n`, 'application/x-ndjson'],
  names: [`${Array.from({ length: 4096 }, (_, i) => `c${i}${'n'.repeat(3900)}`).join()}\n${`${','.repeat(4095)}\n`.repeat(5)}`, csv],
  same: [`${Array(4096).fill('h'.repeat(4000)).join()}\n${','.repeat(4095)}\n`, csv],
  elements: [`<d><r>${'<a/>'.repeat(2_000_000)}</r></d>`, 'application/xml'],
  anchors: [`- &a ${'{a: &b '.repeat(150)}${'x'.repeat(60_000)}${'}'.repeat(150)}\n`.repeat(200), 'application/yaml'],
  noise: [`{"a":1}\n${'x\n'.repeat(500_000)}`, 'application/x-ndjson'],
};

const send = (name: string, headers: Record<string, string>, body: Uint8Array) =>
  Promise.all(Array.from({ length: 8 }, (_, i) => ingest.put(`${name}${i}`, body, headers)));

for (const [name, [body, type]] of Object.entries(attacks)) {
  for (const isPacked of [true, false]) {
    test(`${name}, ${isPacked ? 'packed' : 'plain'}, eight at once: refused, beside a load that succeeds`, async () => {
      await ingest.taken();
      const bytes = isPacked ? gzipSync(body) : Buffer.from(body);
      const headers = { 'content-type': type, ...(isPacked ? { 'content-encoding': 'gzip' } : {}) };
      const [answers, good] = await Promise.all([
        send(name, headers, bytes),
        ingest.put('good', 'id,a\n1,2\n', { 'content-type': csv, 'x-forwarded-for': '192.0.2.9' }),
      ]);
      assert.ok(ingest.isAlive);
      assert.ok(good.status < 300, JSON.stringify(good.body));
      for (const { status, body: problem, retryAfter } of answers) {
        assert.ok(status === 400 || status === 413 || (status === 503 && retryAfter !== null), JSON.stringify(problem));
        if (status === 503) continue;
        if ('limit' in problem) assert.ok((problem.value as number) >= (problem.limit as number), JSON.stringify(problem));
        else assert.match(String(problem.detail), /anchors of this body/);
      }
      const { longestMs, heapBytes, rssBytes } = await ingest.taken();
      assert.ok(heapBytes < 150 * MB, `heap ${heapBytes / MB} MB`);
      assert.ok(rssBytes < 450 * MB, `memory ${rssBytes / MB} MB`);
      // 50 ms of work; a machine that is shared makes the processor's own time twice as long, and garbage collection comes on top.
      assert.ok(longestMs < 150, `turn ${longestMs} ms`);
    });
  }
}

test('fifty YAML bodies of 15.5 MB at once: all are loaded or told to retry, and the process lives', async () => {
  await ingest.taken();
  const body = Buffer.from(`- a: '${'x'.repeat(200_000)}'\n`.repeat(77));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => ingest.put(`y${i}`, body, { 'content-type': 'application/yaml' })),
  );
  assert.ok(ingest.isAlive);
  for (const { status, body: problem, retryAfter } of answers) {
    assert.ok(status < 300 || (status === 503 && retryAfter !== null), JSON.stringify(problem));
  }
  assert.ok(answers.some(({ status }) => status < 300));
  const { heapBytes, rssBytes } = await ingest.taken();
  assert.ok(heapBytes < 170 * MB, `heap ${heapBytes / MB} MB`);
  assert.ok(rssBytes < 550 * MB, `memory ${rssBytes / MB} MB`);
});
