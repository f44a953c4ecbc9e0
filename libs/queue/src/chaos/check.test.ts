import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRecord } from '../record.ts';
import { check } from './check.ts';
import type { Event, Happening } from './history.ts';
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
  assert.deepEqual(await check(events(good), reading([done])), { violations: [], accepted: 1, lost: [], started: 1, again: 0, crashes: 0 });
});

test('each thing that must not be is found', async () => {
  const found: [string, Happening[], Reading][] = [
    ['I1 was accepted', good, reading([])],
    ['I1 is queued', [offered, accepted], reading([record('a', 'q 100  0 0 100  ')], { list: ['a'] })],
    ['I5 ended as', [offered, accepted, started], reading([done])],
    ['I5 was ended 2 times', [...good, { ...confirmed, token: 'v:1' }], reading([done])],
    ['I5 was confirmed', [...good.slice(0, 4), { ...confirmed, outcome: 'f' }], reading([done])],
    ['I6 began twice', [...good, started], reading([done])],
    ['I6 began 2 times', [...good, { ...started, token: 'v:1' }], reading([done])],
    ['I6 counts 2', good, reading([record('a', 's 120 w:1 1 2 100 110 ', '{}', '105,107,v,lost')])],
    ['I8 began 40', [{ ...offered, delayMs: 50 }, ...good.slice(1)], reading([done])],
    ['I9 began 5', [{ what: 'cancelled', id: 'a', state: 'cancelled', server: 105 }, ...good], reading([done])],
    ['I10 began', [...good, { what: 'paused', from: 105, to: 115 }], reading([done])],
    ['I14 1 left in list', good, reading([done], { list: ['"{}"'] })],
  ];
  for (const [what, happenings, last] of found) assert.match((await wrongs(happenings, last)).join('; '), new RegExp(what));
});

test('jobs of a producer out of order are found where order is claimed', async () => {
  const second = good.map((happening) => ({ ...happening, id: 'b', token: 'w:2' }) as Happening);
  const both = reading([done, record('b', 's 120 w:2 1 0 100 110 ', '{}')]);
  assert.deepEqual(await wrongs([...good, ...second], both, { isOrdered: true }), []);
  const swapped = [offered, accepted, ...second, started, ended, confirmed];
  assert.match((await wrongs(swapped, both, { isOrdered: true })).join(), /b: I7/);
});

test('a queue that is out of order at an instant is found', () => {
  const active = record('a', 'a 110 w:1 1 0 100 110 hash=h', '');
  const right = { held: new Map([['w', ['a']]]), beats: new Map([['w', '1']]), holders: new Map([['h', 'a']]) };
  assert.deepEqual(faultsOf(reading([active], right)), []);
  assert.match(faultsOf(reading([active], { ...right, list: ['a'] })).join(), /I2 a is active .*list, held w/);
  assert.match(faultsOf(reading([active], { ...right, beats: new Map() })).join(), /I2/);
  assert.match(faultsOf(reading([active], { ...right, holders: new Map([['h', 'b']]) })).join(), /I11/);
  assert.match(faultsOf(reading([done], { held: new Map([['w', ['a']]]) })).join(), /I2 a is complete/);
  assert.match(faultsOf(reading([], { list: ['b'] })).join(), /I13 b/);
});

test('who watches sees an end that changes, and progress that goes back', () => {
  const watch = new Watch();
  const held = { held: new Map([['w', ['a']]]), beats: new Map([['w', '1']]) };
  for (const note of ['50 draw', '40 draw']) watch.see(reading([record('a', 'a 110 w:1 1 0 100 110 ', note)], held));
  watch.see(reading([done]));
  watch.see(reading([record('a', 'f 130 w:1 1 0 100 110 ', '{}')]));
  assert.equal(watch.violations.length, 2);
  assert.match(watch.violations.join('; '), /I12 .*; a: I1 was complete/);
});

test('the same seed is the same plan', () => {
  assert.deepEqual(planFaults(7, 10_000, 500), planFaults(7, 10_000, 500));
  assert.notDeepEqual(planFaults(7, 10_000, 500), planFaults(8, 10_000, 500));
});
