import type { Redis } from 'ioredis';
import { withinDeadline } from './deadline.ts';
import { dataKeys } from './keys.ts';

/** A later reply is ignored: the waiting requests get 503, and the next batch asks again. */
const REPLY_MS = 5_000;

interface Waiter {
  id: string;
  resolve: (version: string) => void;
  reject: (error: unknown) => void;
}

/**
 * Reads versions from the store, one round trip for all waiting requests. A request joins the batch that is not sent yet,
 * never one that is sent: so each version is at least as new as its request, which makes reads linearizable.
 */
export class VersionBatch {
  readonly #redis: Redis;
  #waiting: Waiter[] = [];
  #isBusy = false;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** `<seq> <digest>` as it is in the store after this call began; the empty text if there is no such data set. */
  read(id: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, resolve, reject });
      if (this.#isBusy) return;
      this.#isBusy = true;
      setImmediate(() => void this.#send());
    });
  }

  async #send(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      const versions = await withinDeadline(this.#ask([...new Set(batch.map(({ id }) => id))]), REPLY_MS, 'reading versions');
      for (const { id, resolve } of batch) resolve(versions.get(id) as string);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    if (this.#waiting.length > 0) setImmediate(() => void this.#send());
    else this.#isBusy = false;
  }

  async #ask(ids: readonly string[]): Promise<Map<string, string>> {
    const replies = await Promise.all(ids.map((id) => this.#redis.hmget(dataKeys(id).manifest, 'seq', 'digest')));
    return new Map(ids.map((id, i) => [id, versionText(replies[i] as (string | null)[])]));
  }
}

/** A tombstone has a number and no digest: for a reader it is nothing. */
const versionText = ([seq, digest]: (string | null)[]): string => (seq && digest ? `${seq} ${digest}` : '');
