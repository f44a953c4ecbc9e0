import { randomUUID } from 'node:crypto';
import type { Job } from '@almanac/domain';
import type { Durability } from '@almanac/job-queue';
import { datasetIn } from '@almanac/processes';
import type { FastifyRequest } from 'fastify';
import type { Context } from '../context.ts';
import { idFor } from './idempotency.ts';
import type { Submission } from './submission.ts';

export interface AcceptOptions {
  /** the Idempotency-Key, if the client sent one */
  key: string | undefined;
  durability: Durability;
}

/** Accepts a job. A repeated request with the same Idempotency-Key returns the job that the first one submitted. */
export async function acceptOnce(
  { jobs, catalogue, intake }: Pick<Context, 'jobs' | 'catalogue' | 'intake'>,
  { process, inputs, outputs }: Submission,
  { key, durability }: AcceptOptions,
  request: Pick<FastifyRequest, 'id' | 'facts' | 'body'>,
): Promise<Job> {
  const { id: datasetId, version } = datasetIn(inputs);
  const id = key === undefined ? randomUUID() : await idFor(jobs, key, request.body, randomUUID());
  const known = key === undefined ? undefined : await jobs.get(id);
  // The client may not have received the first response, so this one has to confirm the durability again.
  if (known !== undefined) return { ...known, durability: await jobs.confirm(id, durability, { queue: process.queue, isOthers: true }) };
  const dataset = await catalogue.get(datasetId, version);
  return intake.accept({ id, process, inputs: inputs as Record<string, unknown>, outputs, dataset, durability }, request);
}
