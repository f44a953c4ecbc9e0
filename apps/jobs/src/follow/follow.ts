import { isTerminal, type Job } from '@almanac/domain';
import { type JobFilter, type JobQueue, listedJob } from '@almanac/job-queue';
import type { FastifyReply } from 'fastify';
import { EventStream } from './event-stream.ts';
import { inTurn } from './in-turn.ts';
import type { JobFeed } from './job-feed.ts';

/** Hints of changes may be missed: what is followed is looked at this often anyway. */
const LOOK_MS = 2000;
/** Open jobs of each status that a stream of all jobs begins with, and how many are read at once. */
const OPEN_JOBS = 500;
const PAGE = 50;
/** Changed jobs that may wait for a slow reader, by their ids. */
const MOST_MISSED = 10_000;

/** Follows one job: its record now, and again whenever it changes, until it has ended. `first` is the record as it was just read. */
export function followJob(jobs: JobQueue, first: Job, reply: FastifyReply, closing: AbortSignal): EventStream {
  const stream = new EventStream(reply, closing);
  const tell = (job: Job | undefined) => {
    if (job !== undefined) stream.send(job);
    if (job === undefined || isTerminal(job.status)) stream.end();
  };
  const look = () => {
    if (stream.isBehind || stream.isOver) return;
    void jobs.get(first.id).then(tell, () => {
      // The store is away: the next look finds it again.
    });
  };
  const ids = [first.id, first.resultOf];
  stream.atEnd(jobs.listen((changed) => changed.some((id) => ids.includes(id)) && look()));
  const timer = setInterval(look, LOOK_MS);
  stream.atEnd(() => clearInterval(timer));
  stream.onCaughtUp(look);
  tell(first);
  look();
  return stream;
}

/** Follows all jobs of a process, over a data set: those that are open now, and every change from now on. Ends when the caller leaves. */
export async function followAll(
  { jobs, feed }: { jobs: JobQueue; feed: JobFeed },
  filter: Pick<JobFilter, 'process' | 'dataset'>,
  reply: FastifyReply,
  closing: AbortSignal,
): Promise<EventStream> {
  const missed = new Set<string>();
  let stream: EventStream | undefined;
  const isMeant = (job: Job) => (filter.process ?? job.process) === job.process && (filter.dataset ?? job.dataset.id) === job.dataset.id;
  const mute = feed.follow((job) => {
    if (!isMeant(job)) return;
    if (stream !== undefined && !stream.isBehind && missed.size === 0) stream.send(job);
    else if (missed.add(job.id).size > MOST_MISSED) stream?.end();
  });
  try {
    // Before the stream begins, so that a store that is away is an error and not an empty stream.
    const open = openJobs(jobs, filter);
    const first = await open.next();
    stream = new EventStream(reply, closing);
    void sendOpen(stream, first, open).then(() => catchUp(jobs, stream as EventStream, missed));
  } catch (error) {
    mute();
    throw error;
  }
  const begun = stream;
  begun.atEnd(mute);
  begun.onCaughtUp(() => void catchUp(jobs, begun, missed));
  return begun;
}

async function sendOpen(stream: EventStream, first: IteratorResult<Job[]>, rest: AsyncGenerator<Job[]>): Promise<void> {
  try {
    for (let page = first; page.done !== true && !stream.isOver; page = await rest.next()) {
      for (const job of page.value) stream.send(job);
      await stream.caughtUp();
    }
  } catch {
    // The store is away: the client connects again, and finds what is open then.
    stream.end();
  }
}

async function* openJobs(jobs: JobQueue, filter: JobFilter): AsyncGenerator<Job[]> {
  for (const status of ['in progress', 'submitted'] as const) {
    let [count, list] = [0, await inTurn(() => jobs.list({ limit: PAGE, offset: 0 }, { ...filter, status }))];
    for (;;) {
      yield list.jobs;
      count += list.jobs.length;
      if (list.next === undefined || count >= OPEN_JOBS) break;
      const after = list.next;
      list = await inTurn(() => jobs.list({ limit: PAGE, offset: 0, after }, { ...filter, status }));
    }
  }
}

/** Sends what changed while the reader was behind, as it is now. */
async function catchUp(jobs: JobQueue, stream: EventStream, missed: Set<string>): Promise<void> {
  while (missed.size > 0 && !stream.isBehind && !stream.isOver) {
    const ids = [...missed].slice(0, PAGE);
    for (const id of ids) missed.delete(id);
    for (const job of await jobs.getAll(ids).catch(() => [])) if (job !== undefined) stream.send(listedJob(job));
  }
}
