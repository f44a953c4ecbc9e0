// Real data through the gateway: the numbers are facts about the files (see their README), not about this program.
import assert from 'node:assert/strict';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { Client, pngSize } from './client.ts';
import { Stack } from './stack.ts';

const folder = process.env.ALMANAC_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');
const real = (name: string) => ({
  path: join(folder, name),
  skip: existsSync(join(folder, name)) ? false : `real data file ${name} is not beside this checkout`,
});
const meteorites = real('Meteorite_Landings_full.csv');
const genes = real('hgnc_complete_set.2024-10.txt.gz');

const stack = new Stack();
let client: Client;
before(async () => {
  await stack.start();
  client = new Client(stack.url);
});
after(() => stack.end());

const upload = (id: string, path: string, headers: Record<string, string>) =>
  client.ask('PUT', `/v1/datasets/${id}`, { body: Readable.toWeb(createReadStream(path)) as ReadableStream, headers });

/** Reads every record, page by page, by the `next` links. */
async function* pages(path: string): AsyncGenerator<Record<string, unknown>[]> {
  let next: string | undefined = path;
  while (next !== undefined) {
    const { json } = await client.get(next);
    yield json.items;
    next = json.links.find((link: { rel: string }) => link.rel === 'next')?.href;
  }
}

async function keysByPaging(id: string, key: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const items of pages(`/v1/datasets/${id}/records?limit=5000&fields=${key}`))
    keys.push(...items.map((item) => String(item[key])));
  return keys;
}

test('45,716 meteorites: loaded, paged through, plotted', { skip: meteorites.skip }, async () => {
  const { json: report } = await upload('meteorites', meteorites.path, { 'content-type': 'text/csv' });
  assert.deepEqual([report.rows, report.rejected, report.key], [45_716, 0, 'id']);
  const mass = report.columns.find((c: { name: string }) => c.name === 'mass (g)');
  assert.deepEqual([mass.type, mass.unit, mass.evidence.missing], ['number', 'g', 131]);

  const keys = await keysByPaging('meteorites', 'id');
  assert.equal(keys.length, 45_716);
  assert.equal(new Set(keys).size, 45_716);
  assert.equal(keys[0], '1');
  assert.equal((await client.get(`/v1/datasets/meteorites/records/${keys[0]}`)).json.name, 'Aachen');
  assert.equal((await client.get(`/v1/datasets/meteorites/records/${keys.at(-1)}`)).status, 200);
  assert.equal((await client.get('/v1/datasets/meteorites/records?recclass=L6&limit=1')).json.numberMatched, 8_285);

  const histogram = await client.submit({ dataset: 'meteorites', type: 'histogram', x: 'mass (g)' }, ['png', 'svg'], { prefer: 'wait=30' });
  const scatter = await client.submit({ dataset: 'meteorites', type: 'scatter', x: 'reclong', y: 'reclat' }, ['png', 'svg'], {
    prefer: 'wait=30',
  });
  for (const [{ json: job }, titles] of [
    [histogram, ['mass (g)', 'count']],
    [scatter, ['reclong', 'reclat']],
  ] as const) {
    assert.equal(job.status, 'complete', JSON.stringify(job.problem));
    const png = (await client.get(job.results.png.href)).bytes;
    assert.deepEqual(pngSize(png), { width: 640, height: 480 });
    assert.ok(png.length > 6_000, 'a picture with ink in it');
    const svg = (await client.get(job.results.svg.href)).text;
    for (const title of titles) assert.ok(svg.includes(title), `the SVG names its axis ${title}`);
  }
  assert.match(scatter.json.description, /38,401|38401|45,716|45716/);
});

test('43,882 genes from a gzipped TSV: loaded, paged through, read by key', { skip: genes.skip }, async () => {
  const { json: report } = await upload('genes', genes.path, { 'content-type': 'text/tab-separated-values', 'content-encoding': 'gzip' });
  assert.deepEqual([report.rows, report.rejected, report.key, report.columns.length], [43_882, 0, 'hgnc_id', 54]);
  const keys = await keysByPaging('genes', 'hgnc_id');
  assert.equal(keys.length, 43_882);
  assert.deepEqual([keys[0], keys[1], keys.at(-1)], ['HGNC:5', 'HGNC:37133', 'HGNC:44415']);
  assert.equal((await client.get('/v1/datasets/genes/records/HGNC:5')).json.symbol, 'A1BG');
  assert.equal((await client.get('/v1/datasets/genes/records?locus_group=protein-coding%20gene&limit=1')).json.numberMatched, 19_290);
  const whole = await client.get('/v1/datasets/genes.json');
  assert.equal(whole.json.length, 43_882);
});

for (const [name, type, rows] of [
  ['Meteorite_Landings.json', 'application/json', 30],
  ['ML_Data_Sample.json', 'application/json', 300],
  ['turbidity_data.json', 'application/json', 370],
  ['degrees.json', 'application/json', 5],
  ['usgs_earthquakes_all_month.2022-05-01.csv', 'text/csv', 9_278],
] as const) {
  const file = real(name);
  test(`${name}: ${rows} records and a plot chosen for them`, { skip: file.skip }, async () => {
    const id = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 40);
    const { json: report } = await upload(id, file.path, { 'content-type': type });
    assert.deepEqual([report.rows, report.rejected], [rows, 0], JSON.stringify(report.rejects));
    const { json: job } = await client.submit({ dataset: id }, ['png'], { prefer: 'wait=30' });
    assert.equal(job.status, 'complete', JSON.stringify(job.problem));
  });
}
