import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Work that runs until it is stopped, and then returns a report. */
export interface Stoppable<Report> {
  stop(): Promise<Report>;
}

/** The child process: the first message is the plan, the second is `stop`, the reply is the report. */
export function messageChannel<Plan, Report>(start: (plan: Plan) => Stoppable<Report>): void {
  let work: Stoppable<Report> | undefined;
  process.on('message', async (message: Plan | 'stop') => {
    if (message !== 'stop') work = start(message as Plan);
    else if (work !== undefined) process.send?.(await work.stop(), () => process.disconnect());
  });
  process.once('disconnect', () => process.exit(0));
}

/** The parent process: runs a module that calls `messageChannel` in a child process. */
export class WorkProcess<Plan extends object, Report> implements Stoppable<Report> {
  readonly #child: ChildProcess;

  constructor(module: string, plan: Plan) {
    this.#child = fork(module, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
    this.#child.send(plan);
  }

  async stop(): Promise<Report> {
    const ended = once(this.#child, 'exit').then(([code]) => Promise.reject(new Error(`the process ended with ${code} before its report`)));
    const report = once(this.#child, 'message').then(([message]) => message as Report);
    this.#child.send('stop');
    const result = await Promise.race([report, ended]);
    ended.catch(() => {});
    return result;
  }
}
