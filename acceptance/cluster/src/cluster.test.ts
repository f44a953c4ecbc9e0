import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { clusterOptions } from '@almanac/tools/commands/cluster.ts';
import { readOptions } from '@almanac/tools/system/options.ts';
import { accountObjects, namespaceObject, quotaObject } from './account.ts';
import { killProcess, processOf } from './container-process.ts';
import { gather } from './gather.ts';
import { describeFailures, judgeFaultless, loadFigures } from './judge.ts';
import type { FailedRequest, LoadReport } from './load/report.ts';
import { chooseSteps } from './run.ts';
import { settingsOf } from './settings.ts';
import { differences } from './snapshot.ts';
import { judgeKill } from './steps/kill.ts';
import { steps } from './steps/registry.ts';

const failure = (more: Partial<FailedRequest>): FailedRequest => ({
  at: '2026-01-01T00:00:10.000Z',
  connection: 'new',
  isReused: false,
  method: 'GET',
  path: '/v1/datasets/x/records/1',
  status: 0,
  error: 'ECONNRESET',
  ms: 100,
  ...more,
});
const kinds = ['keep-alive GET read', 'new GET read', 'keep-alive POST submit', 'new POST submit', 'keep-alive PUT put', 'new PUT put'];
const report = (failures: FailedRequest[] = []): LoadReport => ({
  from: '',
  to: '',
  requests: 600,
  byKind: Object.fromEntries(kinds.map((kind) => [kind, 100])),
  failed: failures.length,
  failures,
  latencyMs: { p50: 1, p99: 2, longest: 3 },
  longestGapMs: 4,
  jobs: [{ id: 'a', at: '' }],
  sets: [
    { dataset: 'd', acknowledged: 4, sent: 5 },
    { dataset: 'e', acknowledged: -1, sent: 0 },
  ],
});

test('every step has a file, and can be selected by name', () => {
  const files = readdirSync(join(import.meta.dirname, 'steps')).filter((name) => name !== 'registry.ts');
  assert.deepEqual(steps.map(({ name }) => `${name}.ts`).sort(), files.sort());
  assert.deepEqual(
    chooseSteps(['store', 'install']).map(({ name }) => name),
    ['install', 'store'],
  );
  assert.equal(chooseSteps([]).length, steps.length);
  assert.throws(() => chooseSteps(['stor']), /--only stor: must be one of account, .*did you mean store\?/);
});

test('the command line is validated', () => {
  const settings = (...args: string[]) => settingsOf(readOptions(args, clusterOptions, 1));
  assert.deepEqual(settings('--set', 'a=b', '--set-string', 'c=7').set, ['--set', 'a=b', '--set-string', 'c=7']);
  assert.deepEqual(settings('--tag', '1').tags, ['1', '1-b']);
  assert.deepEqual(settings('--services', 'jobs,query').services, ['jobs', 'query']);
  assert.throws(() => settings('--services', 'job'), /--services job: must be one of gateway, ingest/);
});

test('a load without one kind of request, or without any, fails although no request failed', () => {
  assert.deepEqual(judgeFaultless(report()), []);
  const { 'new PUT put': _, ...fewer } = report().byKind;
  assert.deepEqual(judgeFaultless({ ...report(), byKind: fewer }), ['the load had no new PUT']);
  assert.match(judgeFaultless({ ...report(), requests: 99 }).join(), /only 99 requests/);
  assert.match(judgeFaultless({ ...report(), jobs: [] }).join(), /no job/);
  assert.equal(loadFigures(report()).dataSetsWritten, 5);
});

test('failures are reported by kind, the most frequent first', () => {
  const text = describeFailures(3, [
    failure({}),
    failure({ method: 'POST', path: '/v1/jobs' }),
    failure({ path: '/v1/datasets/x/records/2' }),
  ]);
  assert.match(text, /^3 requests failed: new GET \/v1\/datasets\/x\/records\/N: ECONNRESET \(2\); new POST \/v1\/jobs: ECONNRESET \(1\)$/);
});

test('when a pod is killed, only requests in flight may fail; for the gateway also new connections until the node notices', () => {
  const killed = { at: Date.parse('2026-01-01T00:00:10.050Z'), how: 'kill -9', backSeconds: 1 };
  const after = failure({ at: '2026-01-01T00:00:11.000Z', error: 'ECONNREFUSED' });
  assert.deepEqual(judgeKill(report([failure({})]), killed, 'query'), []);
  assert.match(judgeKill(report([after]), killed, 'query').join(), /1 requests failed/);
  assert.deepEqual(judgeKill(report([after]), killed, 'gateway'), []);
  assert.match(judgeKill(report([{ ...after, at: '2026-01-01T00:00:14.000Z' }]), killed, 'gateway').join(), /1 requests failed/);
  assert.match(
    judgeKill(report([{ ...after, status: 502 }]), killed, 'gateway').join(),
    /1 requests failed/,
    'a response is not a refused connection',
  );
  assert.match(
    judgeKill(report([failure({ at: '2026-01-01T00:00:09.900Z', ms: 10 })]), killed, 'query').join(),
    /1 requests failed/,
    'the request had ended before',
  );
});

test('the parts of a step are added up, and failures keep the name of their part', () => {
  const part = (failedRequests: number, p99Ms: number, wrong: string[]) => ({ figures: { requests: 10, failedRequests, p99Ms }, wrong });
  const { figures, wrong } = gather({ a: part(1, 7, []), b: part(2, 5, ['x']) });
  assert.deepEqual(figures, {
    requests: 20,
    failedRequests: 3,
    p99Ms: 7,
    'a.requests': 10,
    'a.failedRequests': 1,
    'b.requests': 10,
    'b.failedRequests': 2,
  });
  assert.deepEqual(wrong, ['b: x']);
});

test('a snapshot shows what is missing, new or different', () => {
  assert.deepEqual(differences({ a: '1', b: '1', c: '1' }, { a: '1', b: '2', d: '1' }), ['b is different', 'c is missing', 'd is new']);
});

test('the account has a Role in its namespace, never a ClusterRole', () => {
  assert.deepEqual(
    accountObjects().map(({ kind }) => kind),
    ['ServiceAccount', 'Role', 'RoleBinding'],
  );
  assert.equal(namespaceObject('x').metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted');
  assert.equal(quotaObject('1', '2Gi').spec.hard['requests.memory'], '2Gi');
});

test('the process of a container on another machine is not found', () => {
  assert.equal(processOf(`containerd://${'0123456789abcdef'.repeat(4)}`), undefined);
  assert.equal(processOf(''), undefined);
});

test('a process that must not be killed is reported without an error', async () => {
  const own = spawn('sleep', ['60']);
  assert.equal(killProcess(own.pid as number), true);
  assert.deepEqual(await once(own, 'exit'), [null, 'SIGKILL']);
  if (process.geteuid?.() !== 0) return void assert.equal(killProcess(1), false);
  const [nobody, somebody] = [65_534, 65_533];
  const other = spawn('sleep', ['60'], { uid: somebody });
  process.seteuid?.(nobody);
  try {
    assert.equal(killProcess(other.pid as number), false);
  } finally {
    process.seteuid?.(0);
    other.kill('SIGKILL');
  }
});
