import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadPlan } from './plan.ts';
import type { LoadReport } from './report.ts';

/** A load in its own process: work in this process must not delay the clients. */
export class LoadProcess {
  readonly #child: ChildProcess;

  constructor(plan: LoadPlan) {
    this.#child = fork(join(import.meta.dirname, 'main.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
    this.#child.send(plan);
  }

  async stop(): Promise<LoadReport> {
    const ended = once(this.#child, 'exit').then(([code]) =>
      Promise.reject(new Error(`the load generator ended with ${code} before its report`)),
    );
    const report = once(this.#child, 'message').then(([message]) => message as LoadReport);
    this.#child.send('stop');
    const result = await Promise.race([report, ended]);
    ended.catch(() => {});
    return result;
  }
}
