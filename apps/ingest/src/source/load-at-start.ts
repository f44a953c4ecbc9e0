import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@almanac/domain';
import type { CourseSettings, Profile } from '@almanac/profiles';
import { wasEverStored } from '@almanac/store';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { loadSource } from './load-source.ts';

/** Time between two attempts if the source, or the store, is unavailable. */
const AGAIN_MS = 30_000;
const SOON_MS = 500;

/**
 * Loads the source of the default data set when the service starts. Retries until it succeeds or the data set exists. It only creates: a
 * data set that a user loads meanwhile stays, and one that a user deleted stays deleted.
 */
export class LoadAtStart {
  readonly #app: FastifyInstance;
  readonly #context: Context;
  readonly #stopping = new AbortController();
  #done: Promise<void> = Promise.resolve();
  #hasLooked = false;

  constructor(app: FastifyInstance, context: Context) {
    this.#app = app;
    this.#context = context;
  }

  start(course: CourseSettings): void {
    this.#done = this.#untilLoaded(course.defaultDataset, course.defaultProfile);
  }

  /** Throws until it is known whether the data set must be loaded: until then, a reader would find nothing and would not wait. */
  check(): void {
    if (!this.#hasLooked) throw new Error('it is not known yet whether the default data set must be loaded');
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #untilLoaded(dataset: string, profile: Profile): Promise<void> {
    const { log } = this.#app;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let again = AGAIN_MS;
      try {
        const isThere = await wasEverStored(this.#context.redis, dataset);
        this.#hasLooked = true;
        if (isThere) return;
        await loadSource(this.#app, log, this.#context, { dataset, profile, onlyFirst: true, signal });
        return;
      } catch (error) {
        if (signal.aborted || (error instanceof ProblemError && error.type === 'conflict')) return;
        if (this.#context.redis.status !== 'ready') again = SOON_MS;
        else
          log.warn(
            { dataset, reason: (error as Error).message, retryMs: AGAIN_MS },
            'loading the default data set at start failed; retrying',
          );
      }
      await sleep(again, undefined, { signal }).catch(() => {});
    }
  }
}
