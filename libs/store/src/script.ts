import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from 'ioredis';

type Argument = string | number | Buffer;

/** A Lua script that the store runs in one step. Sent by its hash; by its text only if the store does not know it yet. */
export class Script {
  readonly #text: string;
  readonly #sha: string;

  constructor(file: string) {
    this.#text = readFileSync(join(import.meta.dirname, 'lua', file), 'utf8');
    this.#sha = createHash('sha1').update(this.#text).digest('hex');
  }

  async run<R = [string, number]>(redis: Redis, keys: readonly string[], args: readonly Argument[]): Promise<R> {
    try {
      return (await redis.evalsha(this.#sha, keys.length, ...keys, ...args)) as R;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return (await redis.eval(this.#text, keys.length, ...keys, ...args)) as R;
    }
  }
}

/** A list as the scripts read it: its length, then its items. */
export const counted = (items: readonly Argument[]): Argument[] => [items.length, ...items];
