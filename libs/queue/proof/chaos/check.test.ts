import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecord } from '../../src/record.ts';
import { check } from './check.ts';
import type { Event, Happening } from './history.ts';
import { countViolations, exchangeFaults, type Invariant, invariants } from './invariants.ts';
import { planFaults } from './nemesis.ts';
import { faultsOf, type Reading } from './reading.ts';
import { Watch } from './watch.ts';

const record = (id: string, head: string, note = '', past = '') => parseRecord(id, `${head.replaceAll(' ', '\t')}\n{}\n${note}\n${past}`);
const reading = (records: ReturnType<typeof record>[], more: Partial<Reading> = {}): Reading => ({
  records: new Map(records.map((r) => [r.id, r])),
  list: [],
  delayed: [],
  inboxes: new Map(),
  held: new Map(),
  wishes: new Map(),
  beats: new Map(),
  followers: new Map(),
  holders: new Map(),
  lost: 0,
  ...more,
});

/** The life of a job as it should be: offered, accepted at 100, begun and ended by w:1. */
const offered: Happening = { what: 'offered', id: 'a', producer: 'p', delayMs: 0, hash: '', isUrgent: false };
const accepted: Happening = { what: 'accepted', id: 'a', as: 'new', created: 100 };
const started: Happening = { what: 'started', id: 'a', token: 'w:1', started: 110 };
const ended: Happening = { what: 'ended', id: 'a', token: 'w:1', outcome: 's' };
const confirmed: Happening = { what: 'confirmed', id: 'a', token: 'w:1', outcome: 's' };
const good = [offered, accepted, started, ended, confirmed];
const done = record('a', 's 120 w:1 1 0 100 110 ', '{}');
const events = (happenings: Happening[]): Event[] => happenings.map((happening, at) => ({ at, ...happening }));
const wrongs = async (happenings: Happening[], last: Reading, allows = {}) => (await check(events(happenings), last, allows)).violations;

test('a life as it should be is not complained of', async () => {
  const counts = { offered: 1, accepted: 1, done: 1, lost: [], started: 1, again: 0, crashes: 0 };
  assert.deepEqual(await check(events(good), reading([done])), { violations: [], ...counts });
});

const active = record('a', 'a 110 w:1 1 0 100 110 hash=h');
const inOrder = { held: new Map([['w', ['a']]]), beats: new Map([['w', '1']]), holders: new Map([['h', 'a']]) };
const second = good.map((happening) => ({ ...happening, id: 'b', token: 'w:2' }) as Happening);
const both = reading([done, record('b', 's 120 w:2 1 0 100 110 ', '{}')]);

/** What somebody who watches a queue finds wrong with what they see of it, one look after the other. */
function watched(...looks: Reading[]): string[] {
  const watch = new Watch();
  for (const look of looks) watch.see(look);
  return watch.violations;
}

/** For each invariant, runs and queues in which it is broken, and what is said of that. */
const broken: Record<Invariant, [says: string, found: () => string[] | Promise<string[]>][]> = {
  I1: [
    ['a: I1 was accepted and is gone', () => wrongs(good, reading([]))],
    ['a: I1 is queued at the end', () => wrongs([offered, accepted], reading([record('a', 'q 100  0 0 100  ')], { list: ['a'] }))],
    [
      'a: I1 was complete (w:1) and is failed (w:1)',
      () => watched(reading([done]), reading([record('a', 'f 130 w:1 1 0 100 110 ', '{}')])),
    ],
  ],
  I2: [
    ['I2 a is active (w:1) and lies in [list, held w]', () => faultsOf(reading([active], { ...inOrder, list: ['a'] }))],
    ['I2 a is queued () and lies in []', () => faultsOf(reading([record('a', 'q 100  0 0 100  ')]))],
    ['I2 a is complete (w:1) and lies in [list]', () => faultsOf(reading([done], { list: ['a'] }))],
  ],
  I3: [['I3 a is in the index without a record', () => faultsOf({ ...reading([]), records: new Map([['a', undefined]]) })]],
  I4: [
    ['I4 a is active (w:1) and lies in [held w]', () => faultsOf(reading([active], { ...inOrder, beats: new Map([['w', 'x']]) }))],
    ['I4 a is active (w:1) and lies in [held v]', () => faultsOf(reading([active], { ...inOrder, held: new Map([['v', ['a']]]) }))],
    ['I4 a is complete (w:1) and lies in [held w]', () => faultsOf(reading([done], { held: new Map([['w', ['a']]]) }))],
  ],
  I5: [
    ["a: I5 ended as 'w:1 s', which no handler said", () => wrongs([offered, accepted, started], reading([done]))],
    ['a: I5 was ended 2 times: w:1 s, v:1 s', () => wrongs([...good, { ...confirmed, token: 'v:1' }], reading([done]))],
    ["a: I5 was confirmed as 'w:1 f' and is 'w:1 s'", () => wrongs([...good.slice(0, 4), { ...confirmed, outcome: 'f' }], reading([done]))],
  ],
  I6: [
    ['a: I6 began twice under one token', () => wrongs([...good, started], reading([done]))],
    [
      'a: I6 began 2 times, and its record tells of 0 attempts before the last',
      () => wrongs([...good, { ...started, token: 'v:1' }], reading([done])),
    ],
    ['a: I6 counts 2 crashes and tells 1', () => wrongs(good, reading([record('a', 's 120 w:1 1 2 100 110 ', '{}', '105,107,v,lost')]))],
  ],
  I7: [
    [
      'b: I7 began before one that was put earlier',
      () => wrongs([offered, accepted, { ...offered, id: 'b' }, ...second.slice(2), started, ended, confirmed], both, { isOrdered: true }),
    ],
  ],
  I8: [['a: I8 began 40 ms before it was due', () => wrongs([{ ...offered, delayMs: 50 }, ...good.slice(1)], reading([done]))]],
  I9: [
    [
      "a: I9 began 5 ms after the answer 'cancelled' to a request to cancel it",
      () => wrongs([{ what: 'cancelled', id: 'a', state: 'cancelled', server: 105 }, ...good], reading([done])),
    ],
  ],
  I10: [['a: I10 began while the queue was paused', () => wrongs([...good, { what: 'paused', from: 105, to: 115 }], reading([done]))]],
  I11: [
    ['I11 a is open with h, and that is held by b', () => faultsOf(reading([active], { ...inOrder, holders: new Map([['h', 'b']]) }))],
    [
      'b: I11 does not say what a says',
      () => wrongs([...good, { ...offered, id: 'b' }], reading([done, record('b', 's 120 w:1 0 0 100  of=a', '"other"')])),
    ],
  ],
  I12: [
    [
      'a: I12 progress went back to 40 draw',
      () => watched(...['50 draw', '40 draw'].map((note) => reading([record('a', 'a 110 w:1 1 0 100 110 hash=h', note)], inOrder))),
    ],
  ],
  I13: [['I13 b lies in list and is not in the index', () => faultsOf(reading([], { list: ['b'] }))]],
  I14: [['I14 1 left in list', () => wrongs(good, reading([done], { list: ['"{}"'] }))]],
  I15: [
    ['I15 a came out 1 times too few', () => exchangeFaults(['a', 'b'], ['b'])],
    ['I15 b came out 1 times too often', () => exchangeFaults(['a', 'b'], ['b', 'a', 'b'])],
  ],
};

for (const name of Object.keys(invariants) as Invariant[]) {
  test(`${name} is found where it is broken: ${invariants[name]}`, async () => {
    for (const [says, find] of broken[name]) {
      const found = await find();
      assert.ok(found.includes(says), `'${says}' among ${JSON.stringify(found)}`);
      assert.ok((countViolations(found).get(name) ?? 0) >= 1, 'and counted');
    }
  });
}

test('what is in order is not complained of', async () => {
  assert.deepEqual(faultsOf(reading([active], inOrder)), []);
  assert.deepEqual(await wrongs([...good, ...second], both, { isOrdered: true }), []);
  assert.deepEqual(exchangeFaults(['a', 'b', 'a'], ['b', 'a', 'a']), []);
  assert.deepEqual(watched(reading([active], inOrder), reading([done])), []);
});

test('the same seed is the same plan', () => {
  assert.deepEqual(planFaults(7, 10_000, 500), planFaults(7, 10_000, 500));
  assert.notDeepEqual(planFaults(7, 10_000, 500), planFaults(8, 10_000, 500));
});
