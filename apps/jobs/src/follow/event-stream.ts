import { isTerminal, type Job, jobLimits } from '@almanac/domain';
import { withPrefix } from '@almanac/service';
import type { FastifyReply } from 'fastify';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2000;
/** Number of jobs whose last event is remembered; an older one may be sent twice. */
const REMEMBERED = 1000;

/** Identifies one state of a record. A client that reconnects and gets the same id has missed nothing. */
const revisionOf = ({ status, progress, stage, attempts, finished }: Job): string =>
  [status, progress, stage ?? '', attempts.length, finished ?? ''].join('.').replace(/\s/g, '-');

/**
 * A text/event-stream (HTML Living Standard, 9.2) of job records as the response to a request. While the reader is behind, the caller must
 * hold records back (`isBehind`, `onCaughtUp`). If the reader stays behind for 15 s, the stream is closed; the reader gets the present
 * records when it reconnects.
 */
export class EventStream {
  readonly #reply: FastifyReply;
  readonly #sent = new Map<string, string>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #cleanups: (() => void)[] = [];
  #wasBehind = false;
  isOver = false;

  /** `closing`: aborted when the service stops, which ends the stream. */
  constructor(reply: FastifyReply, closing: AbortSignal) {
    this.#reply = reply;
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    reply.raw.write(`retry: ${RETRY_MS}\n\n`);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    reply.raw.once('close', () => this.end());
    // The signal outlives the stream, so the listener must be removed.
    const end = () => this.end();
    closing.addEventListener('abort', end);
    this.atEnd(() => closing.removeEventListener('abort', end));
    if (closing.aborted) this.end();
  }

  /** Calls `clean` when the stream ends, for whatever reason. */
  atEnd(clean: () => void): void {
    if (this.isOver) clean();
    else this.#cleanups.push(clean);
  }

  /** More bytes wait for the reader than the limit. */
  get isBehind(): boolean {
    return this.#reply.raw.writableLength > jobLimits.streamBacklogBytes.value;
  }

  /** Calls `go` each time the reader has read everything. */
  onCaughtUp(go: () => void): void {
    this.#reply.raw.on('drain', () => {
      this.#wasBehind = false;
      if (!this.isOver) go();
    });
  }

  /** Resolves at once, or when the reader has caught up or the stream is over. */
  async caughtUp(): Promise<void> {
    if (!this.isBehind || this.isOver) return;
    await new Promise<void>((resolve) => {
      this.#reply.raw.once('drain', resolve);
      this.atEnd(resolve);
    });
  }

  /** Sends the record unless it is unchanged since it was last sent. */
  send(job: Job): void {
    const revision = revisionOf(job);
    if (this.isOver || this.#sent.get(job.id) === revision) return;
    this.#sent.delete(job.id);
    this.#sent.set(job.id, revision);
    if (this.#sent.size > REMEMBERED) this.#sent.delete(this.#sent.keys().next().value as string);
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

  #beat(): void {
    if (this.isBehind && this.#wasBehind) {
      this.end();
      this.#reply.raw.destroy();
      return;
    }
    this.#wasBehind = this.isBehind;
    if (!this.isBehind) this.#reply.raw.write(': still here\n\n');
  }
}
