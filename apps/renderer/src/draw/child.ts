import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { drawableRowBytes, ProblemError, plotLimits } from '@almanac/domain';
import { type ChildEnd, type EndReason, endOf, overdue, tooManyRows, tooMuchMemory } from './child-end.ts';
import { watchMemory } from './memory-watch.ts';
import type { ChildRequest, Computed, FromChild, ToChild } from './protocol.ts';

export interface ChildOptions {
  /** of V8's heap, in MB; rows and pixels are outside it */
  heapMb: number;
  /** of the whole process, in MB of 1,000,000 bytes */
  childMb?: number;
  /** from the last row to the result */
  deadlineMs: number;
  /** called with the reason if the process ends unexpectedly */
  onEnd?: (reason: EndReason) => void;
  /** program of the child; tests use others */
  program?: string;
}

const PROGRAM = new URL('draw-child.ts', import.meta.url).pathname;

/** One drawing process, one drawing at a time. */
export class DrawChild {
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  #lastWords = '';
  #end: ChildEnd | undefined;
  #death: ProblemError | undefined;
  #isUnwanted = false;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = fork(options.program ?? PROGRAM, {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${options.heapMb}`, '--max-semi-space-size=1'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-4000);
    });
    this.#process.on('error', (error) => {
      this.#lastWords += error.message;
    });
    // 'close' comes after the last output on stderr, which has the reason.
    this.#process.once('close', (code, signal) => {
      this.#death = this.#diedOf(code, signal);
      if (!this.#isUnwanted && this.#end !== undefined) options.onEnd?.(this.#end.reason);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.connected;
  }

  /** Resolves when the child can draw. Rejects if it cannot, for example because a font draws nothing. */
  async ready(): Promise<void> {
    const message = await this.#whileAlive(() => this.#message());
    if (message.kind === 'unfit') throw new Error(message.reason);
  }

  /** Sends the request and its rows as they arrive, and returns what the child computed. Aborting kills the child, which alone stops it at once. */
  async run(request: ChildRequest, rows: AsyncIterable<Uint8Array>, signal: AbortSignal, onRead: () => void = () => {}): Promise<Computed> {
    const kill = () => this.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      signal.throwIfAborted();
      return await this.#whileAlive(async (died) => {
        await this.#send({ kind: 'begin', request });
        const stop = this.#watch();
        try {
          await this.#sendRows(rows, this.#rowBytesBeside(request.pixels), died);
          onRead();
          return await this.#computed(died);
        } finally {
          stop();
        }
      });
    } catch (error) {
      rows[Symbol.asyncIterator]()
        .return?.()
        ?.catch(() => {});
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  /** Kills the process, for a reason or because it is no longer needed. */
  kill(because?: ChildEnd): void {
    this.#end ??= because;
    this.#isUnwanted ||= because === undefined;
    this.#process.kill('SIGKILL');
  }

  #watch(): () => void {
    const { childMb } = this.#options;
    const { pid } = this.#process;
    if (childMb === undefined || pid === undefined) return () => {};
    return watchMemory(pid, childMb * 1e6, (bytes) => this.kill(tooMuchMemory(bytes, childMb)));
  }

  #rowBytesBeside(pixels: number): number {
    return drawableRowBytes(this.#options.childMb ?? plotLimits.drawingMb.value, pixels);
  }

  async #sendRows(rows: AsyncIterable<Uint8Array>, mostBytes: number, died: Promise<never>): Promise<void> {
    const iterator = rows[Symbol.asyncIterator]();
    let bytes = 0;
    try {
      for (;;) {
        const next = await Promise.race([iterator.next(), died]);
        if (next.done === true) return;
        bytes += next.value.length;
        if (bytes > mostBytes) throw tooManyRows(bytes, mostBytes);
        await this.#send({ kind: 'rows', bytes: next.value });
      }
    } catch (error) {
      if (this.isAlive) await this.#send({ kind: 'forget' });
      throw error;
    }
  }

  async #computed(died: Promise<never>): Promise<Computed> {
    const { deadlineMs } = this.#options;
    const timer = setTimeout(() => this.kill(overdue(deadlineMs)), deadlineMs);
    try {
      const [reply] = await Promise.race([Promise.all([this.#message(), this.#send({ kind: 'end' })]), died]);
      if (reply.kind === 'done') return reply.computed;
      if (reply.kind === 'failed')
        throw new ProblemError(reply.type, reply.detail, reply.errors === undefined ? {} : { errors: reply.errors });
      throw new Error(`drawing failed: ${reply.kind === 'broken' ? (reply.stack ?? reply.message) : reply.kind}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs `work` and rejects with the reason if the child ends before it. */
  async #whileAlive<T>(work: (died: Promise<never>) => Promise<T>): Promise<T> {
    if (this.#death !== undefined) throw this.#death;
    const { promise: died, reject } = Promise.withResolvers<never>();
    died.catch(() => {});
    const onClose = (code: number | null, signal: NodeJS.Signals | null) => reject(this.#diedOf(code, signal));
    this.#process.once('close', onClose);
    try {
      return await Promise.race([work(died), died]);
    } finally {
      this.#process.off('close', onClose);
    }
  }

  async #message(): Promise<FromChild> {
    const [message] = await once(this.#process, 'message');
    return message as FromChild;
  }

  /** Resolves when the message was sent, so that rows are read no faster than the child takes them. Never resolves if the child has ended. */
  async #send(message: ToChild): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#process.send(message, (error) => {
        if (error === null) resolve();
      });
    });
  }

  #diedOf(code: number | null, signal: NodeJS.Signals | null): ProblemError {
    this.#end ??= endOf(code, signal, this.#lastWords, this.#options.heapMb);
    return this.#end.problem;
  }
}
