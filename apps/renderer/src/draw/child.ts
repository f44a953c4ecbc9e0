import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { ProblemError } from '@almanac/domain';
import type { Drawing, DrawRequest, FromChild, ToChild } from './protocol.ts';

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
  readonly #ended: Promise<ProblemError>;
  #lastWords = '';
  #killedFor: ProblemError | undefined;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = fork(options.program ?? PROGRAM, {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${options.heapMb}`],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-4000);
    });
    this.#process.on('error', (error) => {
      this.#lastWords += error.message;
    });
    // 'close' comes after the last of stderr, which says why it ended.
    this.#ended = new Promise((resolve) => this.#process.once('close', (code, signal) => resolve(this.#died(code, signal))));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null && this.#process.connected;
  }

  /** Resolves when the child can draw. Rejects where it cannot: a font that draws nothing, for one. */
  async ready(): Promise<void> {
    const answer = await this.#answer();
    if (answer.kind === 'unfit') throw new Error(answer.reason);
  }

  /** Sends the rows as they come and waits for the pictures. Aborting kills the child: nothing else ends a drawing at once. */
  async draw(request: DrawRequest, rows: AsyncIterable<Uint8Array>, signal: AbortSignal, onRead: () => void = () => {}): Promise<Drawing> {
    const kill = () => this.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      signal.throwIfAborted();
      await this.#send({ kind: 'begin', request });
      try {
        for await (const bytes of rows) await this.#send({ kind: 'rows', bytes });
      } catch (error) {
        if (this.isAlive) await this.#send({ kind: 'forget' });
        throw error;
      }
      onRead();
      return await this.#drawing();
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

  async #drawing(): Promise<Drawing> {
    const { deadlineMs } = this.#options;
    const timer = setTimeout(() => this.kill(overdue(deadlineMs)), deadlineMs);
    try {
      const answered = this.#answer();
      answered.catch(() => {});
      await this.#send({ kind: 'end' });
      const answer = await answered;
      if (answer.kind === 'done') return answer.drawing;
      if (answer.kind === 'failed')
        throw new ProblemError(answer.type, answer.detail, answer.errors === undefined ? {} : { errors: answer.errors });
      throw Object.assign(new Error(`drawing failed: ${'message' in answer ? answer.message : answer.kind}`), {
        stack: 'stack' in answer ? answer.stack : undefined,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** The next message; rejects where the child ends instead. */
  async #answer(): Promise<FromChild> {
    const done = new AbortController();
    try {
      return await Promise.race([
        once(this.#process, 'message', { signal: done.signal }).then(([message]) => message as FromChild),
        this.#ended.then((problem) => Promise.reject(problem)),
      ]);
    } finally {
      done.abort();
    }
  }

  /** Resolves when the message has left, so that rows come no faster than the child takes them. */
  async #send(message: ToChild): Promise<void> {
    const failed = await new Promise<boolean>((resolve) => {
      this.#process.send(message, (error) => resolve(error !== null));
    });
    if (failed) throw await this.#ended;
  }

  #died(code: number | null, signal: NodeJS.Signals | null): ProblemError {
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
