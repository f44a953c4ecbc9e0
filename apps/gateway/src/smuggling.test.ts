import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { converse, readBody, sendText, startGateway, startStub } from './testing.ts';

// Each request here could be parsed as one request by the gateway and as two by a service, or has a forbidden target.
const host = 'Host: x\r\n';
const heads: Record<string, string> = {
  'two different Content-Lengths': `${host}Content-Length: 5\r\nContent-Length: 6\r\n`,
  'Content-Length twice': `${host}Content-Length: 5\r\nContent-Length: 5\r\n`,
  'a list of Content-Lengths': `${host}Content-Length: 5, 5\r\n`,
  'a signed Content-Length': `${host}Content-Length: +5\r\n`,
  'Content-Length and Transfer-Encoding': `${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`,
  'Transfer-Encoding twice': `${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n`,
  'an unknown Transfer-Encoding': `${host}Transfer-Encoding: xchunked\r\n`,
  'a list of Transfer-Encodings': `${host}Transfer-Encoding: gzip, chunked\r\n`,
  'a vertical tab in Transfer-Encoding': `${host}Transfer-Encoding: \x0bchunked\r\n`,
  'a folded header': `${host}X-A: b\r\n c\r\nContent-Length: 5\r\n`,
  'a folded Transfer-Encoding': `${host}Transfer-Encoding:\r\n chunked\r\n`,
  'a space before the colon': `${host}Content-Length : 5\r\n`,
  'a bare LF': `${host}X-A: b\nContent-Length: 5\r\n`,
  'a bare CR': `${host}X-A: b\rX-B: c\r\n`,
  'a NUL': `${host}X-A: b\0c\r\n`,
  'two Hosts': `${host}Host: y\r\nContent-Length: 5\r\n`,
  'no Host': 'X-A: b\r\nContent-Length: 5\r\n',
  'a first header that starts with a space': ` X: y\r\n${host}`,
};
const chunked: Record<string, string> = {
  'a chunk size in C notation': '0x5\r\nhello\r\n0\r\n\r\n',
  'chunks that end with LF alone': '5\nhello\n0\n\n',
  'more data than the chunk size': '5\r\nhelloX\r\n0\r\n\r\n',
  'LF in a chunk extension': '5;a\nb\r\nhello\r\n0\r\n\r\n',
};
const targets: Record<string, string> = {
  'an absolute form': 'http://x/v1/datasets',
  'a dot segment': '/v1/datasets/../../metrics',
  'an encoded dot segment': '/v1/datasets/%2e%2E/records',
  'an escape that is not UTF-8': '/v1/datasets/x/records/%FF',
  'half an escape': '/v1/datasets/%2',
};

const stub = await startStub({ after }, async (request, answer) => sendText(answer, await readBody(request).catch(() => 'broken')));
const gateway = await startGateway({ after }, stub.url);

describe('ambiguous requests are refused', () => {
  for (const [name, head] of Object.entries(heads)) {
    test(name, async () => {
      const text = await converse(gateway.port, `POST /v1/jobs HTTP/1.1\r\n${head}\r\nhello`);
      assert.match(text, /^HTTP\/1\.1 400 /);
      assert.match(text, /problem\+json/);
      assert.match(text, /connection: close/i);
      assert.deepEqual(stub.hits, []);
    });
  }
  for (const [name, body] of Object.entries(chunked)) {
    test(name, async () => {
      const text = await converse(gateway.port, `POST /v1/jobs HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${body}`);
      assert.doesNotMatch(text, /HTTP\/1\.1 200/);
    });
  }
  for (const [name, target] of Object.entries(targets)) {
    test(name, async () => {
      const text = await converse(gateway.port, `GET ${target} HTTP/1.1\r\n${host}\r\n`);
      assert.match(text, /^HTTP\/1\.1 400 /);
      assert.match(text, /problem\+json/);
    });
  }

  test('the Connection header cannot remove Content-Length: the body is not parsed as a second request', async () => {
    stub.hits.length = 0;
    const inner = 'GET /v1/datasets HTTP/1.1\r\nHost: x\r\n\r\n';
    const head = `POST /v1/jobs HTTP/1.1\r\n${host}Connection: content-length\r\nContent-Length: ${inner.length}\r\n\r\n`;
    const text = await converse(gateway.port, head + inner);
    assert.deepEqual(stub.hits, ['POST /v1/jobs']);
    assert.ok(text.endsWith(inner));
  });

  test('a head that is too large gets 431', async () => {
    const text = await converse(gateway.port, `GET /v1/datasets HTTP/1.1\r\n${host}X: ${'y'.repeat(20_000)}\r\n\r\n`);
    assert.match(text, /^HTTP\/1\.1 431 /);
  });
});
