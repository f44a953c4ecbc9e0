import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { ProblemError } from '@almanac/domain';
import type { Drawing, DrawRequest, FromChild, SummaryRequest, ToChild } from './protocol.ts';

export interface ChildOptions {
  /** of V8's heap, in MB; rows lie outside it */
  heapMb: number;
  /** from the last row to the answer */
  deadlineMs: number;
  /** what the child runs; tests put worse programs here */
  program?: string;
}

const PROGRAM = new URL('draw-child.ts', import.meta.url).pathname;
const ADVICE = 'Ask for fewer records or a smaller picture.';

/** One drawing process, one drawing at a time. */
export class DrawChild {
  readonly #process: ChildProcess;
  readonly #options: ChildOptions;
  #lastWords = '';
  #killedFor: ProblemError | undefined;
  #death: ProblemError | undefined;

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
    // 'close' comes after the last of stderr, which says why it ended.
    this.#process.once('close', (code, signal) => {
      this.#death = this.#diedOf(code, signal);
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.connected;
  }

  /** Resolves when the child can draw. Rejects where it cannot: a font that draws nothing, for one. */
  async ready(): Promise<void> {
    const answer = await this.#whileAlive(() => this.#answer());
    if (answer.kind === 'unfit') throw new Error(answer.reason);
  }

  /** Sends the rows as they come and waits for the pictures. Aborting kills the child: nothing else ends a drawing at once. */
  async draw(
    request: DrawRequest | SummaryRequest,
    rows: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    onRead: () => void = () => {},
  ): Promise<Drawing> {
    const kill = () => this.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      signal.throwIfAborted();
      return await this.#whileAlive(async (died) => {
        await this.#send({ kind: 'begin', request });
        await this.#sendRows(rows, died);
        onRead();
        return this.#drawing(died);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', kill);
    }
  }

  kill(because?: ProblemError): void {
    this.#killedFor ??= because;
    this.#process.kill('SIGKILL');
  }

  async #sendRows(rows: AsyncIterable<Uint8Array>, died: Promise<never>): Promise<void> {
    const iterator = rows[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await Promise.race([iterator.next(), died]);
        if (next.done === true) return;
        await this.#send({ kind: 'rows', bytes: next.value });
      }
    } catch (error) {
      iterator.return?.()?.catch(() => {});
      if (this.isAlive) await this.#send({ kind: 'forget' });
      throw error;
    }
  }

  async #drawing(died: Promise<never>): Promise<Drawing> {
    const { deadlineMs } = this.#options;
    const timer = setTimeout(() => this.kill(overdue(deadlineMs)), deadlineMs);
    try {
      const [answer] = await Promise.race([Promise.all([this.#answer(), this.#send({ kind: 'end' })]), died]);
      if (answer.kind === 'done') return answer.drawing;
      if (answer.kind === 'failed') {
        throw new ProblemError(answer.type, answer.detail, answer.errors === undefined ? {} : { errors: answer.errors });
      }
      const message = answer.kind === 'broken' ? (answer.stack ?? answer.message) : answer.kind;
      throw new Error(`the drawing broke: ${message}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Works for as long as the child lives; its end is the work's error, with the reason. */
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

  async #answer(): Promise<FromChild> {
    const [message] = await once(this.#process, 'message');
    return message as FromChild;
  }

  /** Resolves when the message has left, so that rows come no faster than the child takes them. Never, where the child is gone. */
  async #send(message: ToChild): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#process.send(message, (error) => {
        if (error === null) resolve();
      });
    });
  }

  #diedOf(code: number | null, signal: NodeJS.Signals | null): ProblemError {
    if (this.#killedFor !== undefined) return this.#killedFor;
    const how = signal === null ? `with code ${code}` : `by ${signal}`;
    if (/heap out of memory|Array buffer allocation failed|out of memory/i.test(this.#lastWords)) {
      return new ProblemError('job-failed', `The drawing needed more memory than the ${this.#options.heapMb} MB it may have. ${ADVICE}`);
    }
    return new ProblemError('job-failed', `The process that was drawing ended ${how}, and the drawing with it. ${ADVICE}`, {
      cause: new Error(this.#lastWords),
    });
  }
}

const overdue = (deadlineMs: number) =>
  new ProblemError('job-failed', `The drawing took longer than the ${deadlineMs / 1000} s it may take and was ended. ${ADVICE}`);
