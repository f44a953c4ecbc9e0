import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawableRowBytes, drawingMb, drawingMemory, plotLimits } from './index.ts';

const MiB = 2 ** 20;

test('the largest picture of 100,000 records fits into one drawing process, and all of them into the container', () => {
  assert.ok(drawingMb(plotLimits.pixels.value, 100_000 * 3 * 8) <= plotLimits.drawingMb.value);
  for (const [memory, processors, set] of [
    [1024, 2, undefined],
    [2048, 4, 4],
    [1024, 1, 2],
    [4096, 16, undefined],
    [640, 8, undefined],
  ] as const) {
    const { children, childMb } = drawingMemory({ processors, memoryBytes: memory * MiB, children: set });
    assert.ok(childMb >= plotLimits.drawingMb.value, `${memory} MiB: ${children} of ${childMb} MB`);
    assert.ok(children * childMb + plotLimits.rendererMb.value <= (memory * MiB) / 1e6);
  }
  assert.deepEqual(drawingMemory({ processors: 2, memoryBytes: 1024 * MiB }), { children: 2, childMb: 456 });
  assert.deepEqual(drawingMemory({ processors: 8, memoryBytes: 1024 * MiB }), { children: 2, childMb: 456 });
});

test('what an operator sets is taken as it is; there is always one process', () => {
  assert.deepEqual(drawingMemory({ processors: 4, memoryBytes: 2048 * MiB, childMb: 900 }), { children: 2, childMb: 900 });
  assert.deepEqual(drawingMemory({ processors: 4, memoryBytes: 2048 * MiB, children: 3, childMb: 500 }), { children: 3, childMb: 500 });
  assert.equal(drawingMemory({ processors: 4, memoryBytes: 256 * MiB }).children, 1);
  assert.equal(drawingMemory({ processors: 64, memoryBytes: 2 ** 40 }).childMb, 2048);
});

test('rows and pixels share the memory of a process', () => {
  assert.ok(drawableRowBytes(440, 640 * 480) > 70e6, 'three million records of three columns');
  assert.equal(drawableRowBytes(440, 1e9), 0);
  const rows = drawableRowBytes(2048, plotLimits.pixels.value);
  assert.ok(Math.abs(drawingMb(plotLimits.pixels.value, rows) - 2048) < 1);
});
