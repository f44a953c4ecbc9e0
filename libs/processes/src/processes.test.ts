import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { ProblemError } from '@almanac/domain';
import { plotTypeIds, plotTypes } from '@almanac/plots';
import { Value } from 'typebox/value';
import { datasetIn, findProcess, PlotInputs, processes } from './index.ts';
import { meteorites } from './testing.ts';

test('every process names itself, its outputs and their media types', () => {
  for (const [id, process] of Object.entries(processes)) {
    assert.equal(process.id, id);
    assert.ok(readdirSync(import.meta.dirname).includes(`${id}.ts`), `${id} has a file of its name`);
    assert.deepEqual(Object.keys(process.mediaTypes), [...process.Outputs]);
    assert.match(process.version, /^\d+\.\d+\.\d+$/);
  }
});

test('an unknown process is told the nearest', () => {
  assert.equal(findProcess('plot').title, 'Plot');
  for (const id of ['plt', 'constructor']) {
    assert.throws(
      () => findProcess(id),
      (error) => error instanceof ProblemError && error.type === 'unknown-process',
    );
  }
});

test('the documented inputs hold every plot type with its parameters, and what is resolved fits them', () => {
  assert.deepEqual(
    PlotInputs.anyOf.map((each) => Object.keys(each.properties).filter((name) => name in plotTypes.bar.Params.properties).length > 0),
    plotTypeIds.map(() => true),
  );
  for (const type of plotTypeIds) {
    const { inputs } = processes.plot?.resolve({ dataset: 'stones', type }, meteorites) ?? { inputs: {} };
    assert.deepEqual([...Value.Errors(PlotInputs, inputs)], [], type);
  }
  assert.equal(Value.Check(PlotInputs, { dataset: 'stones', binz: 1 }), false);
});

test('the data set that inputs name', () => {
  assert.deepEqual(datasetIn({ dataset: 'stones' }), { id: 'stones', version: 'latest' });
  assert.deepEqual(datasetIn({ dataset: 'stones', version: '3' }), { id: 'stones', version: '3' });
  for (const inputs of [undefined, null, [], 'stones', {}, { dataset: 5 }, { dataset: 'stones', version: 3 }]) {
    assert.throws(
      () => datasetIn(inputs),
      (error) => error instanceof ProblemError && error.type === 'invalid-body',
    );
  }
});
