import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from './failure.ts';
import { nearest } from './nearest.ts';
import { type Options, readOptions } from './options.ts';
import { table } from './table.ts';

const options: Options = {
  port: { value: 'N', short: 'p', help: '' },
  detach: { short: 'd', help: '' },
  where: { value: 'FILTER', many: true, help: '' },
};
const isUsageError = (pattern: RegExp) => (error: unknown) =>
  error instanceof Failure && error.exitCode === 2 && pattern.test(error.message);

test('options are parsed in every spelling', () => {
  const args = readOptions(['-d', '--port=5600', 'file.csv', '--where', 'a=1', '--where', 'b>2'], options, 1);
  assert.equal(args.has('detach'), true);
  assert.equal(args.integer('port', 1, 65535), 5600);
  assert.deepEqual(args.all('where'), ['a=1', 'b>2']);
  assert.deepEqual(args.words, ['file.csv']);
  assert.equal(readOptions(['-p', '1'], options).integer('port', 1, 9), 1);
});

test('a value may start with a dash, and an absent option is undefined', () => {
  assert.deepEqual(readOptions(['--where', '-x=1'], options).all('where'), ['-x=1']);
  assert.equal(readOptions([], options).integer('port', 1, 2), undefined);
  assert.deepEqual(readOptions(['--', '--port'], options, 1).words, ['--port']);
});

test('an invalid command line is rejected with the nearest valid name', () => {
  assert.throws(() => readOptions(['--prot', '1'], options), isUsageError(/--prot; did you mean --port\?/));
  assert.throws(() => readOptions(['-q'], options), isUsageError(/-q/));
  assert.throws(() => readOptions(['one'], options), isUsageError(/unexpected argument 'one'/));
  assert.throws(() => readOptions(['--port'], options), isUsageError(/port/));
  for (const bad of ['x', '0', '70000', '1.5', '']) {
    assert.throws(
      () => readOptions([`--port=${bad}`], options).integer('port', 1, 65535),
      isUsageError(/must be an integer from 1 to 65535/),
      bad,
    );
  }
});

test('the nearest name is a similar one or none', () => {
  const names = ['up', 'down', 'status', 'test'];
  assert.equal(nearest('stats', names), 'status');
  assert.equal(nearest('tset', names), 'test');
  assert.equal(nearest('st', names), 'status');
  assert.equal(nearest('frobnicate', names), undefined);
});

test('tables align', () => {
  assert.equal(
    table(
      [
        ['a', 'n'],
        ['bbb', '10'],
      ],
      [1],
    ),
    'a     n\nbbb  10',
  );
});
