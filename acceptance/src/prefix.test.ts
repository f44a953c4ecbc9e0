// The whole product under a path prefix, behind a proxy that removes the prefix, and one that keeps it.
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe } from 'node:test';
import { Client } from './client.ts';
import { ownTest, Stack } from './stack.ts';

const PREFIX = '/almanac';
const stones = 'id,name,year,recclass,mass (g)\n1,Ruiz,1980,L5,21\n2,Beeler,1951,H6,720\n3,Brock,1952,L5,107000\n4,x,y\n';

/** A reverse proxy: everything under the prefix goes to the gateway, everything else to another server. */
async function startProxy(target: string, mode: 'strip' | 'keep'): Promise<http.Server> {
  const proxy = http.createServer((request, response) => {
    const url = request.url as string;
    if (url !== PREFIX && !url.startsWith(`${PREFIX}/`)) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('somebody else\n');
      return;
    }
    const path = mode === 'keep' ? url : url.slice(PREFIX.length) || '/';
    const headers = { ...request.headers, ...(mode === 'strip' ? { 'x-forwarded-prefix': PREFIX } : {}) };
    const onward = http.request(target + path, { method: request.method as string, headers, agent: false }, (reply) => {
      response.writeHead(reply.statusCode as number, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
}

/** Returns every link in a response: headers, HTML, and the JSON members href, csv, image and type. */
function linksIn(headers: Headers, text: string): string[] {
  const links = [...(headers.get('link') ?? '').matchAll(/<([^>]*)>/g), ...text.matchAll(/\b(?:href|src)="([^"#]*)"/g)].map(
    ([, link]) => link as string,
  );
  const location = headers.get('location');
  if (location !== null) links.push(location);
  for (const [, link] of text.matchAll(/"(?:href|csv|image|type)":"(\/[^"]*)"/g)) links.push(link as string);
  return links.map((link) => link.replaceAll('&#38;', '&')).filter((link) => !link.startsWith('data:'));
}

/** Follows every link from the starting points. Returns those that leave the prefix or fail. */
async function crawl(base: string, starts: readonly string[]): Promise<{ seen: string[]; wrong: string[] }> {
  const seen = new Set(starts.map((path) => new URL(path, `${base}/`).href));
  const wrong: string[] = [];
  for (const url of seen) {
    assert.ok(seen.size < 500, 'the links do not end');
    for (const accept of ['text/html, */*;q=0.5', 'application/json, */*;q=0.5']) {
      const response = await fetch(url, { headers: { accept }, redirect: 'manual', signal: AbortSignal.timeout(30_000) });
      if (response.status >= 400) wrong.push(`${response.status} ${url}`);
      const isPicture = /image|javascript|css|event-stream/.test(response.headers.get('content-type') ?? '');
      const body = await response.text();
      const text = isPicture ? '' : body;
      for (const link of linksIn(response.headers, text)) {
        const next = new URL(link, url);
        if (next.origin !== new URL(base).origin || !`${next.pathname}/`.startsWith(`${PREFIX}/`)) wrong.push(`${url} -> ${link}`);
        else seen.add(next.href);
      }
    }
  }
  return { seen: [...seen], wrong };
}

for (const [mode, env] of [
  ['strip', {}],
  ['keep', { PUBLIC_BASE_PATH: PREFIX }],
] as const) {
  describe(`behind a proxy that ${mode === 'strip' ? 'removes the prefix' : 'keeps the prefix'}`, () => {
    const stack = new Stack(env);
    let proxy: http.Server;
    let base: string;
    let client: Client;
    before(async () => {
      await stack.start();
      proxy = await startProxy(stack.url, mode);
      base = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${PREFIX}`;
      client = new Client(base);
    });
    after(async () => {
      proxy.closeAllConnections();
      proxy.close();
      await stack.end();
    });

    ownTest('every link works: pages, docs, data sets, jobs, results, processes, errors', async () => {
      const put = await client.put('/v1/datasets/stones', stones);
      assert.deepEqual([put.status, put.headers.get('location')], [201, `${PREFIX}/v1/datasets/stones`], put.text);
      assert.equal((await client.put('/data', stones)).status, 405);
      assert.equal((await client.ask('POST', '/data', { body: stones, headers: { 'content-type': 'text/csv' } })).status, 200);
      const job = await client.submit({ dataset: 'stones', type: 'bar', x: 'recclass' }, ['png', 'svg']);
      assert.equal(job.headers.get('location'), `${PREFIX}/v1/jobs/${job.json.id}`);
      const ended = await client.finished(job.json.id);
      assert.equal(ended.results.png.href, `${PREFIX}/v1/jobs/${job.json.id}/results/png`);
      const course = await client.ask('POST', '/jobs', { body: '{}', headers: { 'content-type': 'application/json' } });
      await client.finished(course.json.id);
      const events = await client.get(`/v1/jobs/${job.json.id}/events`);
      assert.match(events.text, new RegExp(`"href":"${PREFIX}/v1/jobs/`));
      assert.doesNotMatch(events.text, /"href":"\/v1/);

      const starts = [
        '',
        '/docs',
        '/docs/',
        '/problems',
        '/openapi.json',
        '/v1/datasets?limit=1',
        '/v1/datasets/stones',
        '/v1/datasets/stones/records?limit=1&year[gte]=1951&fields=name,year',
        '/v1/datasets/stones/records?limit=1&offset=1',
        '/v1/datasets/stones/rejects?limit=1',
        '/v1/jobs?limit=1',
        `/v1/jobs/${job.json.id}/results`,
        `/jobs/${course.json.id}/results`,
        '/v1/processes',
        '/v1/processes/plot',
      ].map((path) => `${PREFIX}${path}`);
      const { seen, wrong } = await crawl(base, starts);
      assert.deepEqual(wrong, []);
      assert.ok(seen.length > 40, `${seen.length} links`);
      for (const part of ['/results/svg', '/download/', '/problems/gone', 'swagger-ui-bundle.js', 'offset=1', '.ndjson', '/rejects'])
        assert.ok(
          seen.some((url) => url.includes(part)),
          part,
        );
    });

    ownTest('the type of an error is a URL under the prefix, and exists', async () => {
      for (const path of ['/v1/datasets/none', '/v1/nothing', '/v1/jobs/none', '/v1/datasets/stones/records?nope=1']) {
        const { status, json } = await client.get(path);
        assert.ok(status >= 400 && json.type.startsWith(`${PREFIX}/problems/`), `${path}: ${json.type}`);
        assert.equal((await client.get(json.type.slice(PREFIX.length))).status, 200, json.type);
      }
    });

    ownTest('an external worker reads its rows from the link in its job', async () => {
      const process = { version: '1', title: 'Numbers', outputs: { txt: { mediaType: 'text/plain' } } };
      const put = await client.ask('PUT', '/v1/processes/numbers', {
        body: JSON.stringify(process),
        headers: { 'content-type': 'application/json' },
      });
      assert.equal(put.headers.get('location'), `${PREFIX}/v1/processes/numbers`);
      const body = JSON.stringify({ process: 'numbers', inputs: { dataset: 'stones' } });
      await client.ask('POST', '/v1/jobs', { body, headers: { 'content-type': 'application/json' } });
      const { json } = await client.ask('POST', '/v1/processes/numbers/take?wait=10');
      for (const link of [json.data.href, json.data.csv]) {
        const response = await fetch(new URL(link, base));
        assert.equal(response.status, 200, link);
        assert.match(await response.text(), /Ruiz/);
      }
    });

    ownTest('the commands of /help and the landing page work as printed', async () => {
      for (const path of ['/help', '/']) {
        const { text } = await client.get(path === '/' ? '/?dataset=none' : path);
        const urls = [...text.matchAll(/https?:\/\/[^\s'"]+/g)].map(([url]) => url);
        assert.ok(
          urls.length > 0 && urls.every((url) => url.startsWith(base)),
          urls.find((url) => !url.startsWith(base)),
        );
      }
    });
  });
}
