import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from './attack.ts';
import type { Response } from './exchange.ts';
import { judgeRun, sharedMachineRules } from './judge.ts';
import type { Usage } from './watch.ts';
import { problemOf } from './witnesses.ts';

const response = (status: number, text = '', headers: Record<string, string> = {}): Response => ({ status, headers, text, ms: 1 });
const problem = { 'content-type': 'application/problem+json' };
const get = { method: 'GET', path: '/' };

test('an error response to a hostile request needs a reason, and is never a 500, a 502 or a hang', () => {
  assert.equal(judge(get, response(200, 'anything')), undefined);
  assert.equal(judge(get, response(400, '{"detail":"The name is too long."}', problem)), undefined);
  assert.equal(
    judge(get, response(400, '{"status":"Error","message":"limit and offset"}', { 'content-type': 'application/json' })),
    undefined,
  );
  assert.equal(judge(get, { ...response(0), failure: 'closed' }), undefined);
  assert.match(judge(get, response(400, '<html>', { 'content-type': 'text/html' })) ?? '', /without a reason/);
  assert.match(judge(get, response(400, '{"detail":""}', problem)) ?? '', /without a reason/);
  assert.match(judge(get, response(500, '{"detail":"Something failed"}', problem)) ?? '', /status 500/);
  assert.match(judge(get, response(502, '{"detail":"Something failed"}', problem)) ?? '', /status 502/);
  assert.match(judge(get, response(503, '{"detail":"Try again."}', problem)) ?? '', /Retry-After/);
  assert.match(judge(get, { ...response(0), failure: 'timeout' }) ?? '', /no response/);
});

test('a witness detects a response that belongs to another request', () => {
  const request = { ...get, status: 200, isRight: (text: string) => text === 'right' };
  assert.equal(problemOf(request, response(200, 'right', { 'x-request-id': 'a' }), 'a'), undefined);
  assert.match(problemOf(request, response(200, 'right', { 'x-request-id': 'b' }), 'a') ?? '', /belongs to request b/);
  assert.match(problemOf(request, response(200, 'wrong', { 'x-request-id': 'a' }), 'a') ?? '', /wrong content/);
  assert.match(problemOf(request, response(431, '', { 'x-request-id': 'a' }), 'a') ?? '', /status 431/);
});

test('each kind of failure of witnesses and processes breaks a rule', () => {
  const attacks = { runs: {}, statuses: {}, violations: [] };
  const witness = { requests: 1000, wrong: [], wrongCount: 0, refused: 1, latencyMs: { p50: 1, p99: 2, longest: 3 }, slowest: '' };
  const usage: Usage = { name: 'query', pid: 1, hasEnded: false, startMb: 200, peakMb: 900, endMb: 240, loopDelayMs: 5 };
  assert.deepEqual(judgeRun(attacks, witness, [usage]), []);
  const broken = (change: { witness?: object; usage?: object; attacks?: object }) =>
    judgeRun({ ...attacks, ...change.attacks }, { ...witness, ...change.witness }, [{ ...usage, ...change.usage }]).join();
  assert.match(broken({ witness: { wrongCount: 1, wrong: ['x'] } }), /1 wrong responses/);
  assert.match(broken({ witness: { requests: 0, refused: 0 } }), /sent no request/);
  assert.match(broken({ witness: { refused: 2 } }), /2 of 1000 requests/);
  assert.match(broken({ witness: { latencyMs: { p50: 1, p99: 2, longest: 2001 } } }), /waited 2001 ms/);
  assert.match(broken({ usage: { hasEnded: true } }), /query \(process 1\) ended/);
  assert.match(broken({ usage: { endMb: 241 } }), /uses 241 MB/);
  assert.deepEqual(judgeRun(attacks, { ...witness, latencyMs: { p50: 1, p99: 2, longest: 2001 } }, [usage], sharedMachineRules), []);
  assert.match(broken({ attacks: { violations: [{ by: 'a', what: 'b' }] } }), /^a: b$/);
});
