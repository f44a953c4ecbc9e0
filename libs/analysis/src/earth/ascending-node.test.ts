import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ascendingNodeNear } from './ascending-node.ts';
import { unknownEarthOrientation } from './earth-orientation.ts';
import { earthRotationAt, toEarthFixed } from './earth-rotation.ts';
import { ephemerisOf } from './ephemeris.ts';
import { publishedNodes } from './node-comments.ts';
import { ephemerisOfStates, fly, issState } from './testing/flight.ts';
import { issFiles, readOem } from './testing/oem.ts';

const minutes = 60_000;
const start = issState.timeMs;
const grid = (stepMs: number, untilMs: number) => Array.from({ length: untilMs / stepMs + 1 }, (_, i) => start + i * stepMs);

test('the node is where the flight crosses the equator of date northwards', () => {
  const ephemeris = ephemerisOfStates(fly(issState, grid(4 * minutes, 200 * minutes)));
  const node = ascendingNodeNear(ephemeris, start);
  assert.ok(node);
  const [state] = fly(issState, [node.timeMs]);
  assert.ok(state);
  const { positionKm, velocityKmPerS } = toEarthFixed(state, earthRotationAt(node.timeMs, unknownEarthOrientation));
  assert.ok(Math.abs(positionKm[2]) < 1e-4, `${positionKm}`); // 10 cm
  assert.ok(velocityKmPerS[2] > 5);
  assert.ok(Math.abs((Math.atan2(positionKm[1], positionKm[0]) * 180) / Math.PI - node.longitudeDeg) < 1e-6);
});

test('of the nodes before and after a time the closer is taken, wherever one asks from', () => {
  const ephemeris = ephemerisOfStates(fly(issState, grid(4 * minutes, 300 * minutes)));
  const last = ephemeris.timesMs.at(-1) as number;
  const nodes = [...new Set(grid(minutes, 300 * minutes).map((time) => ascendingNodeNear(ephemeris, time)?.timeMs as number))];
  assert.equal(nodes.length, 3); // 300 minutes hold three crossings, an orbit of 92.9 minutes apart
  for (let i = 1; i < nodes.length; i++)
    assert.ok(Math.abs((nodes[i] as number) - (nodes[i - 1] as number) - 92.8 * minutes) < 0.3 * minutes);
  for (let time = start - 50 * minutes; time < last + 50 * minutes; time += 7 * minutes) {
    const closest = nodes.toSorted((a, b) => Math.abs(a - time) - Math.abs(b - time))[0];
    assert.equal(ascendingNodeNear(ephemeris, time)?.timeMs, closest, `${(time - start) / minutes}`);
  }
});

test('a span without a crossing has no node', () => {
  const node = (untilMs: number) => ascendingNodeNear(ephemerisOfStates(fly(issState, grid(4 * minutes, untilMs))), start);
  assert.equal(node(32 * minutes), undefined);
  assert.notEqual(node(36 * minutes), undefined);
  assert.equal(node(0), undefined);
  assert.equal(ascendingNodeNear(ephemerisOf(new Float64Array(), new Float64Array(), new Float64Array()), start), undefined);
});

for (const { day, path, skip } of issFiles)
  test(`NASA's own nodes of ${day} are met within 0.00003 degrees (3 m) and a millisecond`, { skip }, () => {
    const { ephemeris, comments } = readOem(path);
    const published = publishedNodes(comments);
    assert.equal(published.length, 2);
    for (const { timeMs, longitudeDeg } of published) {
      const node = ascendingNodeNear(ephemeris, timeMs);
      assert.ok(node && Math.abs(node.longitudeDeg - longitudeDeg) < 3e-5, `${node?.longitudeDeg}, published ${longitudeDeg}`);
      assert.ok(Math.abs(node.timeMs - timeMs) < 1, `${node.timeMs - timeMs} ms`);
    }
  });
