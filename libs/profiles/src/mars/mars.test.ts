import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptySet } from '../record-set.ts';
import type { MakingRoute } from '../route.ts';
import { ask, jsonOf, setOf } from '../testing.ts';
import { mars } from './index.ts';
import { sites } from './sites.ts';
import { greatCircleKm } from './trip.ts';

const making = mars.routes.find(({ service }) => service === 'ingest') as MakingRoute;
/** Worked out by hand from R * acos(sin a sin b + cos a cos b cos(c - d)), the course's formula. */
const two = setOf([
  { site_id: 1, latitude: 16, longitude: 83, composition: 'iron' },
  { site_id: 2, latitude: 17, longitude: 83, composition: 'stony' },
]);

test('sites are five, in Syrtis Major, and the same for the same seed', () => {
  const made = sites(5, 7);
  assert.deepEqual(
    made.map(({ site_id }) => site_id),
    [1, 2, 3, 4, 5],
  );
  for (const { latitude, longitude, composition } of made) {
    assert.ok(latitude >= 16 && latitude < 18 && longitude >= 82 && longitude < 84);
    assert.ok(['stony', 'iron', 'stony-iron'].includes(composition));
  }
  assert.deepEqual(sites(5, 7), made);
  assert.notDeepEqual(sites(5, 8), made);
  assert.notDeepEqual(sites(), sites());
  assert.equal(making.records({ n: 12 }).length, 12);
});

for (const [body, message] of [
  [{ n: 0 }, /n: '0' is not a whole number from 1/],
  [{ n: 'five' }, /n: 'five'/],
  [{ n: 1e9 }, /n: '1000000000'/],
  [{ seed: -1 }, /seed: '-1'/],
  [{ seed: [] }, /seed/],
] as const) {
  test(`sites of ${JSON.stringify(body)} are refused`, () => {
    assert.throws(() => making.records(body), message);
  });
}

test('a trip: every leg, travel and sampling times, their sum', async () => {
  const trip = await jsonOf<{ legs: { time_to_travel: number; time_to_sample: number; leg: number }[]; total_time_elapsed: number }>(
    ask(mars, '/mars/trip', two),
  );
  const [first, second] = trip.legs;
  assert.ok(Math.abs((first?.time_to_travel as number) - 5.68662) < 1e-5, String(first?.time_to_travel));
  assert.ok(Math.abs((second?.time_to_travel as number) - 5.915793) < 1e-5, String(second?.time_to_travel));
  assert.deepEqual([first?.time_to_sample, second?.time_to_sample], [2, 1]);
  assert.ok(Math.abs(trip.total_time_elapsed - 14.602414) < 1e-5);
});

test('the course’s lines', async () => {
  assert.deepEqual(await ask(mars, '/mars/trip?f=text', two), {
    kind: 'text',
    status: 200,
    text: [
      'leg = 1, time to travel = 5.69 hr, time to sample = 2 hr',
      'leg = 2, time to travel = 5.92 hr, time to sample = 1 hr',
      '===============================',
      'number of legs = 2, total time elapsed = 14.6 hr',
      '',
    ].join('\n'),
  });
});

test('constants can be given, and are checked', async () => {
  const slow = await jsonOf<{ total_time_elapsed: number }>(ask(mars, '/mars/trip?speed=5&iron=1&longitude=83', two));
  assert.ok(Math.abs(slow.total_time_elapsed - (0 + 1 + 2 * 5.915793 + 1)) < 1e-4, String(slow.total_time_elapsed));
  for (const query of ['speed=0', 'speed=abc', 'speed=-1', 'radius=1e999', 'latitude=91', 'iron=no'])
    await assert.rejects(ask(mars, `/mars/trip?${query}`, two), { status: 400 });
});

test('a long constant that is no number is refused at once', async () => {
  const before = process.cpuUsage();
  for (const name of ['latitude', 'speed'])
    await assert.rejects(ask(mars, `/mars/trip?${name}=${'1'.repeat(100_000)}x`, two), { status: 400 });
  assert.ok(process.cpuUsage(before).user < 500_000);
});

test('no sites, and sites that make no trip', async () => {
  assert.deepEqual(await jsonOf(ask(mars, '/mars/sites', emptySet('mars'))), { sites: [] });
  await assert.rejects(ask(mars, '/mars/trip', emptySet('mars')), { status: 404 });
  const odd = (site: object) => ask(mars, '/mars/trip', setOf([{ site_id: 1, latitude: 16, longitude: 82, composition: 'iron', ...site }]));
  await assert.rejects(odd({ composition: 'cheese' }), /of 'cheese'; how long a sample takes is known for stony, iron, stony-iron/);
  await assert.rejects(odd({ latitude: null }), /has no latitude/);
});

test('the way over a sphere does not fail at its ends', () => {
  assert.equal(greatCircleKm(10, 20, 10, 20, 3389.5), 0);
  assert.ok(Math.abs(greatCircleKm(0, 0, 0, 180, 1) - Math.PI) < 1e-12);
  assert.ok(Math.abs(greatCircleKm(90, 13, -90, 77, 1) - Math.PI) < 1e-12);
});
