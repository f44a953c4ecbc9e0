import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, contentHash } from './content-hash.ts';

const content = {
  process: { id: 'plot', version: '1.0.0' },
  inputs: { dataset: 'stones', version: '3-0123456789abcdef', x: 'a', where: { b: { gte: 1, lt: 2 } } },
  digest: 'd1',
  outputs: ['png', 'svg'],
};

test('the order of members, of outputs and the name of the version do not change what a job computes', () => {
  const same = {
    ...content,
    inputs: { where: { b: { lt: 2, gte: 1.0 } }, x: 'a', version: '4-0123456789abcdef', dataset: 'stones' },
    outputs: ['svg', 'png'],
  };
  assert.equal(contentHash(content), contentHash(same));
  assert.match(contentHash(content), /^[0-9a-f]{64}$/);
});

test('data, inputs, outputs and the software’s version do', () => {
  const others = [
    { ...content, digest: 'd2' },
    { ...content, outputs: ['png'] },
    { ...content, inputs: { ...content.inputs, x: 'b' } },
    { ...content, inputs: { ...content.inputs, x: ['a'] } },
    { ...content, process: { id: 'plot', version: '1.0.1' } },
  ];
  assert.equal(new Set([content, ...others].map(contentHash)).size, others.length + 1);
});

test('canonical JSON is JSON', () => {
  const value = { z: [1, { b: null, a: 'ü"\n' }], a: true, gone: undefined };
  assert.equal(canonicalJson(value), '{"a":true,"z":[1,{"a":"ü\\"\\n","b":null}]}');
});
