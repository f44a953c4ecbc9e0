import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from './problem.ts';
import { storeProblem, storeTroubleOf, troubleIn } from './store-trouble.ts';

for (const [text, expected] of [
  ["OOM command not allowed when used memory > 'maxmemory'.", 'full'],
  ["OOM command not allowed when used memory > 'maxmemory'. script: 2fa1, on @user_script:1.", 'full'],
  ["ERR Error running script (call to f_2fa1): @user_script:1: -OOM command not allowed when used memory > 'maxmemory'.", 'full'],
  [
    "ERR Error running script (call to f_2fa1): @user_script:1: @user_script: 1: -READONLY You can't write against a read only replica.",
    'replica',
  ],
  ["EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'.", 'full'],
  ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', 'busy'],
  ['BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', 'busy'],
  ['BUSY Redis is busy running a function. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.', 'busy'],
  ['ERR Error running script: Script killed by user with SCRIPT KILL. script: 2fa1, on @user_script:1.', 'busy'],
  ['LOADING Redis is loading the dataset in memory', 'loading'],
  ["READONLY You can't write against a read only replica.", 'replica'],
  [
    'ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be writable',
    'replica',
  ],
  ['NOREPLICAS Not enough good replicas to write.', 'too-few-replicas'],
  ['MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.', 'disk'],
  ['MISCONF Errors writing to the AOF file: No space left on device', 'disk'],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'away'],
  ['CLUSTERDOWN The cluster is down', 'away'],
  ['TRYAGAIN Multiple keys request during rehashing of slot', 'away'],
  ['UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)', 'away'],
  ['ERR max number of clients reached', 'away'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'away'],
  ['Connection is closed.', 'away'],
  ['Command timed out', 'away'],
  ['Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.', 'away'],
  ['connect ECONNREFUSED 127.0.0.1:6379', 'away'],
  ['connect ENOENT /run/store.sock', 'away'],
  ['read ECONNRESET', 'away'],
  ['getaddrinfo EAI_AGAIN redis', 'away'],
  ["NOPERM User jobs has no permissions to run the 'flushall' command", 'denied'],
  // Not the store's state:
  ['WRONGTYPE Operation against a key holding the wrong kind of value', undefined],
  ['BUSYGROUP Consumer Group name already exists', undefined],
  ['BUSYKEY Target key name already exists.', undefined],
  ['NOSCRIPT No matching script. Please use EVAL.', undefined],
  ['ERR value is not an integer or out of range', undefined],
  ['a text that says LOADING and BUSY and OOM', undefined],
  ["ENOENT: no such file or directory, open '/sea.json'", undefined],
] as const) {
  test(`'${text}' is ${expected ?? 'no trouble of the store'}`, () => {
    assert.equal(troubleIn(text), expected);
    assert.equal(storeTroubleOf(new Error(text)), expected);
    assert.equal(storeTroubleOf(new ProblemError('internal', text)), undefined);
    if (expected === undefined) return;
    const { status, headers, type, message } = storeProblem(expected);
    if (expected === 'full') assert.deepEqual([status, type], [507, 'store-full']);
    else {
      assert.deepEqual([status, type], [503, 'store-unavailable']);
      assert.ok(Number(headers['retry-after']) >= 1);
    }
    assert.match(message, /^The store /);
  });
}

test('a transaction of which a command was refused names the trouble of that command', () => {
  const previousErrors = [new Error("OOM command not allowed when used memory > 'maxmemory'.")];
  const aborted = Object.assign(new Error('EXECABORT Transaction discarded because of previous errors.'), { previousErrors });
  assert.equal(storeTroubleOf(aborted), 'full');
  assert.equal(storeTroubleOf(new Error('EXECABORT Transaction discarded because of previous errors.')), undefined);
});
