// The web pages, in a real browser.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Client } from './client.ts';
import { Stack } from './stack.ts';

const executablePath = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));
const skip =
  process.env.ALMANAC_TEST_ALL !== '1'
    ? 'long suite: ./almanac test --all'
    : executablePath === undefined
      ? 'no Chromium on this machine (apt-get install chromium)'
      : false;

const stack = new Stack();
let browser: Browser;
let page: Page;
const failures: string[] = [];

before(async () => {
  if (skip !== false) return;
  await stack.start();
  browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('console', (message) => message.type() === 'error' && failures.push(message.text()));
  page.on(
    'request',
    (request) =>
      request.url().startsWith(stack.url) || request.url().startsWith('data:') || failures.push(`outside request: ${request.url()}`),
  );
});
after(async () => {
  await browser?.close();
  await stack.end();
});

test('an empty Almanac shows the next commands', { skip }, async () => {
  await page.goto(stack.url);
  assert.match(await page.title(), /Almanac/);
  assert.match((await page.textContent('body')) ?? '', /curl/);
});

test('the landing page lists data sets, shows plots as pictures with alternative text, and its links work', {
  skip,
}, async () => {
  const client = new Client(stack.url);
  await client.put('/v1/datasets/stones', 'id,name,mass\n1,<b>Bold</b>,5\n2,B,7\n3,C,9\n');
  await client.submit({ dataset: 'stones', type: 'histogram', x: 'mass', title: '<script>alert(1)</script>' }, ['png', 'svg'], {
    prefer: 'wait=20',
  });
  await page.goto(stack.url);
  assert.match((await page.textContent('body')) ?? '', /stones/);
  const picture = page.locator('img').first();
  assert.ok((await picture.getAttribute('alt'))?.includes('istogram'));
  assert.ok(await picture.evaluate((image: { complete: boolean; naturalWidth: number }) => image.complete && image.naturalWidth > 0));
  const links = await page.locator('a[href]').evaluateAll((all) => all.map((a) => (a as unknown as { href: string }).href));
  for (const link of new Set(links.filter((href) => href.startsWith(stack.url)))) assert.ok((await fetch(link)).ok, link);
});

test('it fits a phone, and has a dark mode', { skip }, async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(stack.url);
  const { wide, background } = await page.evaluate(() => {
    const view = globalThis as unknown as {
      innerWidth: number;
      document: { documentElement: { scrollWidth: number }; body: object };
      getComputedStyle: (e: object) => { backgroundColor: string };
    };
    return {
      wide: view.document.documentElement.scrollWidth - view.innerWidth,
      background: view.getComputedStyle(view.document.body).backgroundColor,
    };
  });
  assert.ok(wide <= 0, `${wide} px wider than the screen`);
  const [red = 255] = (/\d+/.exec(background) ?? []).map(Number);
  assert.ok(red < 100, background);
});

test('the documentation page shows every route of the merged OpenAPI document, without external resources', { skip }, async () => {
  await page.setViewportSize({ width: 1200, height: 900 });
  await page.goto(`${stack.url}/docs/`);
  await page.waitForSelector('.opblock');
  const shown = await page.locator('.opblock').count();
  const { json } = await new Client(stack.url).get('/openapi.json');
  const routes = Object.values(json.paths as Record<string, object>).reduce((n, methods) => n + Object.keys(methods).length, 0);
  assert.equal(shown, routes);
});

test('no page logged an error or sent an external request', { skip }, () => {
  assert.deepEqual(failures, []);
});
