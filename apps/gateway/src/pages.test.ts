import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, describe, test } from 'node:test';
import { requestLimits } from '@almanac/domain';
import { routes } from './map.ts';
import { type Answer, ask, deadAddress, sendText, startGateway, startStub } from './testing.ts';

const evil = `"><script>alert('x')</script>&amp;`;
const job = '8e03978e-40d5-43e8-bc93-6894a57f9324';
const datasets = [
  {
    id: 'meteorites',
    title: 'Meteorite landings',
    rows: 45716,
    rejected: 0,
    columns: [{ name: 'mass' }, { name: 'year' }],
    version: '1-3fa94c02d1b7e650',
  },
  { id: evil, title: evil, rows: 1, columns: [], version: evil },
];
const jobs = [
  {
    id: job,
    status: 'complete',
    inputs: { type: 'scatter', width: 800, height: 600 },
    dataset: { id: 'meteorites' },
    results: { png: {}, svg: {} },
    description: 'Scatter of mass against year: 45,716 points.',
  },
  { id: evil, status: 'complete', inputs: { type: evil, width: evil }, dataset: { id: evil }, results: { svg: {} }, description: evil },
  { id: 'statistics-only', inputs: {}, results: { json: {} } },
];
const services: RequestListener = (request, answer) => {
  if (request.url?.startsWith('/v1/datasets?')) sendText(answer, JSON.stringify({ items: datasets }));
  else if (request.url?.startsWith('/v1/jobs?')) sendText(answer, JSON.stringify({ items: jobs }));
  else answer.writeHead(404, { 'content-length': 0 }).end();
};
const stub = await startStub({ after }, services);
const empty = await startStub({ after }, (_, answer) => sendText(answer, '{"items":[]}'));
const full = await startGateway({ after }, stub.url);
const fresh = await startGateway({ after }, empty.url);
const alone = await startGateway({ after }, await deadAddress());

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const page = (base: string, path = '/'): Promise<Answer> => ask(base + path, { headers: browser });

describe('the landing page', () => {
  test('shows data sets with links, plots with text descriptions, and commands that work', async () => {
    const { status, headers, body } = await page(full.base);
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    for (const part of [
      '<a href="/v1/datasets/meteorites">meteorites</a>',
      'Meteorite landings',
      '45,716',
      '1-3fa94c02d1b7e650',
      'href="/v1/datasets/meteorites/records"',
      'href="/v1/datasets/meteorites.csv"',
      'href="/v1/datasets/meteorites.json"',
      `<img src="/v1/jobs/${job}/results/png" alt="Scatter of mass against year: 45,716 points." width="800" height="600"`,
      `href="/v1/jobs/${job}/results/svg"`,
      `href="/v1/jobs/${job}"`,
      'href="/docs"',
      'href="/help"',
      'href="/openapi.json"',
      `curl -T meteorites.csv ${full.base}/v1/datasets/meteorites`,
    ]) {
      assert.ok(body.includes(part), part);
    }
    assert.equal(body.match(/<pre>/g)?.length, 5);
    assert.doesNotMatch(body, /statistics-only/);
    assert.doesNotMatch(body, /role="status"/);
  });

  test('escapes all text, and forbids scripts', async () => {
    const { headers, body } = await page(full.base);
    assert.doesNotMatch(body, /<script/i);
    assert.doesNotMatch(body, /="[^"]*"><script|alert\('x'\)/);
    assert.ok(body.includes('&#38;amp;'));
    const csp = headers['content-security-policy'] as string;
    assert.match(csp, /^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self' data:; base-uri 'none'/);
    assert.doesNotMatch(csp, /unsafe|script-src|https?:/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.doesNotMatch(body, /(src|href)="(https?:)?\/\//);
  });

  test('reads the services once for concurrent visitors', async (t) => {
    const busy = await startStub(t, (_, answer) => setTimeout(() => sendText(answer, '{"items":[]}'), 50));
    const { base } = await startGateway(t, busy.url);
    const answers = await Promise.all(Array.from({ length: 20 }, () => page(base)));
    answers.push(await page(base));
    for (const { status, body } of answers) assert.deepEqual([status, /is unavailable/.test(body)], [200, false]);
    assert.deepEqual(busy.hits.sort(), ['GET /v1/datasets?limit=50', 'GET /v1/jobs?status=complete&limit=6']);
  });

  test('limits the lists that it reads and shows', async (t) => {
    const many = Array.from({ length: 200 }, (_, i) => ({ id: `set-${i}`, title: 'long '.repeat(400), columns: 3 }));
    const large = await startStub(t, (request, answer) => {
      if (request.url?.startsWith('/v1/datasets')) sendText(answer, JSON.stringify({ items: many }));
      else sendText(answer, JSON.stringify({ items: [{ id: job, description: 'x'.repeat(9_000_000) }] }));
    });
    const { base } = await startGateway(t, large.url);
    const { body } = await page(base);
    assert.equal(body.match(/">set-\d+<\/a>/g)?.length, 50);
    assert.match(body, /jobs is unavailable, so the plots cannot be shown/);
    assert.ok(body.length < 100_000);
  });

  test('shows what to do if there are no data sets or plots', async () => {
    const { body } = await page(fresh.base);
    assert.match(body, /No data sets yet\. Load one/);
    assert.match(body, /No plots yet\. Submit one/);
  });

  test('works without the services, and reports those that are unavailable', async () => {
    const { status, body } = await page(alone.base);
    assert.equal(status, 200);
    assert.match(body, /query is unavailable, so the data sets cannot be shown/);
    assert.match(body, /jobs is unavailable/);
    assert.doesNotMatch(body, /No (data sets|plots) yet/);
    assert.match(body, /curl -T meteorites\.csv/);
  });

  test('returns the default data set to a program if query has one', async (t) => {
    const query = await startStub(t, (request, answer) => {
      if (request.url === '/?dataset=x') sendText(answer, '{"ndm":{}}\n');
      else answer.writeHead(404, { 'content-length': 0 }).end();
    });
    const { base } = await startGateway(t, empty.url, {}, { query: query.url });
    const { headers, body } = await ask(`${base}/?dataset=x`);
    assert.deepEqual([headers['content-type'], body], ['application/json', '{"ndm":{}}\n']);
    assert.match((await page(base)).body, /<html/);
    assert.match((await ask(`${base}/`)).body, /curl http/);
  });

  test('returns query’s error to a program', async (t) => {
    const waiting = JSON.stringify({ status: 'Error', message: 'still being loaded', error: 'still being loaded' });
    const query = await startStub(t, (_, answer) =>
      answer.writeHead(503, { 'content-type': 'application/json', 'retry-after': '5' }).end(waiting),
    );
    const { base } = await startGateway(t, empty.url, {}, { query: query.url });
    const { status, headers, body } = await ask(`${base}/`);
    assert.deepEqual([status, headers['content-type'], headers['retry-after'], body], [503, 'application/json', '5', waiting]);
    const away = await ask(`${alone.base}/`);
    assert.deepEqual([away.status, (JSON.parse(away.body) as { status: string }).status], [503, 'Error']);
    assert.match(away.body, /query is unavailable/);
    assert.ok(away.headers['retry-after']);
  });

  test('returns a few commands to a program', async () => {
    const { headers, body } = await ask(`${full.base}/`);
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(body, new RegExp(`curl ${full.base}/help`));
  });
});

describe('/help', () => {
  test('returns JSON to a caller that accepts only JSON', async () => {
    for (const accept of ['application/json', 'Application/JSON; charset=utf-8']) {
      const { headers, body } = await ask(`${full.base}/help`, { headers: { accept } });
      assert.deepEqual([headers['content-type'], headers.vary], ['application/json', 'accept']);
      assert.deepEqual(
        JSON.parse(body),
        Object.fromEntries(routes.map(({ method, path, summary }) => [`${method} ${path.replace(/:(\w+)/g, '{$1}')}`, summary])),
      );
    }
    const some = await ask(`${full.base}/help?q=delete-data`, { headers: { accept: 'application/json' } });
    assert.deepEqual(JSON.parse(some.body), { 'DELETE /delete-data': 'Delete all records (same as DELETE /data)' });
    for (const accept of ['*/*', 'text/html', 'application/json, text/plain, */*']) {
      const { headers } = await ask(`${full.base}/help`, { headers: { accept } });
      assert.deepEqual([headers['content-type'], headers.vary], ['text/plain; charset=utf-8', 'accept'], accept);
    }
  });

  test('has a summary and a command for every route, and fits 100 columns', async () => {
    const { headers, body } = await ask(`${full.base}/help`, { headers: { host: 'localhost:5000' } });
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    for (const { method, path, summary } of routes) {
      assert.ok(body.includes(`  ${method} ${path.replace(/:(\w+)/g, '{$1}')}\n      ${summary}\n      curl `), `${method} ${path}`);
    }
    const long = body.split('\n').filter((line) => line.length > 100);
    assert.deepEqual(long, []);
    assert.match(body, /curl -T meteorites\.csv http:\/\/localhost:5000\/v1\/datasets\/meteorites/);
    assert.doesNotMatch(body, /\$BASE/);
  });

  test('?q= shows only routes that mention the word, and suggests a similar word', async () => {
    const { body } = await ask(`${full.base}/help?q=PLOT`);
    assert.match(body, /POST \/v1\/jobs/);
    assert.doesNotMatch(body, /DELETE \/v1\/datasets/);
    assert.match((await ask(`${full.base}/help?q=datasest`)).body, /mentions 'datasest' \(did you mean 'datasets'\?\)/);
    assert.equal((await ask(`${full.base}/help?w=1`)).status, 400);
  });

  test('a hostile Host is not repeated', async () => {
    const { body } = await ask(`${full.base}/help`, { headers: { host: 'x;rm -rf' } });
    assert.doesNotMatch(body, /rm -rf/);
    assert.match(body, /curl http:\/\/localhost:5000\/help/);
  });
});

describe('/hello', () => {
  test('is 404 if the name is empty', async () => {
    const { status, headers, body } = await ask(`${full.base}/hello/`);
    assert.deepEqual([status, headers['content-type'], JSON.parse(body).status], [404, 'application/json', 'Error']);
  });

  test('greets', async () => {
    assert.equal((await ask(`${full.base}/hello`)).body, 'Hello, world!\n');
    const { headers, body } = await ask(`${full.base}/hello/Ada%20L%3C`);
    assert.equal(body, 'Hello, Ada L<!\n');
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
  });
});

describe('the course dialect', () => {
  test('reports failures in the course’s form, those of the access check too', async () => {
    for (const [path, method, status] of [
      ['/epoch', 'GET', 404],
      ['/post-data', 'GET', 405],
      ['/delete-data', 'POST', 405],
      ['/data', 'PUT', 405],
    ] as const) {
      const { status: answered, headers, body } = await ask(full.base + path, { method });
      assert.deepEqual([answered, headers['content-type']], [status, 'application/json'], path);
      const { message, ...rest } = JSON.parse(body) as { message: string };
      assert.deepEqual(rest, { status: 'Error', error: message });
    }
    const away = await ask(`${alone.base}/genes`);
    assert.deepEqual([away.status, (JSON.parse(away.body) as { status: string }).status], [503, 'Error']);
    assert.ok(away.headers['retry-after']);
  });
});

describe('/problems', () => {
  test('lists every type, as JSON and as a page', async () => {
    const { items } = JSON.parse((await ask(`${full.base}/problems`)).body) as { items: { type: string; status: number }[] };
    assert.ok(items.some(({ type, status }) => type === '/problems/unknown-column' && status === 400));
    const one = JSON.parse((await ask(`${full.base}${items[0]?.type}`)).body) as object;
    assert.deepEqual(Object.keys(one), ['type', 'status', 'title', 'meaning']);
    assert.match((await page(full.base, '/problems')).body, /<a href="\/problems\/unknown-column">/);
    assert.match((await page(full.base, '/problems/unknown-column')).body, /<h1>Unknown column<\/h1>/);
    const unknown = await ask(`${full.base}/problems/unknown-colum`);
    assert.equal(unknown.status, 404);
    assert.match(unknown.body, /did you mean 'unknown-column'/);
  });

  test('no message repeats a long path', async () => {
    for (const [length, expected] of [
      [requestLimits.urlBytes.value - 100, 404],
      [requestLimits.urlBytes.value + 1, 414],
    ] as const) {
      const long = 'a'.repeat(length);
      for (const path of [
        `/v1/dataset/${long}`,
        `/v1/datasets/${long}/record`,
        `/${long}`,
        `/v1/jobs/${long}/event`,
        `/datasets/${long}`,
      ]) {
        const { status, body } = await ask(full.base + path);
        assert.equal(status, expected, path.slice(0, 30));
        assert.ok(body.length < 1_000, `${path.slice(0, 30)}: ${body.length} bytes`);
      }
    }
  });

  test('unknown paths get a suggestion, wrong methods the allowed ones', async () => {
    const near = await ask(`${full.base}/v1/dataset/meteorites`);
    assert.deepEqual([near.status, near.headers['content-type']], [404, 'application/problem+json']);
    assert.match(near.body, /did you mean '\/v1\/datasets\/meteorites'/);
    assert.match((await ask(`${full.base}/datasets/meteorites`)).body, /did you mean '\/v1\/datasets\/meteorites'/);
    assert.doesNotMatch((await ask(`${full.base}/wp-login.php`)).body, /did you mean/);
    const wrong = await ask(`${full.base}/v1/datasets/x`, { method: 'POST', body: 'x' });
    assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'DELETE, GET, HEAD, PUT']);
    assert.equal((await ask(`${full.base}/help`, { method: 'DELETE' })).headers.allow, 'GET, HEAD');
  });
});

describe('/docs', () => {
  test('loads only files of the gateway, and /openapi.json', async () => {
    const { status, headers, body } = await page(full.base, '/docs');
    assert.equal(status, 200);
    assert.doesNotMatch(body, /(src|href)="(https?:)?\/\//);
    assert.doesNotMatch(headers['content-security-policy'] as string, /https?:/);
    for (const [, path] of body.matchAll(/(?:src|href)="([^"]+)"/g)) assert.equal((await ask(full.base + path)).status, 200, path);
    assert.deepEqual([(await ask(`${full.base}/docs/json`)).headers.location], ['/openapi.json']);
  });
});

describe('/readyz', () => {
  test('reports unavailable services, but the gateway stays ready', async () => {
    const { status, body } = await ask(`${alone.base}/readyz`);
    assert.equal(status, 200);
    const { checks } = JSON.parse(body) as { checks: Record<string, { status: string; output: string }> };
    assert.deepEqual(Object.keys(checks), ['ingest', 'query', 'jobs', 'connections']);
    assert.equal(checks.query?.status, 'warn');
  });
});
