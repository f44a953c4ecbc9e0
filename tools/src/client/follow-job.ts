import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../system/failure.ts';
import type { Client, JobRecord } from './client.ts';

const ended = new Set(['complete', 'failed', 'cancelled']);

/** Submits a job and waits for its end. Throws a Failure with the reason of the job if it does not complete. */
export async function runJob(
  client: Client,
  inputs: Readonly<Record<string, unknown>>,
  outputs: readonly string[],
  onProgress: (job: JobRecord) => void = () => {},
): Promise<JobRecord> {
  let job = await client.json<JobRecord>('POST', '/v1/jobs', { process: 'plot', inputs, outputs }, { prefer: 'wait=2' });
  while (!ended.has(job.status)) {
    onProgress(job);
    await sleep(150);
    job = await client.json<JobRecord>('GET', `/v1/jobs/${job.id}`);
  }
  if (job.status !== 'complete') {
    throw new Failure(
      `The job ${job.status === 'failed' ? 'failed' : 'was cancelled'}: ${job.problem?.detail ?? job.message ?? 'no reason given'}`,
    );
  }
  return job;
}
