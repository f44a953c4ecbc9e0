import { isTerminal, type Job } from '@almanac/domain';
import type { JobQueue } from '@almanac/job-queue';
import { withPrefix } from '@almanac/service';
import type { FastifyReply } from 'fastify';

const HEARTBEAT_MS = 15_000;
/** Hints of changes may be missed: what is followed is looked at this often anyway. */
const LOOK_MS = 2000;
const RETRY_MS = 2000;

/** Names one state of a record: who reconnects with it and finds it unchanged has missed nothing. */
const revisionOf = ({ status, progress, stage, attempts, finished }: Job): string =>
  [status, progress, stage ?? '', attempts.length, finished ?? ''].join('.').replace(/\s/g, '-');

/** A text/event-stream (HTML Living Standard, 9.2) of job records on one answer. */
class EventStream {
  readonly #reply: FastifyReply;
  readonly #told = new Map<string, string>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #cleanups: (() => void)[] = [];
  isOver = false;

  /** `closing`: aborted when the service stops, which ends the stream. */
  constructor(reply: FastifyReply, closing: AbortSignal) {
    this.#reply = reply;
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    reply.raw.write(`retry: ${RETRY_MS}\n\n`);
    this.#heartbeat = setInterval(() => reply.raw.write(': still here\n\n'), HEARTBEAT_MS);
    reply.raw.once('close', () => this.end());
    // Streams come and go while the service lives: none may stay known to its signal.
    const end = () => this.end();
    closing.addEventListener('abort', end);
    this.atEnd(() => closing.removeEventListener('abort', end));
    if (closing.aborted) this.end();
  }

  /** To be done at the end, whoever brings it about. */
  atEnd(clean: () => void): void {
    if (this.isOver) clean();
    else this.#cleanups.push(clean);
  }

  /** Sends the record, unless it is as it was sent last. */
  send(job: Job): void {
    const revision = revisionOf(job);
    if (this.isOver || this.#told.get(job.id) === revision) return;
    this.#told.set(job.id, revision);
    if (isTerminal(job.status) && this.#told.size > 10_000) this.#told.delete(job.id);
    const event = isTerminal(job.status) ? 'result' : job.status === 'in progress' ? 'progress' : 'status';
    this.#reply.raw.write(`event: ${event}\nid: ${revision}\ndata: ${JSON.stringify(withPrefix(job, this.#reply.request.prefix))}\n\n`);
  }

  end(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearInterval(this.#heartbeat);
    for (const clean of this.#cleanups) clean();
    this.#reply.raw.end();
  }
}

/** Follows one job: its record now, and again whenever it changes, until it has ended. `first` is the record as it was just read. */
export function followJob(jobs: JobQueue, first: Job, reply: FastifyReply, closing: AbortSignal): void {
  const stream = new EventStream(reply, closing);
  const tell = (job: Job | undefined) => {
    if (job !== undefined) stream.send(job);
    if (job === undefined || isTerminal(job.status)) stream.end();
  };
  const look = () =>
    void jobs.get(first.id).then(tell, () => {
      // The store is away: the next look finds it again.
    });
  const ids = [first.id, first.resultOf];
  stream.atEnd(jobs.listen((changed) => changed.some((id) => ids.includes(id)) && look()));
  const timer = setInterval(look, LOOK_MS);
  stream.atEnd(() => clearInterval(timer));
  tell(first);
  look();
}

/** Follows all jobs that pass `isMeant`: those that are open now, and every change from now on. Ends when the caller leaves. */
export async function followAll(jobs: JobQueue, isMeant: (job: Job) => boolean, reply: FastifyReply, closing: AbortSignal): Promise<void> {
  const open = await Promise.all((['in progress', 'submitted'] as const).map((status) => jobs.list({ limit: 500, offset: 0 }, { status })));
  const stream = new EventStream(reply, closing);
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = async () => {
    timer = undefined;
    const ids = [...changed];
    changed = new Set();
    for (const job of await jobs.getAll(ids).catch(() => [])) if (job !== undefined && isMeant(job)) stream.send(job);
  };
  // Many changes in a moment are read together.
  const hear = (ids: readonly string[]) => {
    for (const id of ids) changed.add(id);
    timer ??= setTimeout(() => void tell(), 20);
  };
  stream.atEnd(jobs.listen(hear));
  stream.atEnd(() => clearTimeout(timer));
  for (const job of open.flatMap((list) => list.jobs).filter(isMeant)) stream.send(job);
}
