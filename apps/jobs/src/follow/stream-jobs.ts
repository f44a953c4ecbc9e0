import type { Job } from '@almanac/domain';
import { type JobFilter, type JobQueue, listedJob } from '@almanac/job-queue';
import type { FastifyReply } from 'fastify';
import { EventStream } from './event-stream.ts';
import type { JobFeed } from './job-feed.ts';
import { readListStep } from './list-step.ts';

/** Open jobs of each status that a stream of all jobs begins with, and how many are read at once. */
const OPEN_JOBS = 500;
const PAGE = 50;
/** Ids of changed jobs that are kept for a slow reader. */
const MAX_MISSED = 10_000;

/** Streams all jobs of a process or a data set: those that are open now, and every later change, until the caller disconnects. */
export async function streamJobs(
  { jobs, feed }: { jobs: JobQueue; feed: JobFeed },
  filter: Pick<JobFilter, 'process' | 'dataset'>,
  reply: FastifyReply,
  closing: AbortSignal,
): Promise<EventStream> {
  const missed = new Set<string>();
  let stream: EventStream | undefined;
  const matches = (job: Job) => (filter.process ?? job.process) === job.process && (filter.dataset ?? job.dataset.id) === job.dataset.id;
  const stop = feed.follow((job) => {
    if (!matches(job)) return;
    if (stream !== undefined && !stream.isBehind && missed.size === 0) stream.send(job);
    else if (missed.add(job.id).size > MAX_MISSED) stream?.end();
  });
  try {
    // Before the stream begins, so that an unavailable store is an error and not an empty stream.
    const open = openJobs(jobs, filter);
    const first = await open.next();
    const begun = new EventStream(reply, closing);
    stream = begun;
    begun.atEnd(stop);
    begun.onCaughtUp(() => void sendMissed(jobs, begun, missed));
    void sendOpen(begun, first, open).then(() => sendMissed(jobs, begun, missed));
    return begun;
  } catch (error) {
    stop();
    throw error;
  }
}

async function sendOpen(stream: EventStream, first: IteratorResult<Job[]>, rest: AsyncGenerator<Job[]>): Promise<void> {
  try {
    for (let page = first; page.done !== true && !stream.isOver; page = await rest.next()) {
      for (const job of page.value) stream.send(job);
      await stream.caughtUp();
    }
  } catch {
    // The store is unavailable: the client reconnects and gets the jobs that are open then.
    stream.end();
  }
}

async function* openJobs(jobs: JobQueue, filter: JobFilter): AsyncGenerator<Job[]> {
  for (const status of ['in progress', 'submitted'] as const) {
    let [count, list] = [0, await readListStep(() => jobs.list({ limit: PAGE, offset: 0 }, { ...filter, status }))];
    for (;;) {
      yield list.jobs;
      count += list.jobs.length;
      if (list.next === undefined || count >= OPEN_JOBS) break;
      const after = list.next;
      list = await readListStep(() => jobs.list({ limit: PAGE, offset: 0, after }, { ...filter, status }));
    }
  }
}

/** Sends the current records of the jobs that changed while the reader was behind. */
async function sendMissed(jobs: JobQueue, stream: EventStream, missed: Set<string>): Promise<void> {
  while (missed.size > 0 && !stream.isBehind && !stream.isOver) {
    const ids = [...missed].slice(0, PAGE);
    for (const id of ids) missed.delete(id);
    for (const job of await jobs.getAll(ids).catch(() => [])) if (job !== undefined) stream.send(listedJob(job));
  }
}
