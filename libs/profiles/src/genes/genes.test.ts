import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptySet } from '../record-set.ts';
import { ask, jsonOf, setOf } from '../testing.ts';
import { columns } from './columns.ts';
import { genes } from './index.ts';
import { geneView } from './shapes.ts';

/** A row as the TSV loads: every column, null where the field is empty. */
const tableRow = (values: Record<string, string>) => `{${columns.map((name) => `"${name}":${values[name] ?? 'null'}`).join(',')}}`;
const table = setOf(
  [
    tableRow({
      hgnc_id: '"HGNC:5"',
      symbol: '"A1BG"',
      entrez_id: '1',
      gene_group_id: '594',
      gene_group: '"Immunoglobulin like domain containing"',
      pubmed_id: '2591067',
      omim_id: '138670',
      mane_select: '"ENST00000263100.8|NM_130786.4"',
    }),
    tableRow({ hgnc_id: '"HGNC:37133"', symbol: '"A1BG-AS1"', gene_group_id: '"1987|22"', alias_symbol: '"FLJ23569"' }),
    tableRow({ hgnc_id: '"HGNC:9"', alias_symbol: '"a|b"', gene_group: '"x|y"' }),
  ],
  { key: 'hgnc_id', format: 'tsv' },
);
const document =
  '{"hgnc_id":"HGNC:37","symbol":"ABCA7","alias_symbol":["ABCX","Z"],"entrez_id":"10347","gene_group_id":[805],"pubmed_id":[10873640,11435699],"omim_id":["605414"],"_version_":1794565469998415872}';
const documents = setOf([document], { key: 'hgnc_id', format: 'json' });
const gene = (url: string, set = table) => jsonOf(ask(genes, url, set));

test('ids of all genes, as a plain list', async () => {
  assert.deepEqual(await gene('/genes'), ['HGNC:5', 'HGNC:37133', 'HGNC:9']);
  assert.deepEqual(await gene('/genes?limit=1&offset=1'), ['HGNC:37133']);
  assert.deepEqual(await gene('/genes', emptySet('genes')), []);
});

test('the table’s form has all 54 columns, an empty text where there is nothing, numbers where the course has them', async () => {
  const found = await gene('/genes/HGNC:5');
  assert.deepEqual(Object.keys(found), [...columns]);
  assert.equal(columns.length, 54);
  assert.deepEqual(
    [found.entrez_id, found.gene_group_id, found.pubmed_id, found.omim_id, found.vega_id, found.mane_select],
    [1, 594, 2591067, 138670, '', 'ENST00000263100.8|NM_130786.4'],
  );
});

test('the documents’ form leaves out what is missing and has lists where any gene has several values', async () => {
  assert.deepEqual(await gene('/genes/HGNC:5?shape=json'), {
    hgnc_id: 'HGNC:5',
    symbol: 'A1BG',
    gene_group: ['Immunoglobulin like domain containing'],
    gene_group_id: [594],
    entrez_id: '1',
    pubmed_id: 2591067,
    omim_id: '138670',
    mane_select: ['ENST00000263100.8', 'NM_130786.4'],
  });
  assert.deepEqual((await gene('/genes/HGNC:37133?shape=json')).gene_group_id, [1987, 22]);
  assert.deepEqual((await gene('/genes/HGNC:37133?shape=json')).alias_symbol, ['FLJ23569']);
});

test('which columns are lists is told from the whole table in one pass over each row', async () => {
  const gene = (i: number) =>
    tableRow({ hgnc_id: `"HGNC:${i}"`, symbol: '"A"', alias_symbol: i % 2 === 0 ? '"a|b"' : '"c"', agr: `"HGNC:${i}"` });
  const many = setOf(
    Array.from({ length: 20_000 }, (_, i) => gene(i)),
    { key: 'hgnc_id', format: 'tsv', columns: columns.map((name) => ({ name, type: 'string', asStored: true })) },
  );
  const before = process.cpuUsage();
  const view = geneView(many, 'json');
  const ms = process.cpuUsage(before).user / 1000;
  assert.equal(view?.(gene(1)), '{"hgnc_id":"HGNC:1","symbol":"A","alias_symbol":["c"],"agr":"HGNC:1"}');
  assert.ok(ms < 500, `${Math.round(ms)} ms`);
});

test('a document comes back byte for byte, its version beyond 2^53 exact; or as a row of the table', async () => {
  const answer = await ask(genes, '/genes/HGNC:37', documents);
  assert.equal(answer.kind === 'json' && answer.text, `${document}\n`);
  const row = await gene('/genes/HGNC:37?shape=tsv', documents);
  assert.deepEqual(Object.keys(row), [...columns]);
  assert.deepEqual(
    [row.alias_symbol, row.entrez_id, row.gene_group_id, row.pubmed_id, row.omim_id, row.name],
    ['ABCX|Z', 10347, 805, '10873640|11435699', 605414, ''],
  );
});

test('what is no gene is not found', async () => {
  for (const id of ['HGNC:99', 'nonsense', 'HGNC:'])
    await assert.rejects(ask(genes, `/genes/${id}`, table), { status: 404, message: /There is no gene/ });
});
