import { Readable } from 'node:stream';
import { type Job, ProblemError, unknownResult } from '@almanac/domain';
import type { JobQueue, ResultPlace } from '@almanac/job-queue';
import type { ResultStore } from '@almanac/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf } from '../results/stored-bytes.ts';

/** Where the PNG lies that an ended job drew. Throws why there is none. */
async function placeOf({ id, status, message, results: made }: Job, jobs: Pick<JobQueue, 'resultPlace'>): Promise<ResultPlace | undefined> {
  if (status === 'failed') throw new ProblemError('job-failed', message ?? `Job ${id} failed.`);
  if (status === 'cancelled') throw new ProblemError('gone', message ?? `Job ${id} was cancelled; it drew nothing.`);
  if (!Object.hasOwn(made, 'png')) throw unknownResult('png', Object.keys(made));
  return jobs.resultPlace(id);
}

const gone = (id: string) => new ProblemError('gone', `The picture of job ${id} is no longer kept. Submit it again.`);

/** The PNG that an ended job drew. Throws why there is none, or none any more. */
export async function pictureOf(
  job: Job,
  { jobs, results }: { jobs: Pick<JobQueue, 'resultPlace'>; results: Pick<ResultStore, 'read'> },
): Promise<Buffer> {
  const place = await placeOf(job, jobs);
  const png = place === undefined ? undefined : await results.read(place.jobId, place.token, 'png');
  if (png === undefined) throw gone(job.id);
  return png;
}

/** Sends the same, a large one in pieces as the client takes them. */
export async function sendPicture(
  job: Job,
  { jobs, results }: { jobs: Pick<JobQueue, 'resultPlace'>; results: Pick<ResultStore, 'about' | 'readPart'> },
  { method }: Pick<FastifyRequest, 'method'>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const place = await placeOf(job, jobs);
  const stored = place === undefined ? undefined : await results.about(place.jobId, place.token, 'png');
  if (place === undefined || stored === undefined) throw gone(job.id);
  reply.header('content-length', stored.bytes);
  const body = method === 'HEAD' ? Readable.from([]) : await bodyOf(results, { ...place, name: 'png', from: 0, to: stored.bytes - 1 });
  return reply.send(body as never);
}
