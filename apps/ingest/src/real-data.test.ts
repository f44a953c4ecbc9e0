import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { sharedData } from '@almanac/testkit';
import { startIngest } from './testing.ts';

const ingest = await startIngest();
after(() => ingest.close());

interface Sample {
  file: string;
  rows: number;
  key: string;
  format: string;
}

const samples: readonly Sample[] = [
  { file: 'Meteorite_Landings_full.csv', rows: 45_716, key: 'id', format: 'csv' },
  { file: 'hgnc_complete_set.2024-10.txt.gz', rows: 43_882, key: 'hgnc_id', format: 'tsv' },
  { file: 'Meteorite_Landings.json', rows: 30, key: 'id', format: 'json' },
  { file: 'ML_Data_Sample.json', rows: 300, key: 'id', format: 'json' },
  { file: 'usgs_earthquakes_all_month.2022-05-01.csv', rows: 9278, key: 'id', format: 'csv' },
  { file: 'turbidity_data.json', rows: 370, key: 'datetime', format: 'json' },
  { file: 'degrees.json', rows: 5, key: 'id', format: 'json' },
  { file: 'Meteorite_Landings.xml', rows: 30, key: 'id', format: 'xml' },
  { file: 'Meteorite_Landings.yaml', rows: 30, key: 'id', format: 'yaml' },
  { file: 'iss/ISS.OEM_J2K_EPH.2022-042.xml', rows: 5524, key: 'EPOCH', format: 'oem' },
  { file: 'iss/ISS.OEM_J2K_EPH.2024-045.xml', rows: 5833, key: 'EPOCH', format: 'oem' },
  { file: 'iss/ISS.OEM_J2K_EPH.2024-052.xml', rows: 5926, key: 'EPOCH', format: 'oem' },
  { file: 'iss/ISS.OEM_J2K_EPH.2024-052.txt', rows: 5926, key: 'EPOCH', format: 'oem' },
  { file: 'iss/ISS.OEM_J2K_EPH.2025-057.xml', rows: 5413, key: 'EPOCH', format: 'oem' },
];

for (const { file, rows, key, format } of samples) {
  const data = sharedData(file);
  test(`${file}, sent by curl --data-binary`, { skip: data.skip }, async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, report, problem } = await ingest.send('/v1/datasets/real', readFileSync(data.path), form);
    assert.ok(status === 200 || status === 201, problem.detail);
    assert.deepEqual([report.rows, report.rejected, report.key, report.format], [rows, 0, key, format]);
    const records = await ingest.records('real');
    assert.equal(records.length, rows);
    // Numbers that came as strings, and a year before 1000, are numbers to who reads them.
    if (file === 'Meteorite_Landings.json') assert.deepEqual([records[0]?.id, records[0]?.['mass (g)']], [10_001, 21]);
    if (rows === 45_716) assert.equal(records.find(({ name }) => name === 'Narni')?.year, 920);
    if (key === 'hgnc_id') assert.deepEqual([records[0]?.hgnc_id, records.at(-1)?.hgnc_id], ['HGNC:5', 'HGNC:44415']);
  });
}

const landings = ['json', 'csv', 'xml', 'yaml'].map((extension) => sharedData(`Meteorite_Landings.${extension}`));
test("the course's landings are the same records in four notations", {
  skip: landings.find(({ skip }) => skip)?.skip ?? false,
}, async () => {
  const sets: Record<string, unknown>[][] = [];
  for (const { path } of landings) {
    await ingest.send(`/v1/datasets/notations?filename=${path.split('/').at(-1)}`, readFileSync(path));
    // XML has no brackets in names.
    sets.push(
      (await ingest.records('notations')).map(({ mass_g, ...rest }) => (mass_g === undefined ? rest : { ...rest, 'mass (g)': mass_g })),
    );
  }
  const [fromJson = [], fromCsv, fromXml, fromYaml] = sets;
  assert.equal(fromJson.length, 30);
  assert.deepEqual(fromXml, fromJson);
  assert.deepEqual(fromYaml, fromJson);
  // The CSV has all but the last.
  assert.deepEqual(fromCsv, fromJson.slice(0, 29));
});
