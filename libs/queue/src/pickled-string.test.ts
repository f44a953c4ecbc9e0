import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPickledString, writePickledString } from './pickled-string.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const text = (latin1: string) => Buffer.from(latin1, 'latin1');

test('strings as Python 2 and 3 pickle them, in every protocol', () => {
  // pickle.dumps('ok', protocol=n), and '\u00fcn\u20ac\U0001f680\\\n' where it says so
  assert.equal(readPickledString(text('Vok\np0\n.')), 'ok');
  assert.equal(readPickledString(text('V\xfcn\\u20ac\\U0001f680\\u005c\\u000a\np0\n.')), 'ün€🚀\\\n');
  assert.equal(readPickledString(bytes('8002 58 02000000 6f6b 7100 2e')), 'ok');
  assert.equal(readPickledString(bytes('8004 95 0600000000000000 8c 02 6f6b 94 2e')), 'ok');
  assert.equal(readPickledString(bytes('8005 95 0600000000000000 8c 02 6f6b 94 2e')), 'ok');
  // cPickle.dumps('ok') of Python 2: its str is a byte string
  assert.equal(readPickledString(text("S'ok'\np1\n.")), 'ok');
  assert.equal(readPickledString(text('S"it\'s"\np1\n.')), "it's");
  assert.equal(readPickledString(bytes('8002 55 02 6f6b 7101 2e')), 'ok');
});

test('integers, whole even beyond 2^53; not booleans', () => {
  assert.equal(readPickledString(text('I42\n.')), 42);
  assert.equal(readPickledString(text('L-7L\n.')), -7);
  assert.equal(readPickledString(bytes('8002 4b ff 2e')), 255);
  assert.equal(readPickledString(bytes('8002 4d 0001 2e')), 256);
  assert.equal(readPickledString(bytes('8002 4a ffffffff 2e')), -1);
  assert.equal(readPickledString(bytes('8002 8a 08 0000000000000010 2e')), 2n ** 60n);
  for (const notOne of [text('I01\n.'), text('I00\n.'), bytes('8002 88 2e'), text('I4_2\n.'), text('L0x4L\n.')])
    assert.throws(() => readPickledString(notOne), SyntaxError);
});

test('what is written is read, protocol 2', () => {
  for (const value of [
    '',
    'ok',
    'ü\0\n🚀',
    'x'.repeat(100_000),
    0,
    -1,
    127,
    128,
    -128,
    -129,
    255,
    256,
    2 ** 53 - 1,
    2n ** 64n,
    -(2n ** 63n),
  ]) {
    const pickle = writePickledString(value);
    assert.deepEqual([...pickle.subarray(0, 2)], [0x80, 2]);
    assert.equal(readPickledString(pickle), value);
  }
});

test('what is neither a string nor an integer is not written', () => {
  for (const value of [1.5, Number.NaN, 2 ** 53, '\ud800', null, {}, true, 2n ** 4000n])
    assert.throws(() => writePickledString(value as string), TypeError);
});

test('nothing else is read: no object, no call, no list, nothing behind the end', () => {
  const others = {
    'os.system("true")': text("cposix\nsystem\n(S'true'\ntR."),
    'a list': bytes('8002 5d 7100 2e'),
    'a tuple': bytes('8002 4b01 85 7100 2e'),
    none: bytes('8002 4e 2e'),
    bytes: bytes('8003 43 02 6f6b 2e'),
    'a float': bytes('8002 47 3ff0000000000000 2e'),
    'two values': bytes('8002 4b01 4b02 2e'),
    'no value': bytes('8002 2e'),
    'no end': bytes('8002 4b01'),
    'more behind the end': bytes('8002 4b01 2e 00'),
    'a length beyond the end': bytes('8002 58 ffffffff 6f6b 2e'),
    'a monstrous length': bytes('8004 8d ffffffffffffffff 6f 2e'),
    'bytes that are no UTF-8': bytes('8002 58 01000000 ff 2e'),
    'a persistent id': text('Pok\n.'),
    json: text('"ok"'),
    nothing: text(''),
  };
  for (const [what, pickle] of Object.entries(others)) assert.throws(() => readPickledString(pickle), Error, what);
});

test('any bytes at all are read or refused, in no time', () => {
  for (let i = 0; i < 20_000; i++) {
    const noise = Buffer.from(Array.from({ length: 1 + (i % 12) }, () => Math.floor(Math.random() * 256)));
    try {
      const value = readPickledString(Buffer.concat([bytes('8002'), noise]));
      assert.ok(['string', 'number', 'bigint'].includes(typeof value));
    } catch (error) {
      assert.ok(error instanceof Error && error.name !== 'AssertionError');
    }
  }
});
