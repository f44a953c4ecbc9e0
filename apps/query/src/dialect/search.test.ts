import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placesWith } from './search.ts';

const rowsOf = (...values: unknown[]) => ({
  rows: Buffer.from(values.map((v) => JSON.stringify({ name: v })).join(',\n')),
  count: values.length,
});

test('values are looked into whatever their case, names are not', async () => {
  const all = function* () {
    yield* [rowsOf('Aachen', 'Ōtsu', 12.5), rowsOf('näme', null)];
  };
  const found = async (text: string) => [...(await placesWith({ all }, text))];
  assert.deepEqual(await found('AACH'), [0]);
  assert.deepEqual(await found('ōtsu'), [1]);
  assert.deepEqual(await found('2.5'), [2]);
  assert.deepEqual(await found('name'), []);
  assert.deepEqual(await found('näme'), [3]);
});

test('a long search lets other requests have their turn', async () => {
  let [isOver, turns] = [false, 0];
  const others = () => {
    turns++;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  const slow = function* () {
    for (let chunk = 0; chunk < 20; chunk++) {
      for (const until = performance.now() + 5; performance.now() < until; );
      yield rowsOf('x');
    }
  };
  assert.equal((await placesWith({ all: slow }, 'x')).length, 20);
  isOver = true;
  assert.ok(turns >= 5, `${turns} turns in 100 ms`);
});
