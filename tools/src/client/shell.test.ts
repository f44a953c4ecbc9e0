import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from './client.ts';
import { curl, quote } from './shell.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-shell-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const run = promisify(execFile);

interface Seen {
  method: string;
  url: string;
  headers: Record<string, unknown>;
  body: string;
}

/** A server that responds with the request it got. */
async function mirror() {
  const server = createServer(async (request, response) => {
    if (request.url === '/refused') {
      request.resume();
      response.writeHead(413, { 'content-type': 'application/problem+json' });
      return void response.end(
        JSON.stringify({ title: 'Too large', detail: 'at most 3 bytes', errors: [{ parameter: 'file', detail: 'cut it' }] }),
      );
    }
    let body = '';
    for await (const part of request) body += part;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('a shell takes quoted words literally', () => {
  for (const word of ['plain-1.csv', "it's", 'a b', '$HOME', '`ls`', '"x"', '\\', '*', '', 'a\nb', "'", '!x', '~', '{a,b}', '-n']) {
    assert.equal(execFileSync('sh', ['-c', `printf %s ${quote(word)}`], { encoding: 'utf8' }), word);
  }
});

test('curl commands send exactly the described request, with any names', async () => {
  const base = await mirror();
  const name = "it's [1-2] {a,b} $x.csv";
  writeFileSync(join(folder, name), 'a,b\n1,2\n');
  const upload = curl({ url: `${base}/v1/datasets/x?key=mass+%28g%29`, headers: { 'Content-Type': 'text/csv' }, file: name });
  const job = curl({
    url: `${base}/v1/jobs`,
    headers: { 'Content-Type': 'application/json', Prefer: 'wait=30' },
    json: { title: "it's $5 & `more`" },
  });
  const results = await Promise.all([upload, job].map((line) => run('sh', ['-c', line], { cwd: folder })));
  const [put, post] = results.map(({ stdout }) => JSON.parse(stdout) as Seen);
  assert.equal(put?.method, 'PUT');
  assert.equal(put?.url, '/v1/datasets/x?key=mass+%28g%29');
  assert.equal(put?.headers['content-type'], 'text/csv');
  assert.equal(put?.body, 'a,b\n1,2\n');
  assert.equal(post?.method, 'POST');
  assert.equal(post?.headers.prefer, 'wait=30');
  assert.deepEqual(JSON.parse(post?.body ?? ''), { title: "it's $5 & `more`" });
});

test('curl commands read the token from the environment, only for changes', async () => {
  const base = await mirror();
  assert.doesNotMatch(curl({ url: base }, true), /oauth2/);
  assert.doesNotMatch(curl({ url: base, json: {} }, false), /oauth2/);
  const line = curl({ url: `${base}/v1/jobs`, json: {} }, true);
  const { stdout } = await run('sh', ['-c', line], { env: { ...process.env, ALMANAC_WRITE_TOKEN: 'new,old' } });
  assert.equal((JSON.parse(stdout) as Seen).headers.authorization, 'Bearer new');
});

test('the client sends a file unchanged, with the first token', async () => {
  const base = await mirror();
  writeFileSync(join(folder, 'x.csv'), 'a\n1\n');
  const sent: number[] = [];
  const seen = await new Client(base, 'tok,next').putFile<Seen>(
    '/v1/datasets/x',
    join(folder, 'x.csv'),
    { 'Content-Type': 'text/csv' },
    (n) => sent.push(n),
  );
  assert.equal(seen.method, 'PUT');
  assert.equal(seen.headers['content-length'], '4');
  assert.equal(seen.headers.authorization, 'Bearer tok');
  assert.equal(seen.body, 'a\n1\n');
  assert.deepEqual(sent, [4]);
});

test('an early error is shown with its message, and an unreachable service with advice', async () => {
  const base = await mirror();
  writeFileSync(join(folder, 'big.csv'), Buffer.alloc(20_000_000, 97));
  await assert.rejects(
    new Client(base).putFile('/refused', join(folder, 'big.csv'), {}, () => {}),
    /^Failure: Too large: at most 3 bytes\n {2}file: cut it$/,
  );
  await assert.rejects(
    new Client('http://127.0.0.1:1').json('GET', '/'),
    /Nothing listens at http:\/\/127.0.0.1:1. Start Almanac with: {2}.\/almanac up/,
  );
  await assert.rejects(
    new Client(base).putFile('/v1/x', join(folder, 'none.csv'), {}, () => {}),
    /none.csv/,
  );
});
