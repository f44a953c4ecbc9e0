import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNumberText } from './number-text.ts';

test('numbers as people write them are numbers, with nothing around them', () => {
  for (const text of ['0', '21', '-1.50', '+1.5', '.5', '5.', '007', '1e3', '-2.5E-10', '5.e1']) assert.ok(isNumberText(text), text);
  for (const text of ['', '.', '-', 'e5', '.e5', '1e', '1.2.3', '0x10', 'Infinity', 'NaN', ' 1', '1 ', '1\n', '1,5', '--1'])
    assert.equal(isNumberText(text), false, text);
});

test('a long text that is none is refused at once', () => {
  for (const tail of ['x', '.x', 'ex', '.1x']) {
    const before = process.cpuUsage();
    assert.equal(isNumberText(`${'1'.repeat(100_000)}${tail}`), false);
    const ms = process.cpuUsage(before).user / 1000;
    assert.ok(ms < 500, `${Math.round(ms)} ms`);
  }
});
