import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { State } from '@almanac/analysis';
import { sharedData } from '@almanac/testkit';
import { emptySet, type RecordSet } from '../record-set.ts';
import { ask, jsonOf, setOf } from '../testing.ts';
import { iss } from './index.ts';
import { placedEpoch } from './place.ts';
import { NodeCheck } from './self-check.ts';

const about = {
  id: 'CCSDS_OEM_VERS',
  version: '2.0',
  header: { CREATION_DATE: '2024-053T05:33:17.180Z', ORIGINATOR: 'JSC' },
  metadata: { OBJECT_NAME: 'ISS', CENTER_NAME: 'EARTH', REF_FRAME: 'EME2000' },
  comments: ['Units are in kg and m^2', '', 'ISS first asc. node: EPOCH = 2024-02-21T12:33:36.032 $ ORBIT = 45 $ LAN(DEG) = -165.81891'],
};
const columns = ['EPOCH', 'X', 'Y', 'Z', 'X_DOT', 'Y_DOT', 'Z_DOT'].map((name) => ({
  name,
  type: name === 'EPOCH' ? ('time' as const) : ('number' as const),
  asStored: true,
}));
/** The first states of NASA's file of 2024-052, digits as they stand there. */
const states = [
  '{"EPOCH":"2024-052T12:00:00.000Z","X":4721.5105798739096,"Y":2692.6387190393002,"Z":-4082.3502740408699,"X_DOT":-5.4614207249789404,"Y_DOT":3.72333576790653,"Z_DOT":-3.8618306484028202}',
  '{"EPOCH":"2024-052T12:04:00.000Z","X":3255.40408593245,"Y":3477.7470817142398,"Z":-4849.4419619836599,"X_DOT":-6.6815260318011402,"Y_DOT":2.7795716496999399,"Z_DOT":-2.4918182140635001}',
  '{"EPOCH":"2024-052T12:08:00.000Z","X":1553.2933215427799,"Y":4010.7468991515598,"Z":-5263.9972699270802,"X_DOT":-7.41636649187486,"Y_DOT":1.63519793497544,"Z_DOT":-0.94189768208915003}',
  '{"EPOCH":"2024-052T12:12:00.000Z","X":-261.34862045626102,"Y":4253.1746722929802,"Z":-5296.1069673632701,"X_DOT":-7.6136961101315599,"Y_DOT":0.37275476244953998,"Z_DOT":0.67594566756106}',
];
const set = setOf(states, { key: 'EPOCH', columns, format: 'oem', about });
const FIRST = '/epochs/2024-052T12:00:00.000Z';

test('epochs as texts, in pages, and as whole state vectors where they are wanted', async () => {
  assert.deepEqual(
    await jsonOf(ask(iss, '/epochs', set)),
    states.map((state) => (JSON.parse(state) as { EPOCH: string }).EPOCH),
  );
  assert.deepEqual(await jsonOf(ask(iss, '/epochs?limit=1&offset=2', set)), ['2024-052T12:08:00.000Z']);
  for (const url of ['/epochs?limit=0', '/epochs?offset=4']) assert.deepEqual(await jsonOf(ask(iss, url, set)), []);
  for (const url of ['/epochs?shape=objects&limit=1', '/epochs?limit=1']) {
    const answer = await ask(iss, url, set, { edition: '2024' });
    assert.deepEqual(answer.kind === 'rows' && [answer.from, answer.to, answer.view.name], [0, 1, 'state vectors']);
  }
  for (const query of ['limit=abc', 'limit=-1', 'offset=1.5', 'offset=-5'])
    await assert.rejects(ask(iss, `/epochs?${query}`, set), { status: 400, message: /limit and offset must be non-negative integers/ });
  await assert.rejects(ask(iss, '/epochs?shape=object', set), { status: 400, message: /did you mean 'objects'/ });
});

test('a state vector has the order and the digits that clients compare', async () => {
  const answer = await ask(iss, FIRST, set);
  assert.equal(
    answer.kind === 'json' && answer.text,
    '{"EPOCH":"2024-052T12:00:00.000Z","X":{"#text":"4721.5105798739096","@units":"km"},"X_DOT":{"#text":"-5.4614207249789404","@units":"km/s"},"Y":{"#text":"2692.6387190393002","@units":"km"},"Y_DOT":{"#text":"3.72333576790653","@units":"km/s"},"Z":{"#text":"-4082.3502740408699","@units":"km"},"Z_DOT":{"#text":"-3.8618306484028202","@units":"km/s"}}\n',
  );
  const plain = await ask(iss, `${FIRST}?shape=plain`, set);
  assert.equal(plain.kind === 'json' && plain.text, `${states[0]}\n`);
});

test('an epoch is found in any form of its time, and comes back as it is stored', async () => {
  for (const name of [
    '2024-052T12:04:00.000Z',
    '2024-02-21T12:04:00.000',
    '2024-02-21T12:04:00Z',
    '2024-02-21T13:04:00+01:00',
    '2024-052T12:04:00',
  ])
    assert.equal((await jsonOf(ask(iss, `/epochs/${encodeURIComponent(name)}`, set))).EPOCH, '2024-052T12:04:00.000Z');
});

for (const path of ['', '/speed', '/location']) {
  test(`an unknown epoch is not found at /epochs/<epoch>${path}`, async () => {
    for (const name of ['2024-052T12:01:00.000Z', 'xyz', '2023-01-01', '%20'])
      await assert.rejects(ask(iss, `/epochs/${name}${path}`, set), { status: 404, message: /Epoch not found/ });
  });
}

test('speed has two members and every digit', async () => {
  const answer = await ask(iss, `${FIRST}/speed`, set);
  assert.equal(answer.kind === 'json' && answer.text, '{"speed":7.655330269344684,"units":"km/s"}\n');
});

test('location: geodetic, nested or flat, always with words and an object for the place', async () => {
  // astropy 6: EME2000 as GCRS, IERS-A UT1 and pole, ITRS, WGS84 (libs/analysis/verify).
  const nested = await jsonOf<{ latitude: number; longitude: number; altitude: { value: number; units: string } }>(
    ask(iss, `${FIRST}/location`, set),
  );
  assert.deepEqual(Object.keys(nested), ['latitude', 'longitude', 'altitude', 'geoposition', 'geo']);
  assert.equal(nested.altitude.units, 'km');
  assert.ok(
    nested.latitude < -36 && nested.latitude > -38 && nested.altitude.value > 415 && nested.altitude.value < 435,
    JSON.stringify(nested),
  );
  const flat = await jsonOf(ask(iss, `${FIRST}/location?shape=flat`, set));
  assert.deepEqual(flat, { ...nested, altitude: nested.altitude.value });
  assert.deepEqual(await jsonOf(ask(iss, `${FIRST}/location`, set, { edition: '2024' })), flat);
});

test('now: the closest epoch in the form of the course’s sample, and interpolated to the moment', async () => {
  const now = await jsonOf(ask(iss, '/now?now=2024-02-21T12:05:30Z', set));
  assert.deepEqual(Object.keys(now), [
    'closest_epoch',
    'seconds_from_now',
    'location',
    'geo',
    'speed',
    'latitude',
    'longitude',
    'altitude',
    'geoposition',
    'interpolated',
    'file',
  ]);
  assert.deepEqual([now.closest_epoch, now.seconds_from_now], ['2024-052T12:04:00.000Z', 90]);
  const location = now.location as { latitude: number; altitude: { value: number }; geo: object };
  assert.deepEqual([location.latitude, location.altitude.value, location.geo], [now.latitude, now.altitude, now.geo]);
  const { time, latitude, speed } = now.interpolated as { time: string; latitude: number; speed: number };
  assert.equal(time, '2024-02-21T12:05:30.000Z');
  assert.ok(latitude < (now.latitude as number), 'it flies on to the south');
  assert.ok(speed > 7.65 && speed < 7.67);
  assert.deepEqual(await jsonOf(ask(iss, '/now', set, { now: new Date('2024-02-21T12:05:30Z') })), now);
  await assert.rejects(ask(iss, '/now?now=yesterday', set), { status: 400 });
});

test('now long after the file: its last epoch, nothing extrapolated, and what such an age means', async () => {
  const now = await jsonOf(ask(iss, '/now?now=2026-11-25T00:00:00Z', set));
  assert.equal(now.closest_epoch, '2024-052T12:12:00.000Z');
  assert.match(String((now.interpolated as { message: string }).message), /nothing is extrapolated/);
  const { age_days, accuracy, accuracy_km } = now.file as { age_days: number; accuracy: string; accuracy_km: null };
  assert.ok(age_days > 1000);
  assert.match(accuracy, /unknown/);
  assert.equal(accuracy_km, null);
});

test('any time within the ephemeris, and a refusal outside it', async () => {
  const at = (time: string) => ask(iss, `/v1/datasets/iss/iss/at?time=${encodeURIComponent(time)}`, set);
  const found = await jsonOf(at('2024-052T12:05:30.000Z'));
  assert.deepEqual([found.time, found.method, found.knots], ['2024-02-21T12:05:30.000Z', 'hermite-7', 4]);
  assert.equal((await jsonOf(at('2024-02-21T12:04:00Z'))).method, 'exact');
  assert.equal((found.file as { accuracy_km: number }).accuracy_km, 1);
  for (const time of ['2024-02-21T11:59:59Z', '2024-02-21T12:12:00.001Z'])
    await assert.rejects(at(time), {
      status: 400,
      message: /from 2024-052T12:00:00.000Z to 2024-052T12:12:00.000Z.*nothing is extrapolated/,
    });
  await assert.rejects(at('soon'), { status: 400, message: /write a time such as/ });
  await assert.rejects(ask(iss, '/v1/datasets/iss/iss/at', set), { status: 400 });
});

test('what the file says of itself, and the whole of it as xmltodict reads it', async () => {
  assert.deepEqual(await jsonOf(ask(iss, '/comment', set)), about.comments);
  assert.deepEqual(await jsonOf(ask(iss, '/header', set)), about.header);
  assert.deepEqual(await jsonOf(ask(iss, '/metadata', set)), about.metadata);
  const whole = (await jsonOf(ask(iss, '/', set))) as { ndm: { oem: Record<string, unknown> } };
  const { header, body, ...attributes } = whole.ndm.oem;
  assert.deepEqual([header, attributes], [about.header, { '@id': 'CCSDS_OEM_VERS', '@version': '2.0' }]);
  const { metadata, data } = (body as { segment: { metadata: object; data: { COMMENT: unknown[]; stateVector: unknown[] } } }).segment;
  assert.deepEqual(metadata, about.metadata);
  assert.deepEqual(data.COMMENT, [about.comments[0], null, about.comments[2]]);
  assert.deepEqual(data.stateVector[0], await jsonOf(ask(iss, FIRST, set)));
  assert.equal(data.stateVector.length, 4);
});

test('without data lists are empty and single things are not found', async () => {
  const none = emptySet('iss');
  for (const [url, empty] of [
    ['/epochs', []],
    ['/comment', []],
    ['/header', {}],
    ['/metadata', {}],
    ['/', {}],
  ] as const)
    assert.deepEqual(await jsonOf(ask(iss, url, none)), empty);
  const shown = await ask(iss, '/epochs?shape=objects', none);
  assert.deepEqual(shown.kind === 'rows' && [shown.from, shown.to], [0, 0]);
  for (const url of [FIRST, `${FIRST}/speed`, `${FIRST}/location`, '/now', '/v1/datasets/iss/iss/at?time=2024-02-21T12:00:00Z'])
    await assert.rejects(ask(iss, url, none), { status: 404 });
});

test('records in another order are put in the order of time; records that are no ephemeris say so', async () => {
  const shuffled = setOf([states[2], states[0], states[3], states[1]] as string[], { columns });
  assert.equal((await jsonOf(ask(iss, '/now?now=2024-02-21T12:05:30Z', shuffled))).closest_epoch, '2024-052T12:04:00.000Z');
  assert.equal((await jsonOf(ask(iss, '/v1/datasets/x/iss/at?time=2024-02-21T12:05:30Z', shuffled))).method, 'hermite-7');
  const broken = (row: string) => ask(iss, '/now', setOf([states[0] as string, row], { columns }));
  await assert.rejects(broken((states[1] as string).replace('2024-052T12:04:00.000Z', 'never')), { status: 400, message: /no ephemeris/ });
  await assert.rejects(broken((states[1] as string).replace(/"X":[^,]+/, '"X":null')), { status: 400, message: /no ephemeris/ });
  await assert.rejects(broken((states[1] as string).replace(/"X":[^,]+/, '"X":"far"')), { status: 400, message: /'far' in 'X'/ });
});

test('states that share an epoch, as the segments of a file may: the last of them counts', async () => {
  const later = (states[1] as string).replace('4849.4419619836599', '4800');
  const shared = setOf([states[0], states[1], later, states[2]] as string[], { columns });
  assert.equal((await jsonOf<string[]>(ask(iss, '/epochs', shared))).length, 4);
  for (const url of [FIRST, `${FIRST}/speed`, `${FIRST}/location`, '/now?now=2024-02-21T12:05:30Z']) await ask(iss, url, shared);
  const answer = await ask(iss, '/epochs/2024-052T12:04:00.000Z?shape=plain', shared);
  assert.equal(answer.kind === 'json' && answer.text, `${later}\n`);
  const check = new NodeCheck();
  for (const text of shared.texts()) check.row(text);
  assert.doesNotMatch(check.notes(about).join(), /could not be compared/);
});

test('states without a place on the Earth say so, and their speed is told', async () => {
  const at = (x: string) => (states[1] as string).replace(/"X":.*/, `"X":${x},"Y":0,"Z":0,"X_DOT":1,"Y_DOT":2,"Z_DOT":2}`);
  for (const x of ['0', '1e300', '-1e308']) {
    const odd = setOf([states[0] as string, at(x), states[2] as string], { columns });
    for (const url of [
      '/epochs/2024-052T12:04:00.000Z/location',
      '/now?now=2024-02-21T12:04:00Z',
      '/v1/datasets/x/iss/at?time=2024-052T12:04:00Z',
    ])
      await assert.rejects(ask(iss, url, odd), { type: 'unsuitable-column', message: /the state at 2024-02-21T12:04:00.000Z/ });
    assert.equal((await jsonOf(ask(iss, '/epochs/2024-052T12:04:00.000Z/speed', odd))).speed, 3);
  }
  const fallen = setOf([at('0').replace('12:04', '12:00'), at('0')], { columns });
  await assert.rejects(ask(iss, '/v1/datasets/x/iss/at?time=2024-052T12:01:00Z', fallen), { type: 'unsuitable-column' });
});

test('a file that says odd things about itself is shown as far as it makes sense', async () => {
  const of = async (said: Record<string, unknown>) => {
    const odd = setOf(states, { columns, about: said });
    const check = new NodeCheck();
    for (const text of odd.texts()) check.row(text);
    check.notes(said);
    await ask(iss, '/now', odd);
    await ask(iss, '/v1/datasets/x/iss/at?time=2024-052T12:01:00Z', odd);
    const whole = await jsonOf<{ ndm: { oem: object } }>(ask(iss, '/', odd));
    const parts = await Promise.all(['/comment', '/header', '/metadata'].map((url) => jsonOf<unknown>(ask(iss, url, odd))));
    return [...parts, Object.values(whole.ndm.oem).slice(0, 2)];
  };
  const oem = ['CCSDS_OEM_VERS', '2.0'];
  assert.deepEqual(await of({ comments: 'one line' }), [['one line'], {}, {}, oem]);
  assert.deepEqual(await of({ comments: ['a', null, 'b'], header: null, metadata: null }), [['a', '', 'b'], {}, {}, oem]);
  for (const comments of [{ a: '1', b: '2' }, ['a', { b: 'c' }], 5, null]) assert.deepEqual(await of({ comments }), [[], {}, {}, oem]);
  for (const header of ['text', ['list'], 7]) assert.deepEqual(await of({ header, metadata: header }), [[], {}, {}, oem]);
  assert.deepEqual(await of({ metadata: { REF_FRAME: ['a', 'b'] }, version: ['2'], id: {} }), [[], {}, { REF_FRAME: ['a', 'b'] }, oem]);
});

test('a moment long before the file was made: its accuracy is not known', async () => {
  type Told = { file: { age_days: number; accuracy: string; accuracy_km: number | null } };
  const { file } = await jsonOf<Told>(ask(iss, '/now?now=1990-01-01', set));
  assert.ok(file.age_days < -12_000);
  assert.deepEqual([file.accuracy_km, /^unknown/.test(file.accuracy)], [null, true]);
  const dayBefore = await jsonOf<Told>(ask(iss, '/now?now=2024-02-21T12:00:00Z', set));
  assert.equal(dayBefore.file.accuracy_km, 1);
});

test('of very many nodes in the comments the first and the last ten are compared', () => {
  const check = new NodeCheck();
  for (let i = 0; i < 30; i++) {
    const state = states[i % 2 === 0 ? 2 : 0] as string;
    check.row(
      state.replace(/"2024.*?"/, `"2024-02-21T12:${String(i).padStart(2, '0')}:00Z"`).replace(/"Z":-?/, i % 2 === 0 ? '"Z":-' : '"Z":'),
    );
  }
  const comments = Array.from(
    { length: 3000 },
    (_, i) => `asc. node: EPOCH = 2024-02-21T12:${String(i % 30).padStart(2, '0')}:30.000 $ LAN(DEG) = -165.8`,
  );
  assert.match(check.notes({ comments }).join(), / of 20 ascending nodes that the file names/);
});

/** The files as they are, without the formats' reader: NASA writes one element a line. */
function fileSet(xml: string): RecordSet {
  const texts = [...xml.matchAll(/<stateVector>([\s\S]*?)<\/stateVector>/g)].map(([, body = '']) => {
    const members = [...body.matchAll(/<(\w+)[^>]*>([^<]*)</g)].map(
      ([, name, value]) => `"${name}":${name === 'EPOCH' ? `"${value}"` : value}`,
    );
    return `{${members.join(',')}}`;
  });
  const comments = [...xml.matchAll(/<COMMENT>([^<]*)<|<COMMENT\/>/g)].map(([, words = '']) => words);
  return setOf(texts, { columns, about: { ...about, comments } });
}

for (const [name, count, firstSpeed, lastSpeed] of [
  ['2024-052', 5926, 7.655330269344684, 7.662248967940782],
  ['2022-042', 5524, 7.652560633937083, undefined],
  ['2024-045', 5833, 7.662747213528168, undefined],
  ['2025-057', 5413, 7.658984676624003, 7.664591953372864],
] as const) {
  const file = sharedData(`iss/ISS.OEM_J2K_EPH.${name}.xml`);
  test(`NASA's file of ${name}: counts, speeds, pages, and its own node longitudes`, { skip: file.skip }, async () => {
    const whole = fileSet(readFileSync(file.path, 'utf8'));
    const epochs = await jsonOf<string[]>(ask(iss, '/epochs', whole));
    assert.equal(epochs.length, count);
    const speed = async (epoch: string) => (await jsonOf(ask(iss, `/epochs/${epoch}/speed`, whole))).speed;
    assert.equal(await speed(epochs[0] as string), firstSpeed);
    if (lastSpeed !== undefined) assert.equal(await speed(epochs.at(-1) as string), lastSpeed);
    if (name !== '2025-057') {
      const year = name.slice(0, 4);
      const day = name === '2022-042' ? '042' : name.slice(5);
      const page = await jsonOf<string[]>(ask(iss, '/epochs?limit=20&offset=50', whole));
      assert.equal(page.length, 20);
      if (name !== '2024-045') assert.deepEqual([page[0], page[19]], [`${year}-${day}T15:20:00.000Z`, `${year}-${day}T16:36:00.000Z`]);
    }
    const check = new NodeCheck();
    for (const text of whole.texts()) check.row(text);
    assert.match(
      check.notes(whole.schema.about ?? {}).join(),
      /agree with the longitudes of 2 ascending nodes .* \(within 0\.0000\d degrees\)/,
    );
    const moved = new NodeCheck();
    for (const text of whole.texts())
      moved.row(text.replace(/T(\d\d):(\d\d):/, (_, h: string, m: string) => `T${h}:${String((Number(m) + 1) % 60).padStart(2, '0')}:`));
    assert.match(moved.notes(whole.schema.about ?? {}).join(), /do not agree|could not be compared/);
  });
}

test('an epoch is placed once, whoever asks; a failure to name its place is not kept', async () => {
  const fresh = setOf(states, { key: 'EPOCH', columns, about });
  let asked = 0;
  const place = async () => {
    if (asked++ === 0) throw new Error('the sea file is broken');
    return { text: 'over the Testing Sea', geo: {} };
  };
  await assert.rejects(ask(iss, `${FIRST}/location`, fresh, { place }), /broken/);
  const location = await jsonOf(ask(iss, `${FIRST}/location`, fresh, { place }));
  assert.deepEqual(await jsonOf(ask(iss, `${FIRST}/location`, fresh, { place })), location);
  const now = await jsonOf(ask(iss, '/now?now=2024-02-21T12:00:01Z', fresh, { place }));
  assert.deepEqual([now.latitude, now.longitude, asked], [location.latitude, location.longitude, 2]);
  await ask(iss, '/epochs/2024-052T12:04:00.000Z/location', fresh, { place });
  assert.equal(asked, 3);
});

test('of very many epochs the places of the first are let go', async () => {
  let asked = 0;
  const place = async () => ({ text: `place ${asked++}`, geo: {} });
  const request = { params: {}, query: {}, set: setOf(states), now: new Date(0), edition: 'seed' as const, place };
  const state = { timeMs: 0, positionKm: [6800, 0, 0], velocityKmPerS: [0, 7.66, 0] } satisfies State;
  const at = async (row: number) => (await placedEpoch(request, { text: '', row, state })).place.text;
  for (let row = 0; row <= 8_192; row++) await at(row);
  assert.deepEqual([await at(8_192), await at(1), await at(0)], ['place 8192', 'place 1', 'place 8193']);
});

test('what is long and asked for whole is made once for a version', async () => {
  for (const url of ['/', '/epochs']) assert.equal(await ask(iss, url, set), await ask(iss, url, set));
  assert.notEqual(await ask(iss, '/epochs', set), await ask(iss, '/epochs', setOf(states.slice(1))));
});
