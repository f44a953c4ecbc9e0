import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startIngest } from '../testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-source-'));
const ROW = '{"id":0,"year":1990,"degrees":5818}';
const packed = gzipSync(`[${ROW}]`);
writeFileSync(join(folder, 'cut.json.gz'), packed.subarray(0, packed.length - 4));
writeFileSync(join(folder, 'good.json'), `[${ROW}]`);

const server = createServer((request, response) => {
  switch (request.url?.split('?')[0]) {
    case '/cut':
      response.writeHead(200, { 'content-length': '1000000' });
      response.write(`[${ROW},`.padEnd(100_000));
      setTimeout(() => response.destroy(), 50);
      break;
    case '/broken-gzip':
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(`[${ROW}]`.repeat(1000));
      break;
    case '/redirect':
      response.writeHead(302, { location: 'file:///etc/hostname?token=SECRET' }).end();
      break;
    case '/away':
      response.writeHead(503).write('x'.repeat(100_000));
      break;
    default:
      response.end('<!doctype html><p>Sign in</p>');
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;

const sources = new Map<string, string>();
const ingest = await startIngest({}, [], { sources });
after(async () => {
  await ingest.close();
  server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

async function post(source: string): Promise<{ status: number; text: string }> {
  sources.set('degrees', source);
  const answer = await fetch(`${ingest.url}/data?dataset=degrees`, { method: 'POST' });
  return { status: answer.status, text: await answer.text() };
}

for (const [what, source, expected] of [
  ['breaks off', `http://${at}/cut?token=SECRET`, `read from http://${at}/cut: it broke off`],
  ['is not the gzip it says it is', `http://${at}/broken-gzip?token=SECRET`, `read from http://${at}/broken-gzip: it broke off`],
  ['leads away to a file', `http://${at}/redirect?token=SECRET`, `read from http://${at}/redirect: `],
  ['answers that it is away', `http://${at}/away?token=SECRET`, `read from http://${at}/away: it answered 503 Service Unavailable.`],
  ['is a page', `http://${at}/page?token=SECRET`, 'looks like an HTML page'],
  ['does not listen', 'http://127.0.0.1:1/x?token=SECRET', 'read from http://127.0.0.1:1/x: '],
  ['has a password in its address', `http://user:SECRET@${at}/page`, `read from http://${at}/page: `],
  ['is no address', 'http://SECRET:port/x', 'read from an invalid URL: '],
  ['is a folder', folder, ': it is a folder, not a file.'],
  ['is a file that is not there', join(folder, 'none.json'), 'read from none.json: no such file or directory.'],
  ['is an archive that was cut off', join(folder, 'cut.json.gz'), 'read from cut.json.gz: The gzip archive ends early'],
] as const) {
  test(`a source that ${what} is a 502, and the old data stay`, async () => {
    assert.equal((await post(join(folder, 'good.json'))).status, 200);
    const { status, text } = await post(source);
    const { message } = JSON.parse(text) as { message: string };
    assert.equal(status, 502, message);
    assert.ok(message.includes(expected), message);
    assert.ok(message.includes('What was loaded before stays as it is.'), message);
    assert.ok(!message.includes('SECRET') && !message.includes(folder), message);
    assert.deepEqual(await ingest.records('degrees'), [JSON.parse(ROW)]);
    assert.deepEqual(
      ingest.log.filter(({ level }) => level === 'error'),
      [],
    );
  });
}

test('the answer of a source that failed is not left open', async () => {
  await post(`http://${at}/away`);
  let open = -1;
  for (let i = 0; i < 100 && open !== 0; i++) {
    open = await new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(open, 0);
});
