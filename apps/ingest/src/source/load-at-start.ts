import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@almanac/domain';
import type { CourseSettings, Profile } from '@almanac/profiles';
import { wasEverStored } from '@almanac/store';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { loadSource } from './load-source.ts';

/** Between two tries at a source, or a store, that is away. */
const AGAIN_MS = 30_000;
const SOON_MS = 500;

/**
 * Loads the default data set's source while the service starts; tries until it has worked, or somebody else has loaded the set. It only
 * ever creates: what a user loads meanwhile stays, and what a user deleted stays deleted.
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

  /** Throws until it is known whether there is something to load: a reader that comes before that would find nothing, and not wait. */
  check(): void {
    if (!this.#hasLooked) throw new Error('not known yet whether the default data set is to be loaded');
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
            { dataset, reason: (error as Error).message },
            `the data set could not be loaded at start; next try in ${AGAIN_MS / 1000} s`,
          );
      }
      await sleep(again, undefined, { signal }).catch(() => {});
    }
  }
}
