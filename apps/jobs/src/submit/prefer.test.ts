import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitSeconds } from './prefer.ts';

test('the preference to wait is found among others, capped, and passed over where it cannot be read', () => {
  const cases: [string | string[] | undefined, number][] = [
    ['wait=5', 5],
    ['respond-async, wait=10', 10],
    ['respond-async; wait="7"', 7],
    ['WAIT = 3', 3],
    [['return=minimal', 'wait=2'], 2],
    ['wait=600', 60],
    ['wait=0', 0],
    ['wait=-1', 0],
    ['wait=1.5', 0],
    ['wait=99999999999999999999', 0],
    ['waiting=5', 0],
    ['', 0],
    [undefined, 0],
  ];
  for (const [header, seconds] of cases) assert.equal(waitSeconds(header), seconds, String(header));
});
