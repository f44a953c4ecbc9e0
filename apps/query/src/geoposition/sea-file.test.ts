import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Geopositions } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-seas-'));
after(() => rmSync(folder, { recursive: true }));

const box = [
  [-20, -10],
  [-20, 10],
  [10, 10],
  [10, -10],
  [-20, -10],
];
const area = (name: string | null, scalerank: unknown, coordinates: unknown = [box]) => ({
  type: 'Feature',
  properties: { name, featurecla: 'sea', scalerank },
  geometry: { type: 'Polygon', coordinates },
});
function fileWith(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('a path without a file is refused at once, with what would be right', () => {
  for (const [path, why] of [
    [join(folder, 'absent.geojson'), 'ENOENT'],
    [folder, 'it is not a file'],
  ] as const) {
    assert.throws(
      () => new Geopositions({ seaPolygons: path }),
      (error: Error) =>
        error.message.includes(path) && error.message.includes(why) && /ne_10m_geography_marine_polys as GeoJSON/.test(error.message),
    );
  }
});

const wrong: Record<string, [content: unknown, why: RegExp]> = {
  'no JSON': ['PK\u0003\u0004', /is not valid JSON/],
  'no features': [{ type: 'FeatureCollection' }, /features/],
  'an empty list': [{ features: [] }, /\/features must not have fewer than 1/],
  'no scalerank': [{ features: [area('A', 0), area('B', undefined)] }, /\/features\/1\/properties .*scalerank/],
  lines: [{ features: [{ ...area('A', 0), geometry: { type: 'LineString', coordinates: box } }] }, /\/features\/0\/geometry\/type/],
  'positions that are none': [{ features: [area('A', 0), area('B', 0, [[['x', 'y']]])] }, /\/features\/1\/geometry\/coordinates/],
  'a ring too shallow': [{ features: [area('A', 0, box)] }, /\/features\/0\/geometry\/coordinates/],
};
for (const [name, [content, why]] of Object.entries(wrong)) {
  test(`a sea file with ${name} fails the questions, saying what is wrong with it`, async () => {
    const path = fileWith('wrong.geojson', content);
    await assert.rejects(
      new Geopositions({ seaPolygons: path }).at(0, 0),
      (error: Error) => why.test(error.message) && error.message.includes(path),
    );
  });
}

test('a sea file put right needs no restart, and the smallest water with a name is the one', async () => {
  const path = fileWith('seas.geojson', '[]');
  const geopositions = new Geopositions({ seaPolygons: path });
  await assert.rejects(geopositions.at(0, 0), /seas\.geojson cannot be used/);
  fileWith('seas.geojson', { features: [area('GREAT  OCEAN', 0), area('Small  Bay', 5), area(null, 9)] });
  const { text, geo } = await geopositions.at(0, 0);
  assert.deepEqual([text, geo.water], ['over Small Bay', 'Small Bay']);
  assert.equal((await geopositions.at(-30, 0)).text, 'over open water');
});
