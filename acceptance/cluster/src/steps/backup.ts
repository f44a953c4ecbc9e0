import type { Client } from '@almanac/tools/client/client.ts';
import { runJob } from '@almanac/tools/client/follow-job.ts';
import { ownChart } from '@almanac/tools/deploy/helm.ts';
import { waitForRollout } from '@almanac/tools/deploy/rollout.ts';
import { settleJobs } from '../job-watch.ts';
import { deletePod, runCronJob } from '../kubernetes/disturb.ts';
import { podsOf, untilReplaced } from '../kubernetes/lives.ts';
import { storeStart } from '../kubernetes/start-up.ts';
import { differences, takeSnapshot } from '../snapshot.ts';
import type { Step } from '../step.ts';
import type { Testbed } from '../testbed.ts';

const WAITING = 5;

export const backup: Step = {
  name: 'backup',
  title: 'backup, uninstall, deletion of the volume, install with restore: the same records, jobs and pictures, and the queue continues',
  needs: 'release',
  run: async (testbed) => {
    const wrong: string[] = [];
    await testbed.timed('data sets, finished and waiting jobs', () => fill(testbed));
    const before = await takeSnapshot(await testbed.client());
    const made = await testbed.timed('backup', () =>
      runCronJob(testbed.cluster, `${testbed.settings.release}-backup`, `backup-${Date.now()}`, 300_000),
    );
    const { file, bytes, keys } = JSON.parse(made.lines.at(-1) ?? '{}') as { file: string; bytes: number; keys: number };

    await testbed.timed('uninstall, volume deleted', () => destroy(testbed));
    const restore = ['backup.restore.enabled=true', `backup.restore.file=${file}`, 'services.renderer.replicas=0'];
    const seconds = await testbed.timed('install with restore', () => testbed.install(restore.flatMap((value) => ['--set', value])));
    const start = await storeStart(testbed.cluster);
    const client = await testbed.client();
    wrong.push(...differences(before, await takeSnapshot(client)));

    const waiting = await client.json<{ items: { id: string; created: string }[] }>('GET', '/v1/jobs?status=submitted&limit=1000');
    if (waiting.items.length !== WAITING) wrong.push(`${waiting.items.length} jobs are queued after the restore, expected ${WAITING}`);
    await setRenderers(testbed, 2);
    const settled = await settleJobs(
      client,
      waiting.items.map(({ id, created }) => ({ id, at: created })),
    );
    wrong.push(...settled.wrong, ...(await survivesRestart(testbed, client)));
    const restoreSeconds = start.restoreSeconds + start.readySeconds;
    return {
      figures: {
        backupSeconds: round(made.seconds),
        backupBytes: bytes,
        backupKeys: keys,
        restoreSeconds,
        restoreSecondsPerGB: round((restoreSeconds * 1e9) / bytes),
        installWithRestoreSeconds: round(seconds),
        compared: Object.keys(before).length,
        waitingJobsDone: settled.complete,
      },
      wrong,
    };
  },
};

/** Creates a large data set, small ones, pictures of them, and jobs that wait because there is no renderer. */
async function fill(testbed: Testbed): Promise<void> {
  const client = await testbed.client();
  await client.json('PUT', '/v1/datasets/large?key=key', largeCsv(testbed.settings.dataMb), { 'content-type': 'text/csv' });
  await client.json('PUT', '/v1/datasets/small?key=key', 'key,value,note\n1,2,é\n2,,"a, b"\n', { 'content-type': 'text/csv' });
  for (const x of ['key', 'b', 'c']) await runJob(client, { dataset: 'large', type: 'histogram', x }, ['png']);
  await setRenderers(testbed, 0);
  for (let n = 0; n < WAITING; n++) {
    const inputs = { dataset: 'large', type: 'histogram', x: 'a', title: `waiting ${n}` };
    await client.json('POST', '/v1/jobs', { process: 'plot', inputs, outputs: ['png'] });
  }
}

/** Returns numbers that compress badly, the same each time (a linear congruential generator). */
function largeCsv(mb: number): string {
  const rows = ['key,a,b,c'];
  let state = 12345;
  const next = () => (state = (state * 1103515245 + 12345) % 2147483648);
  for (let length = 0, key = 0; length < mb * 1e6; key++) {
    const row = `${key},${next() / 1000},${next()},${next() / 7}`;
    rows.push(row);
    length += row.length + 1;
  }
  return `${rows.join('\n')}\n`;
}

async function setRenderers(testbed: Testbed, replicas: number): Promise<void> {
  const { release } = testbed.settings;
  await (await testbed.helm()).run([
    'upgrade',
    release,
    ownChart,
    '--reset-then-reuse-values',
    '--set',
    `services.renderer.replicas=${replicas}`,
  ]);
  await waitForRollout(testbed.cluster, { out: testbed.quiet, timeoutMs: 180_000 });
  await testbed.untilEnded();
}

async function destroy(testbed: Testbed): Promise<void> {
  await testbed.uninstall();
  await testbed.deleteData();
}

/** Checks that a restart of the store does not restore again, which would lose later writes. */
async function survivesRestart(testbed: Testbed, client: Client): Promise<string[]> {
  await client.json('PUT', '/v1/datasets/since?key=key', 'key,value\n1,1\n', { 'content-type': 'text/csv' });
  const [pod] = await podsOf(testbed.cluster, 'redis');
  if (pod === undefined) return ['the store has no pod'];
  await deletePod(testbed.cluster, pod.metadata?.name as string);
  await untilReplaced(testbed.cluster, 'redis', pod, 1);
  await waitForRollout(testbed.cluster, { out: testbed.quiet, timeoutMs: 180_000 });
  const record = await client.json<{ value: number }>('GET', '/v1/datasets/since/records/1').catch((error: Error) => error.message);
  return typeof record !== 'string' && record.value === 1
    ? []
    : [`data written after the restore is lost after a restart: ${JSON.stringify(record)}`];
}

const round = (value: number): number => Math.round(value * 10) / 10;
