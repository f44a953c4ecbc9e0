import { isTerminal, type Job } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import type { FastifyReply } from 'fastify';
import { EventStream } from './event-stream.ts';

/** A notification of a change may be lost, so the record is also read at this interval. */
const CHECK_MS = 2000;

/** Streams one job: its record `first`, and again after each change, until it has ended. */
export function streamJob(jobs: JobQueue, first: Job, reply: FastifyReply, closing: AbortSignal): EventStream {
  const stream = new EventStream(reply, closing);
  const send = (job: Job | undefined) => {
    if (job !== undefined) stream.send(job);
    if (job === undefined || isTerminal(job.status)) stream.end();
  };
  const check = () => {
    if (stream.isBehind || stream.isOver) return;
    void jobs.get(first.id).then(send, () => {
      // The store is unavailable: the next check reads the record.
    });
  };
  const ids = [first.id, first.resultOf];
  stream.atEnd(jobs.listen((changed) => changed.some((id) => ids.includes(id)) && check()));
  const timer = setInterval(check, CHECK_MS);
  stream.atEnd(() => clearInterval(timer));
  stream.onCaughtUp(check);
  send(first);
  check();
  return stream;
}
